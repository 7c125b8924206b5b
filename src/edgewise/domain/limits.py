"""Limits: how many targets a record may have under one association type, and which limits go together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from edgewise.domain.batches import Failure
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.errors import DomainError, InvalidAssociationType, LimitOutOfRange
from edgewise.domain.model import AssociationType, Category, TypesChange
from edgewise.domain.rules import Rules


class LimitInput(NamedTuple):
    """A category and a typeId as a body has them, and the most targets of a record under that type."""

    category: str
    type_id: int
    limit: int


class InputsRefused(Exception):
    """Inputs that the rules refuse, and with them the whole call. failures: in the order of the inputs."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__(failures)
        self.failures = failures


def set_limits(
    pair: PairTypes, current: Mapping[int, int], rules: Rules, inputs: Sequence[LimitInput]
) -> TypesChange:
    """Limit types of an ordered pair, in place of the limits they have; of two limits for one type the later holds.

    current: the limits of the portal by type key. A conflict is judged by the limits as the call would leave them,
    and is the label's where the call sets both the label's limit and that of the unlabelled type.
    Raises: InputsRefused.
    Source: docs/behaviour.md, section 6.3.
    """
    failures: list[Failure] = []
    asked: list[tuple[int, AssociationType, int]] = []
    for position, (category, type_id, limit) in enumerate(inputs):
        try:
            link_type = _require_type(pair, category, type_id)
            _require_within(link_type, limit, 1, rules.association_limit - 1)
        except DomainError as error:
            failures.append(Failure(position, error))
        else:
            asked.append((position, link_type, limit))
    changed = {link_type.key: limit for _, link_type, limit in asked}
    for position, link_type, limit in asked:
        try:
            _require_order(pair, current, changed, rules, link_type, limit)
        except LimitOutOfRange as error:
            failures.append(Failure(position, error))
    if failures:
        raise InputsRefused(sorted(failures, key=lambda failure: failure.position))
    return TypesChange(limits=changed)


def remove_limits(pair: PairTypes, specs: Iterable[tuple[str, int]]) -> TypesChange:
    """Take the limits off types of an ordered pair, also where there are none.

    specs: categories and typeIds. Raises: InvalidAssociationType.
    Source: docs/behaviour.md, section 6.3.
    """
    return TypesChange(limits={_require_type(pair, *spec).key: None for spec in specs})


def limited_types(catalog: Catalog, limits: Mapping[int, int]) -> list[AssociationType]:
    """Each type that has a limit, and its inverse where that can be read, in the order of their keys.

    Source: docs/behaviour.md, section 6.3, observed.
    """
    found = [link_type for key in limits if (link_type := catalog.find_association_type(key)) is not None]
    mirrors = [catalog.find_association_type(link_type.mirror_key) for link_type in found]
    by_key = {link_type.key: link_type for link_type in (*found, *mirrors) if link_type is not None}
    return [by_key[key] for key in sorted(by_key)]


def _require_type(pair: PairTypes, category: str, type_id: int) -> AssociationType:
    link_type = pair.named(category, type_id)
    if link_type is None:
        number = Category[category].value if category in Category.__members__ else category
        source, target = pair.source.name.upper(), pair.target.name.upper()
        raise InvalidAssociationType(f"{number}-{type_id}", source, target, pair)
    return link_type


def _require_within(link_type: AssociationType, limit: int, lowest: int, highest: int) -> None:
    if not lowest <= limit <= highest:
        raise LimitOutOfRange(link_type.category.name, link_type.type_id, limit, lowest, highest)


def _require_order(
    pair: PairTypes,
    current: Mapping[int, int],
    changed: Mapping[int, int],
    rules: Rules,
    link_type: AssociationType,
    limit: int,
) -> None:
    """A label's limit is at most that of the unlabelled type. Raises: LimitOutOfRange."""
    lowest, highest = 1, rules.association_limit - 1
    if link_type is pair.default:
        labels = [current[key] for key in pair.types if key in current and key not in changed]
        lowest = max(labels, default=lowest)
    elif pair.default is not None:
        default_key = pair.default.key
        highest = min(highest, changed.get(default_key, current.get(default_key, highest)))
    _require_within(link_type, limit, lowest, highest)
