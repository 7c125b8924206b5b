"""Who may call how often, what is told of it, and how a call too many is refused."""

import gc
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.data.rates import rates
from edgewise.domain.accounts import RateLimit, Tier
from edgewise.domain.rates import DAY_OF_ACCOUNT, day_of, windows_of
from edgewise.http.throttle import LocalThrottle, UnusableStore
from edgewise.http.throttle_stores import open_throttle
from edgewise.http.windows import WINDOWS_KEPT
from edgewise.surfaces.operations import OPERATIONS
from edgewise.wire.errors import error_body
from edgewise.wire.quirks import quirks_of
from edgewise.wire.refusals import RateLimited
from tests.support.rates import caller, told
from tests.unit.wire.desk import as_json

AT = 1_790_000_000_000
OWN = RateLimit(3, 10)


def _refusal(throttle, who, budget="", at=AT) -> RateLimited:
    with pytest.raises(RateLimited) as caught:
        throttle.take(who, budget, at)
    return caught.value


def _use_up(throttle, who, budget="", at=AT) -> int:
    """Call until one is refused; answers how many were not."""
    for count in range(1_000):
        try:
            throttle.take(who, budget, at)
        except RateLimited:
            return count
    raise AssertionError("nothing was refused")


@pytest.mark.parametrize(
    ("who", "budget", "headers"),
    [
        (
            caller(tier=Tier.STARTER), "",
            {
                "daily": 250_000, "daily-remaining": 249_999,
                "max": 100, "remaining": 99, "interval-milliseconds": 10_000,
                "secondly": 10, "secondly-remaining": 9,
            },
        ),
        (
            caller(app_id=5, is_public_app=True), "",
            {
                "max": 110, "remaining": 109, "interval-milliseconds": 10_000,
                "secondly": 11, "secondly-remaining": 10,
            },
        ),
        (
            caller(), "associations",
            {
                "daily": 500_000, "daily-remaining": 499_999,
                "max": 150, "remaining": 149, "interval-milliseconds": 10_000,
                "secondly": 19, "secondly-remaining": 18,
            },
        ),
        (caller(), "search", {}),
    ],
)  # fmt: skip
def test_an_answer_tells_what_is_left(who, budget, headers):
    assert told(LocalThrottle(rates()).take(who, budget, AT)) == headers


@pytest.mark.parametrize(
    ("changes", "budget", "policy", "message"),
    [
        ({}, "", "TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit."),
        ({}, "search", "SECONDLY", "You have reached your secondly limit."),
        ({"rate_limit": RateLimit(1, 86_400)}, "", "DAILY", "You have reached your daily limit."),
        ({"rate_limit": RateLimit(1, 1)}, "", "SECONDLY", "You have reached your secondly limit."),
    ],
)
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_a_call_too_many_is_refused_in_hubspots_words(changes, budget, policy, message, profile):
    throttle, who = LocalThrottle(rates()), caller(**changes)
    _use_up(throttle, who, budget)
    status, body = error_body(_refusal(throttle, who, budget), "some-id", quirks_of(profile))
    assert (status, as_json(body)) == (
        429,
        {
            "status": "error",
            "message": message,
            "errorType": "RATE_LIMIT",
            "correlationId": "some-id",
            "policyName": policy,
        },
    )


@pytest.mark.parametrize(
    ("changes", "budget", "amount"),
    [
        ({}, "", 190),
        ({"tier": Tier.FREE}, "", 100),
        ({"api_add_ons": 1}, "", 250),
        ({}, "associations", 150),
        ({}, "search", 5),
        ({"app_id": 5, "is_public_app": True}, "", 110),
        ({"app_id": 5, "is_public_app": True}, "associations", 110),
        ({"rate_limit": OWN}, "associations", 3),
    ],
)
def test_as_many_calls_are_let_in_as_there_is_room_for(changes, budget, amount):
    assert _use_up(LocalThrottle(rates()), caller(**changes), budget) == amount


def test_a_refusal_tells_of_the_window_that_is_full():
    throttle, who = LocalThrottle(rates()), caller()
    _use_up(throttle, who, "associations")
    headers = told(_refusal(throttle, who, "associations").headers)
    assert (headers["max"], headers["remaining"], headers["interval-milliseconds"]) == (150, 0, 10_000)
    assert headers["daily-remaining"] == 499_850
    assert headers["secondly-remaining"] == 0


