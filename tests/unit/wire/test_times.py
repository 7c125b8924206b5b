"""Moments are printed in UTC with milliseconds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.wire.times import timestamp

LAST_MS = 253_402_300_799_999
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@given(st.integers(0, LAST_MS))
@settings(max_examples=200, deadline=None)
def test_a_moment_is_printed_as_the_standard_library_prints_it(milliseconds: int):
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    assert timestamp(milliseconds) == moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@given(st.integers(0, LAST_MS))
@settings(max_examples=50, deadline=None)
def test_a_printed_moment_reads_back(milliseconds: int):
    assert datetime.fromisoformat(timestamp(milliseconds)) == EPOCH + timedelta(milliseconds=milliseconds)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (999, "1970-01-01T00:00:00.999Z"),
        (1_000, "1970-01-01T00:00:01.000Z"),
        (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
        (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
        (LAST_MS, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_milliseconds_are_never_trimmed(milliseconds: int, text: str):
    assert timestamp(milliseconds) == text


def test_moments_of_one_second_differ():
    assert [timestamp(5_000 + each) for each in (0, 40, 400)] == [
        "1970-01-01T00:00:05.000Z", "1970-01-01T00:00:05.040Z", "1970-01-01T00:00:05.400Z"
    ]  # fmt: skip


def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch):
    import time

    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Kolkata")
        time.tzset()
        assert timestamp(77_000) == "1970-01-01T00:01:17.000Z"
    time.tzset()
