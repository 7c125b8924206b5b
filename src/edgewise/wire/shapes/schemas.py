"""How the rules of schemas refuse. Source: docs/behaviour.md, section 10; what it does not tell is ours."""

from __future__ import annotations

from edgewise.domain import errors_schemas as rules
from edgewise.domain.errors import DomainError
from edgewise.wire.shapes.shape import NOT_FOUND, VALIDATION, ErrorShape

SHAPES: dict[type[DomainError], ErrorShape] = {
    rules.InvalidSchemaName: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"invalid object type name {e.name}",
        lambda e: {"name": [e.name]},
        sub_category="InboundDbObjectTypeError.OBJECT_TYPE_NAME_FORMAT",
    ),
    rules.InvalidSchemaLabel: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"The {e.field} label must not be blank, and must have at most {e.length_max} characters",
    ),
    rules.SchemaNameTaken: ErrorShape(
        409,
        "OBJECT_ALREADY_EXISTS",
        lambda e: f"{e.name} already exists",
        lambda e: {"name": [e.name]},
        sub_category="InboundDbObjectTypeError.OBJECT_TYPE_ALREADY_EXIST",
    ),
    rules.TooManyObjectTypes: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"No more than {e.object_types_max} custom object types are allowed in an account",
    ),
    rules.PrimaryDisplayPropertyMissing: ErrorShape(
        400,
        VALIDATION,
        lambda e: "A primary display property is required",
        sub_category="ObjectSchemaError.PRIMARY_DISPLAY_PROPERTY_REQUIRED",
    ),
    rules.InvalidSecondaryProperties: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"There can be at most {e.properties_max} secondary display properties, and none of them twice"
        ),
    ),
    rules.SchemaPropertiesUnknown: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.field} names properties that the object type does not have: {', '.join(e.names)}",
        lambda e: {e.field: list(e.names)},
    ),
    rules.SensitivePropertiesFixed: ErrorShape(
        400,
        VALIDATION,
        lambda e: "allowsSensitiveProperties cannot be changed to false",
        sub_category="InboundDbObjectTypeError.SENSITIVE_PROPERTIES_SUPPORT_CANNOT_BE_TURNED_OFF",
    ),
    rules.HubSpotDefinedSchema: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Object type {e.object_type.id} is defined by HubSpot and cannot be changed or archived",
        lambda e: {"objectTypeId": [e.object_type.id]},
    ),
    rules.SchemaInUse: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Object type {e.object_type.id} cannot be deleted until all object records are deleted",
        lambda e: {"objectTypeId": [e.object_type.id]},
        sub_category="ObjectSchemaError.EXISTING_OBJECT_RECORDS",
    ),
    rules.SchemaActive: ErrorShape(
        400,
        VALIDATION,
        lambda e: "Couldn't find soft-deleted object type(s)",
        lambda e: {"objectTypeId": [e.object_type.id]},
    ),
    rules.AssociationElsewhere: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Neither fromObjectTypeId nor toObjectTypeId is {e.object_type.id}",
        lambda e: {"objectTypeId": [e.object_type.id]},
    ),
    rules.AssociationWithItself: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Cannot create association definition with itself: {e.object_type.id}",
        lambda e: {"objectTypeId": [e.object_type.id]},
        sub_category="ObjectSchemaError.CANNOT_ASSOCIATE_OBJECT_TYPE_WITH_ITSELF",
    ),
    rules.AssociationDefinitionUnknown: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"Association definition {e.text} does not exist",
        lambda e: {"associationIdentifier": [e.text]},
    ),
}