def test_a_refused_search_tells_nothing_more():
    throttle = LocalThrottle(rates())
    _use_up(throttle, caller(), "search")
    assert _refusal(throttle, caller(), "search").headers == []


def test_a_refused_call_counts_nowhere():
    """Neither in the window that is full nor in the others, which have room."""
    throttle, who = LocalThrottle(rates()), caller()
    _use_up(throttle, who, "search")
    for _ in range(500):
        _refusal(throttle, who, "search", AT + 500)
    assert told(throttle.take(who, "", AT + 999))["remaining"] == 190 - 5 - 1
    assert told(throttle.take(who, "", AT + 999))["daily-remaining"] == 625_000 - 5 - 2
    throttle.take(who, "search", AT + 1_000)


def test_a_window_is_free_again_ten_seconds_later_and_not_before():
    throttle, who = LocalThrottle(rates()), caller()
    _use_up(throttle, who)
    assert told(_refusal(throttle, who, at=AT + 9_999).headers)["remaining"] == 0
    assert told(throttle.take(who, "", AT + 10_000))["remaining"] == 189
    assert told(throttle.take(who, "", AT + 11_000))["remaining"] == 188


def test_a_window_rolls():
    throttle, who = LocalThrottle(()), caller(rate_limit=OWN)
    for after_ms in (0, 4_000, 8_000):
        throttle.take(who, "", AT + after_ms)
    _refusal(throttle, who, at=AT + 9_000)
    throttle.take(who, "", AT + 10_000)
    _refusal(throttle, who, at=AT + 13_999)
    throttle.take(who, "", AT + 14_000)


def test_the_day_of_a_portal_is_shared_by_its_private_apps_and_ends_at_its_midnight():
    few = [replace(rate, amounts=dict.fromkeys(Tier, 2)) for rate in rates() if rate.name == "day"]
    throttle = LocalThrottle(few)
    midnight = 1_795_561_200_000  # 2026-11-24 23:00 UTC is 0:00 in Berlin
    one, other = (caller(token_id=token_id, time_zone="Europe/Berlin") for token_id in (1, 2))
    assert told(throttle.take(one, "", midnight - 2)) == {"daily": 2, "daily-remaining": 1}
    throttle.take(other, "", midnight - 2)
    refusal = _refusal(throttle, one, at=midnight - 1)
    assert (refusal.policy, told(refusal.headers)) == ("DAILY", {"daily": 2, "daily-remaining": 0})
    assert told(throttle.take(one, "", midnight))["daily-remaining"] == 1


def test_a_full_day_is_told_rather_than_full_seconds():
    few = [
        replace(rate, amounts=dict.fromkeys(Tier, 2))
        for rate in rates()
        if rate.name in ("day", "private_app")
    ]
    throttle = LocalThrottle(few)
    _use_up(throttle, caller())
    assert _refusal(throttle, caller()).policy == "DAILY"


@pytest.mark.parametrize("budget", ["", "search", "associations"])
def test_portals_and_private_apps_do_not_use_up_each_others_seconds(budget):
    throttle = LocalThrottle(rates())
    _use_up(throttle, caller(), budget)
    throttle.take(caller(portal_id=2), budget, AT)
    if budget != "search":
        throttle.take(caller(token_id=2), budget, AT)


def test_the_tokens_of_an_oauth_app_use_up_the_same_seconds_in_a_portal():
    throttle, public = LocalThrottle(rates()), {"app_id": 5, "is_public_app": True}
    _use_up(throttle, caller(token_id=1, **public))
    _refusal(throttle, caller(token_id=2, **public))
    throttle.take(caller(portal_id=2, **public), "", AT)


FEW = [
    replace(rate, amounts=dict.fromkeys(Tier, amount), with_add_on=None)
    for rate, amount in zip(rates(), [4, 3, 9, 2, 2, 5], strict=True)
]
"""Rates with amounts that a short history reaches."""

CALLS = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 600), st.sampled_from([0, 999, 1_000, 9_999, 10_000])),
        st.integers(0, 3),
        st.sampled_from(["", "search", "associations"]),
    ),
    max_size=60,
)


