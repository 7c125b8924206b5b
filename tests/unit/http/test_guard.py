"""The guard gives places to connections, looks after them, and answers what no application sees."""

import asyncio
import io
import json
from typing import Any

from edgewise.http.guard import Guard, Limits
from edgewise.http.request_log import RequestLog, json_line
from edgewise.http.traffic import Traffic
from edgewise.wire.quirks import quirks_of
from edgewise.wire.refusals import RequestMalformed
from tests.unit.http.asgi import StillClock


class _Connection:
    """A connection that is idle since a time, or at work."""

    def __init__(self, since: float = 0.0, is_at_work: bool = False) -> None:
        self.since = since
        self.is_at_work = is_at_work
        self.is_cut_off = False
        self.checks: list[float] = []
        self.is_gone = False
        self.listened = 0

    def is_idle(self) -> bool:
        return not self.is_at_work

    def check(self, now: float, passed_s: float) -> None:
        self.checks.append(passed_s)

    def cut_off(self) -> None:
        self.is_cut_off = True

    def listen(self) -> bool:
        self.listened += not self.is_gone
        return not self.is_gone


def _guard(connections_max: int, timeout_s: float = 10.0, request_log: RequestLog | None = None) -> Guard:
    limits = Limits(connections_max, 100, 100, 100, timeout_s, timeout_s, timeout_s, timeout_s, timeout_s)
    return Guard(limits, quirks_of("documented", {}), StillClock(), request_log, Traffic())


def _in_a_loop(test: Any) -> None:
    asyncio.run(test())


def test_the_longest_idle_makes_way():
    async def admit() -> None:
        guard = _guard(3)
        youngest, oldest, working = _Connection(3.0), _Connection(1.0), _Connection(0.0, is_at_work=True)
        assert all(guard.admit(each) for each in (youngest, oldest, working))
        assert guard.admit(_Connection(4.0))
        assert [each.is_cut_off for each in (youngest, oldest, working)] == [False, True, False]
        assert guard.admit(_Connection(5.0))
        assert youngest.is_cut_off

    _in_a_loop(admit)


def test_one_that_worked_since_it_was_seen_idle_is_not_the_longest_idle_any_more():
    async def admit() -> None:
        guard = _guard(3)
        first, second, third = _Connection(1.0), _Connection(2.0), _Connection(3.0)
        for each in (first, second, third):
            guard.admit(each)
        assert guard.admit(_Connection(4.0))
        second.since = 9.0
        assert guard.admit(_Connection(5.0))
        assert [each.is_cut_off for each in (first, second, third)] == [True, False, True]

    _in_a_loop(admit)


def test_where_all_are_at_work_there_is_no_place_until_one_is_done_or_gone():
    async def admit() -> None:
        guard = _guard(2)
        busy = [_Connection(is_at_work=True), _Connection(is_at_work=True)]
        assert all(guard.admit(each) for each in busy)
        refused = _Connection()
        assert not guard.admit(refused)
        assert not refused.is_cut_off, "it is told why first"
        busy[0].is_at_work = False
        guard.has_idle = True
        assert guard.admit(_Connection(is_at_work=True))
        assert busy[0].is_cut_off
        assert not guard.admit(_Connection())
        guard.leave(busy[1])
        assert guard.admit(_Connection())

    _in_a_loop(admit)


def test_too_many_to_be_told_are_cut_off():
    async def admit() -> None:
        guard = _guard(1)
        guard.admit(_Connection(is_at_work=True))
        refused = [_Connection() for _ in range(200)]
        assert not any(guard.admit(each) for each in refused)
        assert [each.is_cut_off for each in refused] == [False] * 100 + [True] * 100
        guard.leave(refused[0])
        after = _Connection()
        guard.admit(after)
        assert not after.is_cut_off

    _in_a_loop(admit)


def test_every_connection_is_looked_after_as_long_as_it_is_there():
    async def watch() -> None:
        guard = _guard(1, timeout_s=0.16)
        served, refused, gone = _Connection(is_at_work=True), _Connection(), _Connection()
        for each in (served, refused, gone):
            guard.admit(each)
        guard.leave(gone)
        while len(served.checks) < 3:
            await asyncio.sleep(0.01)
        assert len(refused.checks) == len(served.checks)
        assert gone.checks == []
        assert all(passed_s >= 0.015 for passed_s in served.checks)
        guard.leave(served)
        guard.leave(refused)
        await asyncio.sleep(0.05)  # nobody is there, so it looks no more
        late = _Connection()
        assert guard.admit(late)
        while not late.checks:
            await asyncio.sleep(0.01)

    _in_a_loop(watch)


def test_of_all_who_send_on_one_is_listened_to_at_a_time():
    async def listen() -> None:
        guard = _guard(9)
        first, gone, _, third = crowd = [_Connection() for _ in range(4)]
        gone.is_gone = True
        for each in crowd:
            guard.listen_later(each)
        heard = []
        while third.listened == 0:
            await asyncio.sleep(0)
            now = [each.listened for each in crowd]
            if not heard or heard[-1] != now:
                heard.append(now)
        assert heard == [[0, 0, 0, 0], [1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 1, 1]]
        guard.listen_later(first)
        while first.listened < 2:
            await asyncio.sleep(0.001)

    _in_a_loop(listen)


def test_of_too_many_who_send_on_whoever_waits_for_longest_is_cut_off():
    async def listen() -> None:
        guard = _guard(9)
        crowd = [_Connection() for _ in range(66)]
        for each in crowd:
            guard.listen_later(each)
        assert [each.is_cut_off for each in crowd] == [True] * 2 + [False] * 64

    _in_a_loop(listen)


def test_a_refusal_is_noted_without_what_was_asked():
    written = io.StringIO()

    async def answer() -> Any:
        request_log = RequestLog(json_line, written)
        answer = _guard(1, request_log=request_log).answer(RequestMalformed())
        await request_log.close()
        return answer

    answer_ = asyncio.run(answer())
    line = json.loads(written.getvalue())
    assert (line["method"], line["path"], line["status"]) == ("-", "-", 400)
    assert line["correlation_id"] == answer_.correlation_id == json.loads(answer_.body)["correlationId"]
