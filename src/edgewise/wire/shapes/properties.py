"""How the rules of properties and their values refuse."""

from __future__ import annotations

from typing import Any

import msgspec

from edgewise.domain import errors_properties as rules
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_properties import InvalidValue, OptionFault
from edgewise.wire.bodies import ErrorDetail
from edgewise.wire.shapes.shape import NOT_FOUND, VALIDATION, ErrorShape, upper

_EXISTS = "OBJECT_ALREADY_EXISTS"
_FAULTS = {
    OptionFault.BLANK: "value and label must not be blank",
    OptionFault.REPEATED: "another option has this value",
    OptionFault.WHITESPACE: "the value includes leading or trailing whitespace",
    OptionFault.SEMICOLON: "the value must not contain a semicolon",
    OptionFault.NOT_BOOLEAN: "the values can be true and false only",
    OptionFault.TOO_MANY: "a property cannot have so many options",
    OptionFault.TOO_LONG: "the texts of options must not be so long",
}


def _as_json(value: InvalidValue) -> dict[str, Any]:
    return {
        "isValid": value.is_valid,
        "message": value.message,
        "error": value.error,
        "name": value.name,
        "localizedErrorMessage": value.localized_message,
        "portalId": value.portal_id,
    }


def _values_message(error: rules.PropertyValuesInvalid) -> str:
    """Source: docs/behaviour.md, section 7.4: a JSON array inside the text."""
    listed = msgspec.json.encode([_as_json(value) for value in error.invalid])
    return f"Property values were not valid: {listed.decode()}"


def _values_details(error: rules.PropertyValuesInvalid) -> list[ErrorDetail]:
    return [
        ErrorDetail(value.message, value.error, {"propertyName": [value.name]}) for value in error.invalid
    ]


def _too_many(error: rules.TooManyProperties) -> str:
    where = "an account" if error.is_of_account else "an object type"
    return f"No more than {error.properties_max} custom properties are allowed in {where}"


SHAPES: dict[type[DomainError], ErrorShape] = {
    rules.PropertyValuesInvalid: ErrorShape(400, VALIDATION, _values_message, details=_values_details),
    rules.RequiredPropertiesMissing: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Error creating {upper(e.object_type)}. Some required properties were not set.",
        lambda e: {"properties": list(e.names)},
    ),
    rules.PropertyNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"Property named '{e.name}' does not exist",
        lambda e: {"propertyName": [e.name]},
        sub_category="PROPERTY_DOESNT_EXIST",
    ),
    rules.PropertyExists: ErrorShape(
        409,
        _EXISTS,
        lambda e: f"A property named '{e.name}' already exists.",
        sub_category="Properties.PROPERTY_WITH_NAME_EXISTS",
    ),
    rules.HubSpotDefinedProperty: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Property {e.name} is defined by HubSpot and cannot be changed or archived",
        lambda e: {"propertyName": [e.name]},
    ),
    rules.PropertyInUse: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Property {e.name} is used by {', '.join(e.users)}",
        lambda e: {"propertyName": [e.name], "usageCount": [str(len(e.users))]},
        sub_category="PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
    ),
    rules.InvalidPropertyName: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"'{e.name}' is not a valid name: it must start with a small letter, hold small letters, digits "
            f"and underscores only, and have at most {e.length_max} characters"
        ),
        lambda e: {"name": [e.name]},
    ),
    rules.InvalidPropertyLabel: ErrorShape(
        400, VALIDATION, lambda e: f"The label of {e.name} must not be blank", lambda e: {"name": [e.name]}
    ),
    rules.UnknownPropertyType: ErrorShape(
        400, VALIDATION, lambda e: f"{e.text} is not a valid {e.field}", lambda e: {e.field: [e.text]}
    ),
    rules.MismatchedFieldType: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"fieldType {e.field_type} does not go with type {e.type}",
        lambda e: {"type": [e.type], "fieldType": [e.field_type]},
    ),
    rules.PropertyOptionsMissing: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Enumeration property {e.name} needs options",
        lambda e: {"propertyName": [e.name]},
    ),
    rules.InvalidPropertyOption: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Option '{e.value}' of property {e.name} is not valid: {_FAULTS[e.fault]}",
        lambda e: {"propertyName": [e.name], "value": [e.value]},
    ),
    rules.UniqueValueFixed: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"hasUniqueValue of property {e.name} cannot be changed",
        lambda e: {"propertyName": [e.name]},
    ),
    rules.TooManyProperties: ErrorShape(400, VALIDATION, _too_many),
    rules.TooManyUniqueProperties: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"No more than {e.unique_max} properties with unique values are allowed in an object type",
    ),
    rules.PropertyGroupNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"Property group named '{e.name}' does not exist",
        lambda e: {"groupName": [e.name]},
    ),
    rules.PropertyGroupExists: ErrorShape(
        409, _EXISTS, lambda e: f"A property group named '{e.name}' already exists."
    ),
    rules.PropertyGroupInUse: ErrorShape(
        400,
        VALIDATION,
        lambda e: "Can't delete or purge a group with active properties",
        sub_category="PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES",
    ),
    rules.HubSpotDefinedGroup: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Property group {e.name} is defined by HubSpot and cannot be archived",
        lambda e: {"groupName": [e.name]},
    ),
}
