"""Failures of ours are told once for each cause, counted, and without anybody's values."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from edgewise.domain.errors import Unavailable
from edgewise.http import mishaps
from edgewise.http.mishaps import Mishaps

VALUE = "@".join(("ada", "example.com"))


def _failed(cause: Exception | None = None) -> Unavailable:
    try:
        raise Unavailable("the database cannot be read or written") from cause
    except Unavailable as error:
        return error


class Told(logging.Handler):
    """What the log is told."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        assert record.exc_info is None
        self.texts.append(record.getMessage())


@pytest.fixture
def told() -> Iterator[list[str]]:
    handler = Told()
    logging.getLogger("edgewise.http").addHandler(handler)
    yield handler.texts
    logging.getLogger("edgewise.http").removeHandler(handler)


async def test_a_store_that_fails_is_told_once_with_its_cause_and_then_counted(told, monkeypatch):
    monkeypatch.setattr(mishaps, "SUMMED_UP_S", 0.05)
    noted = Mishaps()
    for number in range(215):
        noted.store_failed(_failed(OSError(28, "No space left on device")), f"id-{number}")
    (first,) = told
    line, _, trace = first.partition("\n")
    why = "the database cannot be read or written (OSError: [Errno 28] No space left on device)"
    assert line == f"store failed, correlation id id-0: {why}"
    assert "test_mishaps.py" in trace
    await asyncio.sleep(0.2)
    assert told[1:] == [f"store failed, and 214 more in the last 0 s: {why}"]
    noted.store_failed(_failed(OSError(28, "No space left on device")), "id-later")
    assert told[-1] == f"store failed, correlation id id-later: {why}"
    noted.store_failed(_failed(), "id-other")
    assert told[-1].startswith("store failed, correlation id id-other: the database cannot be")
    assert "Traceback" in told[-1]


async def test_what_was_counted_is_told_at_the_end(told):
    noted = Mishaps()
    for number in range(3):
        noted.store_failed(_failed(), str(number))
    noted.close()
    assert "and 2 more" in told[-1]


async def test_a_fault_of_the_program_is_told_each_time_and_traced_once(told):
    noted = Mishaps()
    for number in range(3):
        try:
            int(VALUE)
        except ValueError as error:
            noted.request_failed(error, f"id-{number}")
    assert [f"id-{number}: ValueError at " in each for number, each in enumerate(told)] == [True] * 3
    assert ["Traceback" in each for each in told] == [True, False, False]
    assert VALUE not in "".join(told)
