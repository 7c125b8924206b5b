"""What histories of records are made of: values, and strategies for what each step is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from hypothesis import strategies as st

from tests.model.choices import few, numbers
from tests.model.plain_facts import COMPANIES, CONTACTS, DEALS, PROPERTIES, TYPES, Key, types_between
from tests.support import paths

ABSENT_ID = 7
NEAR = 2
"""Of each object type the first and the last so many records are mentioned again and again."""

FIRST_GONE = 12
"""The numbers below it choose records that live."""

PRIMARY = 1
"""The number that chooses the type of a primary company."""

VALUES = {
    "email": ("ann@b.co", "ANN@b.co", "ben@b.co", "new@b.co"),
    "code": ("1", "1.0", "a", "A"),
    "note": ("Ann", "Ben"),
}
"""What tells records; the same values are given to them."""

object_types = st.sampled_from((*[CONTACTS] * 3, *[COMPANIES] * 2, DEALS))
ends = st.tuples(object_types, object_types)
versions = st.sampled_from(paths.RECORD_VERSIONS)
properties = st.fixed_dictionaries(
    {},
    optional={
        "note": st.sampled_from((*VALUES["note"], "ann", "")),
        "code": st.sampled_from((*VALUES["code"], "")),
        "email": st.sampled_from((*VALUES["email"], "", "nobody")),
    },
)
new_records = st.tuples(properties, st.lists(st.tuples(object_types, numbers, few), max_size=3))
names = st.sampled_from((None, None, None, *VALUES))
keys = st.tuples(names, numbers)
changes = st.lists(st.tuples(keys, properties), min_size=2, max_size=3)
seldom = st.sampled_from((False, False, False, True))

Wanted = tuple[dict[str, str], Sequence[tuple[str, int, list[int]]]]
"""A record to create: its values; object type, record and types of each association, by numbers that choose."""

Keyed = tuple[str | None, int]
"""What tells a record: an id or a property, and the number that chooses which."""

Chosen = TypeVar("Chosen")


def choose(among: Sequence[Chosen], number: int) -> Chosen:
    return among[number % len(among)]


def values_of(object_type: str, properties: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in properties.items() if name in PROPERTIES[object_type]}


def choose_types(source: str, target: str, chosen: Sequence[int]) -> list[Key]:
    """Some types between two object types; the highest number chooses one that is not."""
    fitting = types_between(source, target)
    wrong = next(key for key in TYPES if key not in fitting)
    return list(dict.fromkeys(wrong if number == 15 else choose(fitting, number) for number in chosen))
