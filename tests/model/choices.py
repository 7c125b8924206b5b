"""What histories are made of: the types there are, and strategies for what each step is about."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import strategies as st

from edgewise.domain.model import Category, ObjectType, PortalTypes
from edgewise.domain.rules import Rules
from tests.contract.toy_types import (
    ASSOCIATION_TYPES,
    BILLED_BY,
    BILLING,
    COMPANIES,
    CONTACTS,
    DEALS,
    OBJECT_TYPES,
    WORKED_BY,
    WORKS,
)
from tests.contract.world import OTHER_PORTAL, PORTAL

_LEFT_OUT = {t.key for t in (BILLING, BILLED_BY, WORKS, WORKED_BY)}
HUBSPOT = PortalTypes(
    OBJECT_TYPES,
    [
        t
        for t in ASSOCIATION_TYPES.values()
        if t.category is not Category.USER_DEFINED and t.key not in _LEFT_OUT
    ],
)
"""What every portal has, but for types that no rule treats otherwise than others."""

NEAR_RECORDS = 5
"""Of each object type so many records are linked, those that live before archived ones."""

NOBODYS_IDS = {14: 7, 15: 30_000_000_015}
"""Ids to mention before the store gives them, if ever, by the number that chooses them; as text 7 comes last."""

Drawn = TypeVar("Drawn")

# Numbers choose among what there is by then, so that histories meet the same few records and types again and again.
numbers = st.integers(0, 15)
two_numbers = st.tuples(numbers, numbers)
some_types = st.lists(numbers, min_size=1, max_size=3)
few = st.lists(numbers, min_size=1, max_size=4)
behind = st.sampled_from((False, False, True))
portals = st.sampled_from((PORTAL, OTHER_PORTAL))
object_types = st.sampled_from((CONTACTS, CONTACTS, COMPANIES, COMPANIES, DEALS))
ends = st.sampled_from(
    (
        *[(CONTACTS, COMPANIES), (COMPANIES, CONTACTS)] * 3,
        *((CONTACTS, CONTACTS), (COMPANIES, COMPANIES), (CONTACTS, DEALS), (DEALS, COMPANIES)),
    )
)
rules = st.builds(
    Rules,
    first_link_is_primary=st.booleans(),
    labelled_write_replaces=st.booleans(),
    records_must_exist=st.sampled_from((True, True, True, False)),
    labels_per_pair_max=st.just(3),
)

Ends = tuple[ObjectType, ObjectType]
"""Source and target."""


def few_or_many(one: st.SearchStrategy[Drawn]) -> st.SearchStrategy[list[Drawn]]:
    """Inputs of one call: few, or more than stores write one by one."""
    return st.lists(one, min_size=1, max_size=3) | st.lists(one, min_size=9, max_size=14)
