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
def test_an_event_tells_its_cause_and_no_value_that_may_be_in_it(formatter):
    value = "@".join(("ada", "example.com"))
    try:
        try:
            int(value)
        except ValueError as error:
            raise OSError(28, "No space left on device", value) from error
    except OSError:
        text = formatter.format(_record(exc_info=sys.exc_info()))
    assert "OSError: No space left on device" in text
    assert "ValueError" in text
    assert "test_event_log.py" in text
    assert value not in text
    assert len(text.splitlines()) == 1 or isinstance(formatter, PlainFormatter)


def test_what_asyncio_says_of_a_task_is_told_without_what_the_task_knows():
    message = "Task exception was never retrieved\nfuture: <Task exception=ValueError('ada@example.com')>"
    record = logging.LogRecord("asyncio", logging.ERROR, "file.py", 1, message, (), None)
    assert (
        PlainFormatter(has_colour=False).format(record).endswith(" error: Task exception was never retrieved")
    )


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
