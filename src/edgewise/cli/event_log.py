"""What the server tells of itself beside its request lines: the handler of Python's own logging."""

from __future__ import annotations

import json
import logging
import sys

from edgewise.http.traces import trace_of
from edgewise.wire.times import timestamp

_COLOURS = {logging.WARNING: 33, logging.ERROR: 31, logging.CRITICAL: 31}


class PlainFormatter(logging.Formatter):
    """An event as a person reads it, in colour where `has_colour`."""

    def __init__(self, has_colour: bool) -> None:
        super().__init__()
        self._has_colour = has_colour

    def format(self, record: logging.LogRecord) -> str:
        level = record.levelname.lower()
        if self._has_colour and record.levelno in _COLOURS:
            level = f"\x1b[{_COLOURS[record.levelno]}m{level}\x1b[0m"
        time = timestamp(int(record.created * 1000))[11:23]
        text = f"{time} {level}: {_message(record)}"
        error = _error(record)
        return f"{text}\n{trace_of(error)}" if error else text


class JsonFormatter(logging.Formatter):
    """An event as a JSON object on one line, alike to a request line."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": timestamp(int(record.created * 1000)),
            "event": "log",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        error = _error(record)
        if error:
            event["error"] = trace_of(error)
        return json.dumps(event, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """What a record says; asyncio adds lines with the values of what failed."""
    message = record.getMessage()
    return message.partition("\n")[0] if record.name == "asyncio" else message


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def configure_events(is_json: bool, has_colour: bool) -> None:
    """Write our own events, and the warnings of the libraries, to stderr. Replaces an earlier configuration."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if is_json else PlainFormatter(has_colour))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("edgewise").setLevel(logging.INFO)
