"""Records, as far as links need them: their ids, their properties, and what they are created with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from edgewise.domain.associations import first_type, with_default
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import (
    DuplicateInputs,
    InvalidObjectTypeId,
    InvalidPropertyValue,
    TooManyValuesSet,
    WrongInlineType,
)
from edgewise.domain.identifiers import record_id_in_body
from edgewise.domain.model import (
    AssociationType,
    NewLink,
    NewRecord,
    ObjectType,
    RecordRef,
    is_custom_type,
    object_type_id,
)
from edgewise.domain.record_keys import RecordKey, shown_key
from edgewise.domain.rules import Rules
from edgewise.domain.sizes import PROPERTIES_MAX


class InlineAssociation(NamedTuple):
    """An association in the body of a record create: the target's id and (category, typeId) of each type."""

    target_id: str | int
    specs: Sequence[tuple[str, int]]


def require_object_type(code: int, own: Container[int]) -> None:
    """Refuse a record of an object type that was removed since the request was read.

    own: the codes of the object types that the portal defines now. Raises: InvalidObjectTypeId.
    """
    if is_custom_type(code) and code not in own:
        raise InvalidObjectTypeId(object_type_id(code))


def stored_properties(properties: Mapping[str, object]) -> dict[str, str | None]:
    """Properties as they are kept: text, whatever JSON had; None where the value clears the property.

    Raises: TooManyValuesSet, before it looks at any; InvalidPropertyValue.
    Source: docs/behaviour.md, section 9.3 (an empty text clears a value), 2026-11-22.
    """
    if len(properties) > PROPERTIES_MAX:
        raise TooManyValuesSet(PROPERTIES_MAX)
    return {name: stored_value(name, value) for name, value in properties.items()}


def stored_value(name: str, value: object) -> str | None:
    """A value as it is kept, or None where it clears the property. Raises: InvalidPropertyValue."""
    match value:
        case None | "":
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case _:
            raise InvalidPropertyValue(name)


def new_record(
    catalog: Catalog,
    rules: Rules,
    object_type: ObjectType,
    properties: Mapping[str, object],
    associations: Sequence[InlineAssociation],
) -> NewRecord:
    """A record to create from the body of a create call, with its inline associations.

    Raises: InvalidPropertyValue, InvalidIdentifier, UnknownAssociationType, WrongInlineType.
    Source: docs/behaviour.md, section 9.3: one bad association fails the create.
    """
    kept = {name: text for name, text in stored_properties(properties).items() if text is not None}
    links = tuple(
        link
        for association in associations
        for link in _inline_links(catalog, rules, object_type, association)
    )
    return NewRecord(kept, links)


def _inline_links(
    catalog: Catalog, rules: Rules, source: ObjectType, association: InlineAssociation
) -> list[NewLink]:
    target_id = record_id_in_body(association.target_id)
    by_target: dict[int, list[AssociationType]] = {}
    for spec in association.specs:
        link_type = catalog.known_type(*spec)
        if link_type.source_type != source.code:
            expected = object_type_id(link_type.source_type)
            raise WrongInlineType(link_type, "from", expected, source.id)
        by_target.setdefault(link_type.target_type, []).append(link_type)
    if len(by_target) > 1:
        wanted, other = list(by_target)[:2]
        raise WrongInlineType(by_target[other][0], "to", object_type_id(other), object_type_id(wanted))
    links = []
    for code, types in by_target.items():
        pair = catalog.pair(source, catalog.object_type_of(code))
        written = with_default(pair, types)
        links.append(NewLink(RecordRef(code, target_id), written, first_type(pair, rules, written)))
    return links


def require_distinct(keys: Sequence[RecordKey]) -> None:
    """Refuse a batch that names a record twice. Raises: DuplicateInputs.

    Source: docs/behaviour.md, section 7.4, observed.
    """
    repeated = [key for key, times in Counter(keys).items() if times > 1]
    if repeated:
        raise DuplicateInputs([shown_key(key) for key in repeated])
