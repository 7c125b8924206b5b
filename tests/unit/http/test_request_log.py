"""Every request leaves one line, written in order, a batch at a time, and nothing secret in it."""

import asyncio
import io
import json
import re
import threading

import pytest

from edgewise.http import request_log
from edgewise.http.request_log import (
    FLUSH_S,
    RequestLine,
    RequestLog,
    colour_line,
    json_line,
    plain_line,
)
from tests.unit.http.asgi import AT, PORTAL_ID, TOKEN, application, ask

ANSI = re.compile(r"\x1b\[\d+m")


class Stream(io.StringIO):
    """Text written to it, write by write; `gate` holds writers up while it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []
        self.flushes = 0
        self.gate = threading.Event()
        self.gate.set()

    def write(self, text: str) -> int:
        self.gate.wait(10)
        self.writes.append(text)
        return len(text)

    def flush(self) -> None:
        self.flushes += 1

    @property
    def lines(self) -> list[str]:
        return "".join(self.writes).splitlines()


def _line(path: str = "/p", status: int = 200, method: str = "GET") -> RequestLine:
    return RequestLine(AT, method, path, status, 1_234, PORTAL_ID, "c0ffee")


def _path(line: RequestLine) -> str:
    return line.path


async def _until_written(stream: Stream, count: int) -> None:
    async with asyncio.timeout(5):
        while len(stream.lines) < count:
            await asyncio.sleep(FLUSH_S / 10)


# Gathering and writing.


async def test_a_line_appears_by_itself_within_the_promised_time():
    stream = Stream()
    log = RequestLog(_path, stream)
    log.record(_line("/a"))
    assert stream.writes == []
    await _until_written(stream, 1)
    assert stream.writes == ["/a\n"]
    assert stream.flushes == 1
    await log.close()


async def test_many_lines_are_one_write_in_their_order():
    stream = Stream()
    log = RequestLog(_path, stream)
    paths = [f"/{number}" for number in range(1_000)]
    for path in paths:
        log.record(_line(path))
    await _until_written(stream, 1_000)
    assert stream.lines == paths
    assert len(stream.writes) == 1
    await log.close()


async def test_lines_that_come_while_others_are_written_follow_them():
    stream = Stream()
    log = RequestLog(_path, stream)
    log.record(_line("/1"))
    await asyncio.sleep(0)
    stream.gate.clear()
    await asyncio.sleep(FLUSH_S * 1.5)
    for number in range(2, 6):
        log.record(_line(f"/{number}"))
    await asyncio.sleep(FLUSH_S * 1.5)
    assert stream.writes == []
    stream.gate.set()
    await _until_written(stream, 5)
    assert stream.writes == ["/1\n", "/2\n/3\n/4\n/5\n"]
    log.record(_line("/6"))
    await _until_written(stream, 6)
    assert stream.lines[-1] == "/6"
    await log.close()


async def test_closing_writes_what_is_left():
    stream = Stream()
    log = RequestLog(_path, stream)
    for number in range(3):
        log.record(_line(f"/{number}"))
    await log.close()
    assert stream.lines == ["/0", "/1", "/2"]


async def test_closing_waits_for_what_is_being_written_and_writes_the_rest_after_it():
    stream = Stream()
    log = RequestLog(_path, stream)
    stream.gate.clear()
    log.record(_line("/1"))
    await asyncio.sleep(FLUSH_S * 1.5)
    log.record(_line("/2"))
    closing = asyncio.create_task(log.close())
    await asyncio.sleep(0.02)
    assert not closing.done()
    stream.gate.set()
    await closing
    assert stream.lines == ["/1", "/2"]
    await asyncio.sleep(FLUSH_S * 1.5)
    assert stream.lines == ["/1", "/2"]


async def test_a_reader_who_left_stops_neither_requests_nor_the_end():
    stream = Stream()
    log = RequestLog(_path, stream)

    def refuse(text: str) -> int:
        raise BrokenPipeError

    stream.write, write = refuse, stream.write  # type: ignore[method-assign]
    log.record(_line("/1"))
    await asyncio.sleep(FLUSH_S * 1.5)
    stream.write = write  # type: ignore[method-assign]
    log.record(_line("/2"))
    await log.close()
    assert stream.lines[0] == "/2"
    assert stream.lines[1].startswith("1 request lines were dropped")


async def test_closing_a_log_without_lines_writes_nothing():
    stream = Stream()
    log = RequestLog(_path, stream)
    await log.close()
    await log.close()
    assert stream.writes == []


async def test_lines_that_nobody_reads_are_dropped_and_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(request_log, "_WAITING_MAX", 5)
    stream = Stream()
    log = RequestLog(_path, stream)
    for number in range(12):
        log.record(_line(f"/{number}"))
    await _until_written(stream, 6)
    assert stream.lines[:5] == [f"/{number}" for number in range(5)]
    assert stream.lines[5].startswith("7 request lines were dropped")
    log.record(_line("/later"))
    await log.close()
    assert stream.lines[6:] == ["/later"]


# The forms of a line.


def test_a_json_line_is_an_object_with_everything_that_is_told():
    line = json_line(_line('/crm/é "x"\n', 207, "POST"))
    assert "\n" not in line
    assert json.loads(line) == {
        "event": "request",
        "time": "2026-09-21T14:13:20.123Z",
        "method": "POST",
        "path": '/crm/é "x"\n',
        "status": 207,
        "duration_ms": 1.234,
        "portal": PORTAL_ID,
        "correlation_id": "c0ffee",
    }


def test_a_plain_line_is_read_at_a_glance():
    assert plain_line(_line()) == "14:13:20.123 200 GET    /p 1.2 ms c0ffee"
    assert plain_line(_line(status=404, method="DELETE")).startswith("14:13:20.123 404 DELETE /p ")


@pytest.mark.parametrize(
    ("status", "colour"), [(200, 32), (204, 32), (207, 32), (400, 33), (404, 33), (500, 31)]
)
def test_a_coloured_line_is_the_plain_one_with_its_status_in_colour(status: int, colour: int):
    line = _line(status=status)
    assert ANSI.sub("", colour_line(line)) == plain_line(line)
    assert f"\x1b[{colour}m{status}\x1b[0m" in colour_line(line)


@pytest.mark.parametrize("path", ["/a\nb", "/a\r\nb", "/\x1b[31mred", "/a\u2028b", "/a\x00"])
def test_a_path_cannot_forge_a_line_or_colour_one(path: str):
    for line in (plain_line(_line(path)), ANSI.sub("", colour_line(_line(path)))):
        assert line.isprintable()
        assert line.count("c0ffee") == 1


def test_a_path_in_another_script_stays_readable():
    assert " /crm/größe/名 " in plain_line(_line("/crm/größe/名"))


# From requests.


@pytest.mark.parametrize("form", [json_line, plain_line, colour_line])
async def test_a_request_leaves_one_line_without_its_token_its_query_or_its_properties(form):
    stream = Stream()
    log = RequestLog(form, stream)
    app = application(request_log=log)
    for token, path in (
        (TOKEN, "/crm/v3/objects/contacts"),
        (None, "/crm/v3/objects/contacts"),
        (TOKEN, "/x"),
    ):
        body = {"properties": {"email": "ann@example.com"}}
        await ask(app, "POST", path, body, query="hapikey=hush&after=5", token=token)
    await log.close()
    assert len(stream.lines) == 3
    text = "".join(stream.writes)
    for secret in (TOKEN, "Bearer", "hush", "hapikey", "after", "?", "ann@example.com", "email"):
        assert secret not in text


async def test_a_line_says_what_was_answered():
    stream = Stream()
    log = RequestLog(json_line, stream)
    app = application(request_log=log)
    answers = [
        await ask(app, "GET", "/crm/v3/objects/contacts"),
        await ask(app, "GET", "/crm/v3/objects/contacts/5"),
        await ask(app, "GET", "/crm/v3/objects/contacts", token=None),
        await ask(app, "DELETE", "/crm/v3/objects/contacts"),
    ]
    await log.close()
    told = [json.loads(line) for line in stream.lines]
    assert [each["status"] for each in told] == [answer.status for answer in answers] == [200, 404, 401, 405]
    assert [each["correlation_id"] for each in told] == [
        answer.header("x-hubspot-correlation-id") for answer in answers
    ]
    assert [each["portal"] for each in told] == [PORTAL_ID, PORTAL_ID, 0, 0]
    assert [each["method"] for each in told] == ["GET", "GET", "GET", "DELETE"]
    assert all(each["duration_ms"] >= 0 for each in told)
