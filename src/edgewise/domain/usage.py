"""How much of its limits an account uses: how many links, labels and records there are, and how many there may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from edgewise.domain.catalog import Catalog
from edgewise.domain.model import AssociationType, Category, ObjectType, RecordRef
from edgewise.domain.rules import Rules

SAMPLES_MAX = 100
"""How many records of each kind are named; more are counted. Ours: nothing is known."""

CUSTOM_OBJECT_TYPES_MAX = 20
RECORDS_MAX = 500_000
PIPELINES_MAX = {"0-3": 100, "0-5": 100, "0-123": 50}
CUSTOM_PIPELINES_MAX = 100
"""What accounts were seen to have. Source: docs/behaviour.md, section 12. 500,000 for all custom records is ours."""

PROPERTIES_MAX = 1_000
ALL_PROPERTIES_MAX = 10_000
"""What an account was seen to have. Source: docs/behaviour.md, section 11."""

CALCULATED_PROPERTIES_MAX = 200
"""Ours: nothing is known of it."""

_NEAR_PERCENT = 80


class Threshold(NamedTuple):
    """The least number of targets under a type that makes a record worth telling of."""

    source_type: int
    key: int
    at_least: int


class Degree(NamedTuple):
    """How many targets a record has under a type."""

    source: RecordRef
    target_type: int
    key: int
    targets: int


class Crowded(NamedTuple):
    """A record near or at its limit under a type."""

    degree: Degree
    limit: int

    @property
    def is_at_limit(self) -> bool:
        return self.degree.targets >= self.limit

    @property
    def percentage(self) -> float:
        return percentage(self.degree.targets, self.limit)


class Nearness(NamedTuple):
    """Whether an object type has records near a limit, and whether it has some at one."""

    object_type: ObjectType
    has_near: bool
    has_at: bool


class LabelUsage(NamedTuple):
    """The labels from one object type to another. total: two labels that are each other's inverse are one."""

    source: ObjectType
    target: ObjectType
    labels: Sequence[str]
    total: int


def percentage(usage: int, limit: int) -> float:
    """How much of a limit is used, in percent, with two decimals; more than is allowed is more than 100."""
    return round(usage * 100 / limit, 2)


def limits_of(catalog: Catalog, custom: Mapping[int, int], rules: Rules) -> dict[int, int]:
    """The limit of each type that has one, by type key: unlabelled types have the account's unless they have their own.

    custom: what the portal defined, by type key.
    """
    usual = {t.key: rules.association_limit for t in catalog.association_types if t.is_default}
    return usual | {key: limit for key, limit in custom.items() if catalog.find_association_type(key)}


def thresholds(catalog: Catalog, limits: Mapping[int, int]) -> list[Threshold]:
    """From how many targets on a record is near its limit: 80 % of it.

    Source: docs/behaviour.md, sections 3.10 and 12.
    """
    return [
        Threshold(catalog.association_type(key).source_type, key, -(-limit * _NEAR_PERCENT // 100))
        for key, limit in limits.items()
    ]


def between(
    catalog: Catalog, limits: Mapping[int, int], source: ObjectType, target: ObjectType | None = None
) -> dict[int, int]:
    """The limits of the types from one object type, to one or to any."""
    wanted = {}
    for key, limit in limits.items():
        link_type = catalog.association_type(key)
        if link_type.source_type == source.code and target in (None, _target(catalog, link_type)):
            wanted[key] = limit
    return wanted


def crowded(degrees: Iterable[Degree], limits: Mapping[int, int]) -> list[Crowded]:
    """The records near or at their limit, in the order of the degrees."""
    return [Crowded(degree, limits[degree.key]) for degree in degrees]


def fullest(found: Iterable[Crowded]) -> list[Crowded]:
    """Each record once, under the type whose limit it uses most, in ascending order of records."""
    most: dict[RecordRef, Crowded] = {}
    for each in found:
        known = most.setdefault(each.degree.source, each)
        if each.percentage > known.percentage:
            most[each.degree.source] = each
    return [most[source] for source in sorted(most)]


def by_source(catalog: Catalog, found: Iterable[Crowded]) -> list[Nearness]:
    """The object types that have records near or at a limit."""
    return _nearness(catalog, ((each.degree.source.object_type, each) for each in found))


def by_target(catalog: Catalog, found: Iterable[Crowded]) -> list[Nearness]:
    """The object types towards which there are records near or at a limit."""
    return _nearness(catalog, ((each.degree.target_type, each) for each in found))


def label_usages(
    catalog: Catalog, source: ObjectType | None = None, target: ObjectType | None = None
) -> list[LabelUsage]:
    """What each ordered pair of object types has of portal-defined labels, where it has any.

    source, target: of these alone. Source: docs/behaviour.md, section 12, observed.
    """
    of_pair: dict[tuple[int, int], list[AssociationType]] = {}
    for link_type in catalog.association_types:
        if link_type.category is Category.USER_DEFINED and link_type.label is not None:
            of_pair.setdefault((link_type.source_type, link_type.target_type), []).append(link_type)
    usages = []
    for (source_code, target_code), types in sorted(of_pair.items()):
        ends = catalog.object_type_of(source_code), catalog.object_type_of(target_code)
        if source in (None, ends[0]) and target in (None, ends[1]):
            labels = dict.fromkeys(t.label for t in types if t.label is not None)
            pairs = {frozenset((t.key, t.mirror_key)) for t in types}
            usages.append(LabelUsage(*ends, list(labels), len(pairs)))
    return usages


def display_name(object_type: ObjectType, record_id: int, properties: Mapping[str, str]) -> str:
    """What a record is called: a person's name, else its name, title or address, else its kind and id."""
    person = " ".join(filter(None, (properties.get("firstname"), properties.get("lastname"))))
    named = (properties.get(name) for name in _NAMING_PROPERTIES)
    return person or next(filter(None, named), f"{object_type.name} {record_id}")


_NAMING_PROPERTIES = (
    "name",
    "dealname",
    "subject",
    "hs_title",
    "hs_name",
    "hs_appointment_name",
    "hs_cart_name",
    "hs_course_name",
    "hs_event_name",
    "hs_goal_name",
    "hs_lead_name",
    "hs_order_name",
    "email",
    "domain",
)


def _nearness(catalog: Catalog, found: Iterable[tuple[int, Crowded]]) -> list[Nearness]:
    seen: dict[int, set[bool]] = {}
    for code, each in found:
        seen.setdefault(code, set()).add(each.is_at_limit)
    return [
        Nearness(catalog.object_type_of(code), False in seen[code], True in seen[code])
        for code in sorted(seen)
    ]


def _target(catalog: Catalog, link_type: AssociationType) -> ObjectType:
    return catalog.object_type_of(link_type.target_type)
