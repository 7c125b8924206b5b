"""Events beside the request lines: JSON on one line, or as a person reads them."""

import io
import json
import logging
import sys

import pytest

from edgewise.cli.event_log import JsonFormatter, PlainFormatter, configure_events


def _record(level: int = logging.WARNING, **fields) -> logging.LogRecord:
    record = logging.LogRecord("edgewise.http", level, "file.py", 1, "no %s", ("token",), None)
    record.__dict__.update(created=1.5, **fields)
    return record


def test_an_event_in_json():
    assert json.loads(JsonFormatter().format(_record())) == {
        "time": "1970-01-01T00:00:01.500Z",
        "event": "log",
        "level": "warning",
        "logger": "edgewise.http",
        "message": "no token",
    }


def test_an_event_for_a_person():
    assert PlainFormatter(has_colour=False).format(_record()) == "00:00:01.500 warning: no token"
    assert "\x1b[33mwarning\x1b[0m" in PlainFormatter(has_colour=True).format(_record())


@pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter(has_colour=False)])
def test_an_event_tells_its_cause(formatter):
    try:
        raise ValueError("the disk is full")
    except ValueError:
        text = formatter.format(_record(exc_info=sys.exc_info()))
    assert "ValueError: the disk is full" in text
    assert len(text.splitlines()) == 1 or isinstance(formatter, PlainFormatter)


def test_our_events_and_the_warnings_of_others_are_written(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_events(is_json=False, has_colour=False)
    logging.getLogger("edgewise.http").info("of ours")
    logging.getLogger("uvicorn.error").info("chatter of others")
    logging.getLogger("uvicorn.error").warning("warning of others")
    assert [line.partition(" ")[2] for line in written.getvalue().splitlines()] == [
        "info: of ours",
        "warning: warning of others",
    ]
