"""What the rules of properties refuse, and how it reads: samples for `test_errors`."""

from edgewise.data import hubspot_types
from edgewise.domain import errors_properties as rules
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_properties import OptionFault

_TICKET = Catalog(hubspot_types()).object_type("ticket")

_OPTION_FAULTS = {
    OptionFault.BLANK: "value and label must not be blank",
    OptionFault.REPEATED: "another option has this value",
    OptionFault.WHITESPACE: "the value includes leading or trailing whitespace",
    OptionFault.SEMICOLON: "the value must not contain a semicolon",
    OptionFault.NOT_BOOLEAN: "the values can be true and false only",
    OptionFault.TOO_MANY: "a property cannot have so many options",
    OptionFault.TOO_LONG: "the texts of options must not be so long",
}

PROPERTY_REFUSALS: list[tuple[DomainError, int, str, dict[str, list[str]] | None]] = [
    (
        rules.RequiredPropertiesMissing(_TICKET, ["subject", "hs_pipeline_stage"]), 400,
        "Error creating TICKET. Some required properties were not set.",
        {"properties": ["subject", "hs_pipeline_stage"]},
    ),
    (
        rules.PropertyNotFound("hives"), 404,
        "Property named 'hives' does not exist", {"propertyName": ["hives"]},
    ),
    (rules.PropertyExists("hives"), 409, "A property named 'hives' already exists.", None),
    (
        rules.HubSpotDefinedProperty("email"), 400,
        "Property email is defined by HubSpot and cannot be changed or archived", {"propertyName": ["email"]},
    ),
    (
        rules.PropertyInUse("hives", ["total", "mean"]), 400,
        "Property hives is used by total, mean", {"propertyName": ["hives"], "usageCount": ["2"]},
    ),
    (
        rules.InvalidPropertyName("Hives", 100), 400,
        "'Hives' is not a valid name: it must start with a small letter, hold small letters, digits and underscores "
        "only, and have at most 100 characters",
        {"name": ["Hives"]},
    ),
    (rules.InvalidPropertyLabel("hives"), 400, "The label of hives must not be blank", {"name": ["hives"]}),
    (rules.UnknownPropertyType("fieldType", "dial"), 400, "dial is not a valid fieldType", {"fieldType": ["dial"]}),
    (
        rules.MismatchedFieldType("date", "select"), 400,
        "fieldType select does not go with type date", {"type": ["date"], "fieldType": ["select"]},
    ),
    (
        rules.PropertyOptionsMissing("size"), 400,
        "Enumeration property size needs options", {"propertyName": ["size"]},
    ),
    *(
        (
            rules.InvalidPropertyOption("size", "s", fault), 400,
            f"Option 's' of property size is not valid: {text}", {"propertyName": ["size"], "value": ["s"]},
        )
        for fault, text in _OPTION_FAULTS.items()
    ),
    (
        rules.UniqueValueFixed("hives"), 400,
        "hasUniqueValue of property hives cannot be changed", {"propertyName": ["hives"]},
    ),
    (
        rules.TooManyProperties(1000, False), 400,
        "No more than 1000 custom properties are allowed in an object type", None,
    ),
    (
        rules.TooManyProperties(10000, True), 400,
        "No more than 10000 custom properties are allowed in an account", None,
    ),
    (
        rules.TooManyUniqueProperties(10), 400,
        "No more than 10 properties with unique values are allowed in an object type", None,
    ),
    (
        rules.PropertyGroupNotFound("apiary"), 404,
        "Property group named 'apiary' does not exist", {"groupName": ["apiary"]},
    ),
    (rules.PropertyGroupExists("apiary"), 409, "A property group named 'apiary' already exists.", None),
    (rules.PropertyGroupInUse("apiary"), 400, "Can't delete or purge a group with active properties", None),
    (
        rules.HubSpotDefinedGroup("contactinformation"), 400,
        "Property group contactinformation is defined by HubSpot and cannot be archived",
        {"groupName": ["contactinformation"]},
    ),
]  # fmt: skip

PROPERTY_SUB_CATEGORIES: dict[type[DomainError], str] = {
    rules.PropertyNotFound: "PROPERTY_DOESNT_EXIST",
    rules.PropertyExists: "Properties.PROPERTY_WITH_NAME_EXISTS",
    rules.PropertyInUse: "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
    rules.PropertyGroupInUse: "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES",
}
