"""Requests that two readers of HTTP may read differently: each is read in one way, and so is the next one."""

import re
from collections.abc import Iterator

import pytest

from tests.support.parsing import NEXT, ODD, Odd
from tests.support.raw import Raw
from tests.support.server import Server

SHORT = {"head_timeout_s": 2.0, "body_timeout_s": 2.0, "body_pause_s": 2.0, "keep_alive_s": 2.0}
NEXT_STATUS = 404
IN_PIECES_MAX = 2_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose patience is soon over, so that a request it takes for unfinished is seen."""
    with Server(tmp_path_factory.mktemp("parsed"), database="memory://", **SHORT) as server:
        yield server


def _whole(data: bytes) -> list[bytes]:
    return [data]


def _by_lines(data: bytes) -> list[bytes]:
    return re.split(rb"(?<=\n)", data)


def _by_bytes(data: bytes) -> list[bytes]:
    return [data] if len(data) > IN_PIECES_MAX else [bytes([each]) for each in data]


@pytest.mark.parametrize("pieces_of", [_whole, _by_lines, _by_bytes])
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.says)
def test_what_can_be_read_two_ways_is_read_in_one(server: Server, odd: Odd, pieces_of):
    statuses, bodies = _answers(server.url, pieces_of(odd.data + NEXT))
    assert statuses == [*odd.statuses, *([NEXT_STATUS] if odd.goes_on else [])]
    assert not any(b"/smuggled" in body for body in bodies)
    assert (b'path /next"' in bodies[-1]) == odd.goes_on


def _answers(url: str, pieces: list[bytes]) -> tuple[list[int], list[bytes]]:
    """The answers on one connection, until the one to `NEXT` or the connection's end."""
    answers = []
    with Raw(url) as client:
        try:
            for piece in pieces:
                client.send(piece)
        except ConnectionError:
            pass  # it had enough before all was sent
        try:
            while not answers or b'path /next"' not in answers[-1].body:
                answers.append(client.answer())
        except (EOFError, ConnectionError):
            pass
    return [each.status for each in answers], [each.body for each in answers]


def test_no_two_requests_are_odd_in_the_same_way():
    assert len({odd.data for odd in ODD}) == len({odd.says for odd in ODD}) == len(ODD) > 80