@given(calls=CALLS, at=st.sampled_from([AT, AT - AT % 86_400_000 - 20_000]))
def test_any_history_is_let_in_as_the_plainest_throttle_would(calls, at):
    """The plainest: keep every call that was let in, and count in each window those that are in it."""
    app = {"app_id": 5, "is_public_app": True}
    callers = [caller(token_id=1), caller(token_id=2), caller(token_id=3, **app), caller(token_id=4, **app)]
    throttle, let_in = LocalThrottle(FEW), []

    def count(window):
        is_day = window.seconds == DAY_OF_ACCOUNT
        since = day_of(at, "UTC")[0] - 1 if is_day else at - window.seconds * 1000
        return sum(window.key in keys and since < then for then, keys in let_in)

    for pause_ms, number, budget in calls:
        at += pause_ms
        windows = [each for each in windows_of(callers[number], budget, FEW) if each.is_enforced]
        full = [window for window in windows if count(window) >= window.amount]
        if full:
            assert _refusal(throttle, callers[number], budget, at).policy == full[0].policy
            continue
        headers = told(throttle.take(callers[number], budget, at))
        let_in.append((at, {window.key for window in windows}))
        rolling = [window.amount - count(window) for window in windows if window.seconds != DAY_OF_ACCOUNT]
        assert headers.get("remaining") == (None if budget == "search" else min(rolling))


def test_a_token_that_is_read_again_goes_on_where_it_was():
    """A caller is made anew every few seconds, and by then the portal may have another tier."""
    throttle = LocalThrottle(rates())
    assert _use_up(throttle, caller(tier=Tier.FREE)) == 100
    gc.collect()
    _refusal(throttle, caller(tier=Tier.FREE))
    assert _use_up(throttle, caller(tier=Tier.PROFESSIONAL)) == 90


def test_only_tokens_with_a_limit_are_told_of_it_while_tiers_count_nothing():
    throttle = LocalThrottle(())
    assert not throttle.take(caller(), "associations", AT)
    headers = told(throttle.take(caller(rate_limit=RateLimit(20, 10)), "associations", AT))
    assert headers == {"max": 20, "remaining": 19, "interval-milliseconds": 10_000}


def test_many_callers_are_kept_in_bounded_memory_and_bound_all_the_same():
    throttle = LocalThrottle(())
    steady = caller(token_id=0, rate_limit=OWN)
    for number in range(1, 3 * WINDOWS_KEPT):
        at = AT + number
        throttle.take(caller(token_id=number, rate_limit=OWN), "", at)
        if number % 5_000 == 0:
            _use_up(throttle, steady, at=at)
        elif number > 5_000 and number % 10 == 0:
            _refusal(throttle, steady, at=at)
    assert len(throttle.windows) < 2.1 * WINDOWS_KEPT
    assert len(throttle._plans) <= WINDOWS_KEPT


@pytest.mark.parametrize("store", ["", "memory", "memcached://x", "http://x", "redis:/x"])
def test_a_store_that_counts_nothing_is_refused(store):
    with pytest.raises(UnusableStore, match=r"memory:// or redis://host:port/db"):
        open_throttle(store, ())


@pytest.mark.parametrize(
    "store", ["redis://:secret@[x", "redis://:secret@host:port/0", "redis://:secret@host"]
)
def test_an_address_of_redis_that_is_not_understood_is_refused_without_its_password(store):
    with pytest.raises(UnusableStore, match=r"redis://host:port/db") as caught:
        open_throttle(store, ())
    assert "secret" not in str(caught.value)


def test_redis_without_its_packages_is_refused_with_how_to_get_them(monkeypatch):
    monkeypatch.delitem(sys.modules, "edgewise.http.shared_throttle", raising=False)
    monkeypatch.setitem(sys.modules, "limits", None)
    monkeypatch.setitem(sys.modules, "limits.aio.storage", None)
    with pytest.raises(UnusableStore, match=r"pip install 'edgewise\[redis\]'"):
        open_throttle("redis://localhost:6379/0", ())


def test_counting_in_memory_needs_no_other_packages():
    """They take a fifth of a second to import, of half a second that a start may take."""
    ask = (
        "import sys; from edgewise.http.throttle_stores import open_throttle; open_throttle('memory://', ());"
        "sys.exit('limits' in sys.modules or 'redis' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", ask], check=True)


def test_each_operation_is_counted_as_what_it_is():
    budgets = {}
    for operation in (each for each in OPERATIONS if not each.is_public):
        budgets.setdefault(operation.budget, set()).add((operation.family, operation.name))
    assert budgets["search"] == {("records", "search_records")}
    families = {budget: {family for family, _ in names} for budget, names in budgets.items()}
    assert {"records", "usage"} <= families[""]
    assert families["associations"].isdisjoint(families[""])
    assert {"associate_default", "list_labels", "read_named_batch"} <= {
        name for _, name in budgets["associations"]
    }
