"""The table of rates, from rate_limits.json."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from edgewise.domain.accounts import Tier
from edgewise.domain.rates import Budget, Callers, Policy, Rate, Sharing


class RateFact(msgspec.Struct, rename="camel", frozen=True):
    """A row of rate_limits.json: so many calls in so many seconds, by tier. seconds: 0 for the account's day."""

    name: str
    what: str
    policy: Policy
    seconds: int
    shared_by: Sharing
    callers: Callers
    budget: Budget
    amounts: dict[Tier, int]
    source: str
    date: str
    with_add_on: int | None = None
    per_add_on: int = 0
    add_ons_max: int = 0


@cache
def rate_facts() -> tuple[RateFact, ...]:
    """Every known rate, in the order of the file."""
    text = files(__package__).joinpath("rate_limits.json").read_bytes()
    return tuple(msgspec.json.decode(text, type=list[RateFact]))


@cache
def rates() -> tuple[Rate, ...]:
    """The rates as the rules use them."""
    return tuple(
        Rate(
            fact.name,
            fact.policy,
            fact.seconds,
            fact.shared_by,
            fact.callers,
            fact.budget,
            fact.amounts,
            fact.with_add_on,
            fact.per_add_on,
            fact.add_ons_max,
        )
        for fact in rate_facts()
    )
