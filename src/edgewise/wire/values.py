"""Values of records: as requests have them, and as their properties want them."""

from __future__ import annotations

from collections.abc import Mapping

from edgewise.domain.model import ObjectType
from edgewise.domain.property_values import resolved, valid_values
from edgewise.domain.record_keys import PropertyKey, RecordKey, property_key
from edgewise.domain.records import stored_properties
from edgewise.domain.schemas import lacking
from edgewise.wire.messages import Call


def changed_values(
    call: Call, object_type: ObjectType, properties: Mapping[str, object]
) -> dict[str, str | None]:
    """Values to set as they are kept; None clears one. Raises: InvalidPropertyValue, PropertyValuesInvalid."""
    held = call.portal.known_definitions(object_type).held
    return valid_values(held.properties, stored_properties(properties), call.portal.portal_id)


def new_values(call: Call, object_type: ObjectType, properties: Mapping[str, object]) -> dict[str, str]:
    """The values of a record to create. Raises: as `changed_values`, and RequiredPropertiesMissing."""
    values = resolved({}, changed_values(call, object_type, properties))
    refused = lacking(call.portal.types, object_type, values)
    if refused is not None:
        raise refused
    return {name: text for name, text in values.items() if text is not None}


def made_key(call: Call, object_type: ObjectType, key: RecordKey) -> RecordKey:
    """The key of a record that may have to be made, with its value as it is kept. Raises: as `changed_values`."""
    if not isinstance(key, PropertyKey):
        return key
    kept = changed_values(call, object_type, {key.name: key.value})[key.name]
    return key if kept is None else property_key(key.name, kept)
