"""Response shapes of limits tracking and of the high-usage report, named as HubSpot names them."""

from __future__ import annotations

from edgewise.wire.bodies import Body


class ObjectTypeDefinition(Body):
    object_type_id: str
    singular_label: str
    plural_label: str


class AssociationLabelLimitResponse(Body):
    from_object_type: ObjectTypeDefinition
    to_object_type: ObjectTypeDefinition
    limit: int
    usage: int
    percentage: float
    all_labels: list[str]


class CollectionResponseAssociationLabelLimitResponseNoPaging(Body):
    results: list[AssociationLabelLimitResponse]


class ObjectTypeNearOrAtAssociationLimit(ObjectTypeDefinition):
    has_records_near_limit: bool
    has_records_at_limit: bool


class CollectionResponseObjectTypeNearOrAtAssociationLimitNoPaging(Body):
    results: list[ObjectTypeNearOrAtAssociationLimit]


class AtLimitRecordSample(Body):
    object_id: int
    label: str


class NearLimitRecordSample(AtLimitRecordSample):
    usage: int
    percentage: float


class AssociationRecordLimitResponse(Body):
    limit: int
    total_records_near_limit: int
    near_limit_from_record_samples: list[NearLimitRecordSample]
    total_records_at_limit: int
    at_limit_from_record_samples: list[AtLimitRecordSample]


class UsageForObjectType(ObjectTypeDefinition):
    usage: int


class LimitAndUsageForObjectType(UsageForObjectType):
    limit: int
    percentage: float


class CalculatedPropertyLimitResponse(Body):
    overall_limit: int
    overall_usage: int
    overall_percentage: float
    by_object_type: list[UsageForObjectType]


class CustomObjectRecordLimitResponse(CalculatedPropertyLimitResponse):
    pass


class CustomPropertyLimitResponse(Body):
    overall_limit: int
    overall_usage: int
    overall_percentage: float
    by_object_type: list[LimitAndUsageForObjectType]


class CustomObjectLimitResponse(Body):
    limit: int
    usage: int
    percentage: float


class RecordLimitResponse(Body):
    hubspot_defined_object_types: list[LimitAndUsageForObjectType]
    custom_object_types: CustomObjectRecordLimitResponse


class PipelineLimitResponse(RecordLimitResponse):
    pass


class DateTime(Body):
    value: int
    date_only: bool
    time_zone_shift: int


class ReportCreationResponse(Body):
    enqueue_time: DateTime
    user_id: int
    user_email: str
