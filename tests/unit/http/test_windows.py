"""Counting calls in memory: exactly, by a clock that is given, and in bounded memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, memory
from limits.strategies import MovingWindowRateLimiter

from edgewise.domain.rates import DAY_OF_ACCOUNT, Policy, Window
from edgewise.http.windows import WINDOWS_KEPT, Counter, Fixed, Rolling, Windows

AT = 1_790_000_000_000
PAUSES = st.lists(
    st.one_of(st.integers(0, 3), st.integers(0, 2_000), st.sampled_from([999, 1_000, 9_999, 10_000, 10_001]))
)


PLENTY = 1_000_000


def _used(counter: Counter, at: int) -> int:
    """How many calls a counter counts at a moment."""
    return counter.amount - counter.left_at(at)


def _admit(rolling: Rolling, amount: int, at: int) -> bool:
    if _used(rolling, at) >= amount:
        return False
    rolling.add(at)
    return True


def _window(number: int, seconds: int = 10) -> Window:
    return Window(("test", number), Policy.TEN_SECONDLY_ROLLING, 5, seconds)


def test_a_call_counts_for_exactly_ten_seconds():
    rolling = Rolling(PLENTY, 10)
    rolling.add(AT)
    assert [_used(rolling, AT + after_ms) for after_ms in (0, 9_999, 10_000)] == [1, 1, 0]


@given(pauses=PAUSES, amount=st.integers(1, 6), seconds=st.sampled_from([1, 2, 10]))
def test_a_window_counts_as_the_plainest_one_does(pauses, amount, seconds):
    """The plainest: remember when each call was let in, and look at all of them."""
    rolling, let_in, at = Rolling(PLENTY, seconds), [], AT
    for pause_ms in pauses:
        at += pause_ms
        counting = [then for then in let_in if at - seconds * 1000 < then <= at]
        assert _used(rolling, at) == len(counting)
        assert _admit(rolling, amount, at) == (len(counting) < amount)
        if len(counting) < amount:
            let_in.append(at)


@given(pauses=PAUSES, amount=st.integers(1, 6))
def test_a_window_lets_in_what_the_library_lets_in(pauses, amount):
    """Calls are multiples of 7 ms apart, never exactly ten seconds: the library counts a call still at the very end."""
    clock = _Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "time", clock)
        patch.setattr(MemoryStorage, "_MemoryStorage__schedule_expiry", lambda self: None)
        limiter = MovingWindowRateLimiter(MemoryStorage())
        item, rolling, at = RateLimitItemPerSecond(amount, 10), Rolling(PLENTY, 10), AT
        for pause_ms in pauses:
            at += 7 * pause_ms
            clock.now_s = at / 1000
            assert _admit(rolling, amount, at) == limiter.hit(item, "test")
            assert amount - _used(rolling, at) == limiter.get_window_stats(item, "test").remaining


class _Clock:
    """Stands for the module `time`."""

    now_s = 0.0

    def time(self) -> float:
        return self.now_s


@given(pauses=PAUSES, seconds=st.sampled_from([60, 3_600, 86_400]))
def test_a_long_window_forgets_no_call_too_early_and_none_much_too_late(pauses, seconds):
    rolling, period_ms, at = Rolling(PLENTY, seconds), seconds * 1000, AT
    calls = []
    for pause_ms in pauses:
        at += pause_ms * seconds // 10
        counting = sum(at - then < period_ms for then in calls)
        late = sum(at - then < period_ms * 1.0001 for then in calls)
        assert counting <= _used(rolling, at) <= late
        rolling.add(at)
        calls.append(at)


def test_a_window_of_any_amount_is_kept_in_bounded_memory():
    rolling = Rolling(PLENTY, 86_400)
    for number in range(300_000):
        at = AT + number * 1_000
        _used(rolling, at)
        rolling.add(at)
    assert _used(rolling, at) >= 86_400
    assert max(len(getattr(rolling, name)) for name in ("_times", "counts")) <= 10_001


def test_a_clock_that_goes_back_a_little_frees_nothing():
    rolling = Rolling(PLENTY, 10)
    for _ in range(3):
        rolling.add(AT)
    assert _used(rolling, AT - 5_000) == 3
    rolling.add(AT - 5_000)
    assert _used(rolling, AT + 9_999) == 4
    assert _used(rolling, AT + 10_000) == 0


def test_a_clock_that_goes_far_back_locks_nobody_out():
    rolling = Rolling(PLENTY, 10)
    rolling.add(AT)
    assert _used(rolling, AT - 86_400_000) == 0


def test_a_day_ends_at_midnight_of_its_time_zone():
    midnight = 1_795_561_200_000  # 2026-11-24 23:00 UTC is 0:00 in Berlin
    day = Fixed(Window(("day", 1), Policy.DAILY, 5, DAY_OF_ACCOUNT), "Europe/Berlin")
    assert _used(day, midnight - 1) == 0
    day.add(midnight - 1)
    assert [_used(day, midnight - 1), _used(day, midnight), _used(day, midnight - 1)] == [1, 0, 0]


def test_a_counter_goes_on_for_the_same_window_whatever_its_amount():
    windows = Windows(on_swept=lambda: None)
    (counter,) = windows.counters([_window(1)], "UTC", AT)
    counter.add(AT)
    (again,) = windows.counters([_window(1)._replace(amount=9)], "UTC", AT + 1)
    assert again.left_at(AT + 1) == 8


def test_windows_that_count_nothing_are_forgotten():
    swept = []
    windows = Windows(on_swept=lambda: swept.append(True))
    for number in range(10 * WINDOWS_KEPT):
        at = AT + number * 10
        (counter,) = windows.counters([_window(number)], "UTC", at)
        _used(counter, at)
        counter.add(at)
        assert len(windows) <= WINDOWS_KEPT
    assert swept


def test_windows_in_use_are_not_forgotten_however_many_there_are():
    windows = Windows(on_swept=lambda: None)
    for number in range(3 * WINDOWS_KEPT):
        (counter,) = windows.counters([_window(number)], "UTC", AT)
        counter.add(AT)
    for number in range(0, 3 * WINDOWS_KEPT, 1_000):
        (counter,) = windows.counters([_window(number)], "UTC", AT)
        assert _used(counter, AT) == 1


def test_a_days_count_outlives_the_seconds_and_is_forgotten_the_next_day():
    windows = Windows(on_swept=lambda: None)
    day = Window(("day", 1), Policy.DAILY, 5, DAY_OF_ACCOUNT)
    (counter,) = windows.counters([day], "UTC", AT)
    _used(counter, AT)
    counter.add(AT)
    windows._sweep(AT + 60_000)
    assert len(windows) == 1
    windows._sweep(AT + 86_400_000)
    assert len(windows) == 0
