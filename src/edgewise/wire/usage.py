"""Limits tracking: what is asked for, and how usage is spelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from edgewise.domain import usage
from edgewise.domain.catalog import PairTypes
from edgewise.domain.model import ObjectType, Record
from edgewise.domain.property_ports import NO_PROPERTIES, PropertyCount
from edgewise.domain.usage import Crowded, LabelUsage, Nearness
from edgewise.wire.associations import decode_pair
from edgewise.wire.bodies_usage import (
    AssociationLabelLimitResponse,
    AssociationRecordLimitResponse,
    AtLimitRecordSample,
    CalculatedPropertyLimitResponse,
    CollectionResponseAssociationLabelLimitResponseNoPaging,
    CollectionResponseObjectTypeNearOrAtAssociationLimitNoPaging,
    CustomObjectLimitResponse,
    CustomObjectRecordLimitResponse,
    CustomPropertyLimitResponse,
    LimitAndUsageForObjectType,
    NearLimitRecordSample,
    ObjectTypeDefinition,
    ObjectTypeNearOrAtAssociationLimit,
    PipelineLimitResponse,
    RecordLimitResponse,
    UsageForObjectType,
)
from edgewise.wire.messages import Call, Portal, Reply

Overall = TypeVar("Overall", bound=CalculatedPropertyLimitResponse)


class Crowding(NamedTuple):
    """Which types to look at for records near or at their limit. limits: by type key."""

    limits: Mapping[int, int]


class PairCrowding(NamedTuple):
    """As `Crowding`, of one ordered pair. limit: that of its unlabelled type."""

    pair: PairTypes
    limits: Mapping[int, int]
    limit: int


class PairFound(NamedTuple):
    """The records of a pair near or at their limit, each once; samples of them, with the records by id."""

    near: Sequence[Crowded]
    at: Sequence[Crowded]
    records: Mapping[int, Record]


def decode_crowding(call: Call) -> Crowding:
    """All types."""
    return Crowding(_limits(call.portal))


def decode_crowding_from(call: Call) -> Crowding:
    """The types from one object type."""
    catalog = call.portal.catalog
    source = catalog.object_type(call.params[0])
    return Crowding(usage.between(catalog, _limits(call.portal), source))


def decode_crowding_of_pair(call: Call) -> PairCrowding:
    """The types of one ordered pair; one without an unlabelled type has the account's limit."""
    pair = decode_pair(call)
    limits = usage.between(call.portal.catalog, _limits(call.portal), pair.source, pair.target)
    limit = call.portal.rules.association_limit if pair.default is None else limits[pair.default.key]
    return PairCrowding(pair, limits, limit)


def decode_labels(call: Call) -> Sequence[LabelUsage]:
    """The ordered pairs with labels, of the object types that the query names, if it does."""
    catalog = call.portal.catalog
    source, target = (
        None if text is None else catalog.object_type(text)
        for text in (call.query("fromObjectTypeId"), call.query("toObjectTypeId"))
    )
    return usage.label_usages(catalog, source, target)


def encode_sources(call: Call, command: Crowding, found: Sequence[Crowded]) -> Reply:
    """The object types with records near or at a limit."""
    return _nearness(usage.by_source(call.portal.catalog, found))


def encode_targets(call: Call, command: Crowding, found: Sequence[Crowded]) -> Reply:
    """The object types towards which records are near or at a limit."""
    return _nearness(usage.by_target(call.portal.catalog, found))


def encode_pair(call: Call, command: PairCrowding, found: PairFound) -> Reply:
    """How many records are near or at their limit, and some of them by name."""
    source = command.pair.source
    near = [
        NearLimitRecordSample(
            record_id, _name(source, record_id, found), each.degree.targets, each.percentage
        )
        for each in found.near[: usage.SAMPLES_MAX]
        for record_id in (each.degree.source.record_id,)
    ]
    at = [
        AtLimitRecordSample(record_id, _name(source, record_id, found))
        for each in found.at[: usage.SAMPLES_MAX]
        for record_id in (each.degree.source.record_id,)
    ]
    return Reply(200, AssociationRecordLimitResponse(command.limit, len(found.near), near, len(found.at), at))


def encode_labels(call: Call, command: Sequence[LabelUsage], outcome: None) -> Reply:
    """How many labels there are, for each direction of each pair that has some."""
    limit = call.portal.rules.labels_per_pair_max
    return Reply(
        200,
        CollectionResponseAssociationLabelLimitResponseNoPaging(
            [
                AssociationLabelLimitResponse(
                    ObjectTypeDefinition(*_labels(source)),
                    ObjectTypeDefinition(*_labels(target)),
                    limit,
                    count,
                    usage.percentage(count, limit),
                    list(labels),
                )
                for source, target, labels, count in command
            ]
        ),
    )


