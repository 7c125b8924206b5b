"""Histories of properties: which are asked for, and how they are spelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import UNSET, UnsetType

from edgewise.domain.histories import history_of
from edgewise.domain.model import ObjectType, Record, Version
from edgewise.wire.bodies_objects import ValueWithTimestamp
from edgewise.wire.steps import Steps, encoded
from edgewise.wire.times import timestamp

_SOURCE_TYPE = "INTEGRATION"
"""Source: docs/behaviour.md, section 9.2: every value was written through the API."""

Histories = dict[str, list[ValueWithTimestamp]]


def histories_body(
    object_type: ObjectType, record: Record, names: Sequence[str], versions: Mapping[str, Sequence[Version]]
) -> Steps[Histories | UnsetType]:
    """The histories of some properties; none is made of none."""
    if not names:
        return UNSET
    moments = (object_type.created_property, object_type.last_modified_property)
    histories: Histories = {}
    for name in names:
        told = history_of(object_type, record, name, versions)
        histories[name] = encoded([_value(version, name in moments) for version in told])
        yield
    return histories


def _value(version: Version, is_moment: bool) -> ValueWithTimestamp:
    at = timestamp(version.at)
    return ValueWithTimestamp(at if is_moment else version.value or "", at, _SOURCE_TYPE)
