"""What the rules of schemas and pipelines refuse, and how it reads: samples for `test_errors`."""

from edgewise.data import hubspot_types
from edgewise.domain import errors_pipelines, errors_schemas
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import DomainError
from edgewise.domain.model import ObjectType, object_type_code

_CAR = ObjectType(object_type_code("2-7"), "2-7", "car", "Cars")
_TICKET = Catalog(hubspot_types()).object_type("ticket")

SCHEMA_REFUSALS: list[tuple[DomainError, int, str, dict[str, list[str]] | None]] = [
    (
        errors_schemas.InvalidSchemaName("1 car", 50), 400,
        "invalid object type name 1 car",
        {"name": ["1 car"]},
    ),
    (
        errors_schemas.InvalidSchemaLabel("plural", 50), 400,
        "The plural label must not be blank, and must have at most 50 characters", None,
    ),
    (
        errors_schemas.SchemaNameTaken("car"), 409,
        "car already exists", {"name": ["car"]},
    ),
    (
        errors_schemas.TooManyObjectTypes(20), 400,
        "No more than 20 custom object types are allowed in an account", None,
    ),
    (
        errors_schemas.PrimaryDisplayPropertyMissing(), 400, "A primary display property is required", None,
    ),
    (
        errors_schemas.InvalidSecondaryProperties(2), 400,
        "There can be at most 2 secondary display properties, and none of them twice", None,
    ),
    (
        errors_schemas.SchemaPropertiesUnknown("requiredProperties", ["a", "b"]), 400,
        "requiredProperties names properties that the object type does not have: a, b",
        {"requiredProperties": ["a", "b"]},
    ),
    (
        errors_schemas.SensitivePropertiesFixed(), 400,
        "allowsSensitiveProperties cannot be changed to false", None,
    ),
    (
        errors_schemas.HubSpotDefinedSchema(_TICKET), 400,
        "Object type 0-5 is defined by HubSpot and cannot be changed or archived", {"objectTypeId": ["0-5"]},
    ),
    (
        errors_schemas.SchemaInUse(_CAR), 400,
        "Object type 2-7 cannot be deleted until all object records are deleted", {"objectTypeId": ["2-7"]},
    ),
    (
        errors_schemas.SchemaActive(_CAR), 400,
        "Couldn't find soft-deleted object type(s)", {"objectTypeId": ["2-7"]},
    ),
    (
        errors_schemas.AssociationElsewhere(_CAR), 400,
        "Neither fromObjectTypeId nor toObjectTypeId is 2-7", {"objectTypeId": ["2-7"]},
    ),
    (
        errors_schemas.AssociationWithItself(_CAR), 400,
        "Cannot create association definition with itself: 2-7", {"objectTypeId": ["2-7"]},
    ),
    (
        errors_schemas.AssociationDefinitionUnknown("9"), 404,
        "Association definition 9 does not exist", {"associationIdentifier": ["9"]},
    ),
    (
        errors_pipelines.PipelineNotFound("p"), 404,
        "Pipeline with ID p does not exist", {"pipelineId": ["p"]},
    ),
    (errors_pipelines.StageNotFound("s"), 404, "Stage with ID s does not exist", {"stageId": ["s"]}),
    (
        errors_pipelines.PipelineIdTaken("p"), 400,
        "There's another pipeline with pipelineId p", {"pipelineId": ["p"]},
    ),
    (
        errors_pipelines.PipelineIdTakenElsewhere("p"), 409,
        "A pipeline of another object type has the pipelineId p", {"pipelineId": ["p"]},
    ),
    (
        errors_pipelines.PipelineLabelTaken("P"), 400,
        "An active pipeline with label P already exists", {"label": ["P"]},
    ),
    (
        errors_pipelines.StageIdTaken("s"), 400,
        "Another stage is already using stage id s", {"stageId": ["s"]},
    ),
    (
        errors_pipelines.StageIdTakenElsewhere(["s", "t"]), 409,
        "Stage IDs: [s, t] exist in another pipeline", {"stageIds": ["[s, t]"]},
    ),
    (
        errors_pipelines.StageLabelTaken("S"), 400,
        "Another stage of the pipeline has the label S", {"label": ["S"]},
    ),
    (
        errors_pipelines.InvalidPipelineText("label", 200), 400,
        "label must not be blank, and must have at most 200 characters", None,
    ),
    (
        errors_pipelines.InvalidDisplayOrder(-1), 400,
        "displayOrder of a stage must not be below 0, and is -1", None,
    ),
    (errors_pipelines.StagesMissing(), 400, "Pipeline must have at least one stage", None),
    (
        errors_pipelines.InvalidStageMetadata("ticketState", "open", "[OPEN, CLOSED]"), 400,
        "open is not a valid ticketState; it must be [OPEN, CLOSED]", {"ticketState": ["open"]},
    ),
    (
        errors_pipelines.ClosedStageMissing(), 400,
        "A ticket pipeline must have a stage with the ticketState CLOSED", None,
    ),
    (
        errors_pipelines.TooManyPipelines(100), 400,
        "No more than 100 pipelines are allowed in an object type", None,
    ),
    (
        errors_pipelines.TooManyStages(30), 400, "No more than 30 stages are allowed in a pipeline", None,
    ),
    (
        errors_pipelines.StagesInUse(["won", "lost"], [5, 6]), 400,
        "Stage IDs: [won, lost] are being referenced by object IDs: [5, 6]",
        {"stageIds": ["[won, lost]"], "objectIds": ["[5, 6]"]},
    ),
    (errors_pipelines.OwnerNotFound("7"), 404, "Owner 7 does not exist", {"ownerId": ["7"]}),
    (
        errors_pipelines.InvalidOwnerKey("email"), 400,
        "email is not a valid idProperty; it must be id or userId", {"idProperty": ["email"]},
    ),
]  # fmt: skip

SCHEMA_SUB_CATEGORIES: dict[type[DomainError], str] = {
    errors_schemas.InvalidSchemaName: "InboundDbObjectTypeError.OBJECT_TYPE_NAME_FORMAT",
    errors_schemas.SchemaNameTaken: "InboundDbObjectTypeError.OBJECT_TYPE_ALREADY_EXIST",
    errors_schemas.PrimaryDisplayPropertyMissing: "ObjectSchemaError.PRIMARY_DISPLAY_PROPERTY_REQUIRED",
    errors_schemas.SensitivePropertiesFixed: (
        "InboundDbObjectTypeError.SENSITIVE_PROPERTIES_SUPPORT_CANNOT_BE_TURNED_OFF"
    ),
    errors_schemas.SchemaInUse: "ObjectSchemaError.EXISTING_OBJECT_RECORDS",
    errors_schemas.AssociationWithItself: "ObjectSchemaError.CANNOT_ASSOCIATE_OBJECT_TYPE_WITH_ITSELF",
    errors_pipelines.PipelineIdTakenElsewhere: "PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
    errors_pipelines.StageIdTakenElsewhere: "PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
    errors_pipelines.StageLabelTaken: "PipelineError.STAGE_LABEL_EXISTS",
    errors_pipelines.InvalidStageMetadata: "PipelineError.INVALID_PIPELINE_STAGE_METADATA",
    errors_pipelines.ClosedStageMissing: "PipelineError.MISSING_CLOSED_STAGE",
    errors_pipelines.StagesInUse: "PipelineError.STAGE_ID_IN_USE",
}
