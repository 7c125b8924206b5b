"""Limit configurations: requests to inputs of the rules, what became of them to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from edgewise.domain.batches import Failure, require_at_most
from edgewise.domain.catalog import PairTypes
from edgewise.domain.limits import LimitInput
from edgewise.domain.model import AssociationType
from edgewise.wire.associations import WRITE_INPUTS_MAX, decode_pair
from edgewise.wire.bodies_limits import (
    BatchInputPublicAssociationDefinitionConfigurationCreateRequest,
    BatchInputPublicAssociationDefinitionConfigurationUpdateRequest,
    BatchInputPublicAssociationSpec,
    CollectionResponsePublicAssociationDefinitionUserConfigurationNoPaging,
    PublicAssociationDefinitionConfigurationUpdateResult,
    PublicAssociationDefinitionUserConfiguration,
)
from edgewise.wire.envelopes import batch_reply, canceled_reply
from edgewise.wire.messages import Call, Reply
from edgewise.wire.requests import BodyReader

_create_inputs: BodyReader[BatchInputPublicAssociationDefinitionConfigurationCreateRequest] = BodyReader(
    BatchInputPublicAssociationDefinitionConfigurationCreateRequest
)
_update_inputs: BodyReader[BatchInputPublicAssociationDefinitionConfigurationUpdateRequest] = BodyReader(
    BatchInputPublicAssociationDefinitionConfigurationUpdateRequest
)
_purge_inputs: BodyReader[BatchInputPublicAssociationSpec] = BodyReader(BatchInputPublicAssociationSpec)


class SetLimits(NamedTuple):
    """Limits for types of an ordered pair."""

    pair: PairTypes
    inputs: Sequence[LimitInput]


class RemoveLimits(NamedTuple):
    """Types of an ordered pair, by category and typeId, that shall have no limit."""

    pair: PairTypes
    specs: Sequence[tuple[str, int]]


class TypeLimit(NamedTuple):
    """A type and how many targets a record may have under it; None where it has no limit of its own."""

    link_type: AssociationType
    limit: int | None


class LimitsSet(NamedTuple):
    """Each type of the inputs, once, with its new limit; where an input was refused, the failures alone."""

    results: Sequence[TypeLimit]
    failures: Sequence[Failure] = ()


# Decoding.


def decode_create(call: Call) -> SetLimits:
    """Limits to create."""
    return _decode_set(call, _create_inputs)


def decode_update(call: Call) -> SetLimits:
    """Limits to change, or to create where there are none."""
    return _decode_set(call, _update_inputs)


def decode_purge(call: Call) -> RemoveLimits:
    """Limits to remove."""
    pair = decode_pair(call)
    inputs = _purge_inputs.read(call.body).inputs
    require_at_most(WRITE_INPUTS_MAX, inputs)
    return RemoveLimits(pair, [(each.category, each.type_id) for each in inputs])


def _decode_set(
    call: Call,
    body: BodyReader[BatchInputPublicAssociationDefinitionConfigurationCreateRequest]
    | BodyReader[BatchInputPublicAssociationDefinitionConfigurationUpdateRequest],
) -> SetLimits:
    pair = decode_pair(call)
    inputs = body.read(call.body).inputs
    require_at_most(WRITE_INPUTS_MAX, inputs)
    return SetLimits(
        pair, [LimitInput(each.category, each.type_id, each.max_to_object_ids) for each in inputs]
    )


# Encoding.


def encode_list(call: Call, command: PairTypes | None, found: Sequence[TypeLimit]) -> Reply:
    """The limits, and the inverse types that have none."""
    body = CollectionResponsePublicAssociationDefinitionUserConfigurationNoPaging(
        [_configuration(each) for each in found]
    )
    return Reply(200, body)


def encode_create(call: Call, command: SetLimits, outcome: LimitsSet) -> Reply:
    """The limits with the labels of their types; nothing is done unless all of it is."""
    if outcome.failures:
        return canceled_reply(call, outcome.failures)
    return batch_reply(call, [_configuration(each) for each in outcome.results])


def encode_update(call: Call, command: SetLimits, outcome: LimitsSet) -> Reply:
    """The limits without labels; nothing is done unless all of it is."""
    if outcome.failures:
        return canceled_reply(call, outcome.failures)
    results = [
        PublicAssociationDefinitionConfigurationUpdateResult(
            link_type.category.name, link_type.type_id, limit
        )
        for link_type, limit in outcome.results
    ]
    return batch_reply(call, results)


def encode_purge(call: Call, command: RemoveLimits, outcome: None) -> Reply:
    """Done: in the words of a batch without results, or in none; see the quirk `purge_answer`."""
    if call.portal.quirks.purge_answer == "no_content":
        return Reply(204)
    return batch_reply(call, [])


def _configuration(type_limit: TypeLimit) -> PublicAssociationDefinitionUserConfiguration:
    link_type, limit = type_limit
    return PublicAssociationDefinitionUserConfiguration(
        link_type.category.name, link_type.type_id, limit, link_type.label
    )