def encode_records(call: Call, command: None, counts: Mapping[int, int]) -> Reply:
    """How many records live of each object type."""
    types = call.portal.catalog.object_types
    own = [t for t in types if not t.is_custom]
    custom = [t for t in types if t.is_custom]
    return Reply(
        200,
        RecordLimitResponse(
            [_limited(t, counts.get(t.code, 0), usage.RECORDS_MAX) for t in own],
            _overall(
                CustomObjectRecordLimitResponse,
                [(t, counts.get(t.code, 0)) for t in custom],
                usage.RECORDS_MAX,
            ),
        ),
    )


def encode_pipelines(call: Call, command: None, counts: Mapping[int, int]) -> Reply:
    """How many pipelines there are beside HubSpot's own, and how many there may be."""
    types = call.portal.catalog.object_types
    limits = usage.PIPELINES_MAX
    custom = [(t, counts.get(t.code, 0)) for t in types if t.is_custom]
    return Reply(
        200,
        PipelineLimitResponse(
            [_limited(t, counts.get(t.code, 0), limits[t.id]) for t in types if t.id in limits],
            _overall(CustomObjectRecordLimitResponse, custom, usage.CUSTOM_PIPELINES_MAX),
        ),
    )


def encode_custom_object_types(call: Call, command: None, outcome: None) -> Reply:
    """How many object types the portal defined."""
    count, limit = len(call.portal.types.object_types), usage.CUSTOM_OBJECT_TYPES_MAX
    return Reply(200, CustomObjectLimitResponse(limit, count, usage.percentage(count, limit)))


def encode_custom_properties(call: Call, command: None, counts: Mapping[int, PropertyCount]) -> Reply:
    """How many properties the portal defined, and how many it may define."""
    found = [(t, counts.get(t.code, NO_PROPERTIES).total) for t in call.portal.catalog.object_types]
    total, limit = sum(count for _, count in found), usage.ALL_PROPERTIES_MAX
    by_object_type = [_limited(t, count, usage.PROPERTIES_MAX) for t, count in found]
    return Reply(
        200, CustomPropertyLimitResponse(limit, total, usage.percentage(total, limit), by_object_type)
    )


def encode_calculated_properties(call: Call, command: None, counts: Mapping[int, PropertyCount]) -> Reply:
    """How many of the properties that the portal defined are calculated, and how many may be."""
    found = [(t, counts.get(t.code, NO_PROPERTIES).calculated) for t in call.portal.catalog.object_types]
    return Reply(200, _overall(CalculatedPropertyLimitResponse, found, usage.CALCULATED_PROPERTIES_MAX))


def _limits(portal: Portal) -> dict[int, int]:
    return usage.limits_of(portal.catalog, portal.types.limits, portal.rules)


def _nearness(found: Iterable[Nearness]) -> Reply:
    return Reply(
        200,
        CollectionResponseObjectTypeNearOrAtAssociationLimitNoPaging(
            [
                ObjectTypeNearOrAtAssociationLimit(*_labels(object_type), has_near, has_at)
                for object_type, has_near, has_at in found
            ]
        ),
    )


def _name(object_type: ObjectType, record_id: int, found: PairFound) -> str:
    record = found.records.get(record_id)
    return usage.display_name(object_type, record_id, {} if record is None else record.properties)


def _limited(object_type: ObjectType, count: int, limit: int) -> LimitAndUsageForObjectType:
    return LimitAndUsageForObjectType(*_labels(object_type), count, limit, usage.percentage(count, limit))


def _overall(shape: type[Overall], counts: Sequence[tuple[ObjectType, int]], limit: int) -> Overall:
    """How much of a limit object types use together, and each of them."""
    total = sum(count for _, count in counts)
    by_object_type = [UsageForObjectType(*_labels(object_type), count) for object_type, count in counts]
    return shape(limit, total, usage.percentage(total, limit), by_object_type)


def _labels(object_type: ObjectType) -> tuple[str, str, str]:
    """The id and both names of an object type; HubSpot's own as people read them, `Line item` for `line_item`."""
    names = object_type.name, object_type.plural
    if not object_type.is_custom:
        names = _as_text(names[0]), _as_text(names[1])
    return object_type.id, *names


def _as_text(name: str) -> str:
    return name.replace("_", " ").capitalize()
