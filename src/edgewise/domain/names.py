"""Associate and dissociate by the name of a type, one type for each pair of records, as v3 does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from edgewise.domain.associations import RecordId, first_type, put_links, require_not_self, with_default
from edgewise.domain.batches import Batch
from edgewise.domain.catalog import PairTypes
from edgewise.domain.errors import DomainError
from edgewise.domain.identifiers import record_id_in_body
from edgewise.domain.model import (
    AssociationType,
    Holder,
    LinkRemoval,
    LinkWrite,
    PutLinks,
    RemoveLinks,
)
from edgewise.domain.rules import Rules


class NamedInput(NamedTuple):
    """One input: two records, and the name or number of a type, or None where the input has none."""

    source_id: RecordId
    target_id: RecordId
    type_name: str | None


def associate_named(
    portal_id: int, pair: PairTypes, rules: Rules, inputs: Sequence[NamedInput], at: int
) -> Batch[PutLinks, LinkWrite]:
    """Link pairs of records with the type each input names, and with the unlabelled type beside it.

    The named type is the last one of each write. Labels that are there stay, since an input names one type alone. An
    input without a type links nothing and is no error. at: milliseconds since the epoch.
    Raises: InvalidAssociationType for the whole call.
    Source: docs/behaviour.md, section 4.
    """
    types = _types_of(pair, inputs)
    batch: Batch[PutLinks, LinkWrite] = Batch(pair)
    for position, (source, target, name) in enumerate(inputs):
        try:
            source_id, target_id = record_id_in_body(source), record_id_in_body(target)
            require_not_self(pair, source_id, target_id)
        except DomainError as error:
            batch.refuse(position, error)
            continue
        if name is not None:
            written = with_default(pair, [types[name]])
            batch.accept(position, LinkWrite(source_id, target_id, written, first_type(pair, rules, written)))
    batch.command = put_links(portal_id, pair, rules, batch.accepted, at)
    return batch


def remove_named(portal_id: int, pair: PairTypes, inputs: Sequence[NamedInput]) -> RemoveLinks:
    """Take the named type off pairs of records, from both ends; naming the unlabelled type takes all.

    An input without a type removes nothing. Raises: InvalidAssociationType, InvalidIdentifier, and nothing is removed.
    Source: docs/behaviour.md, sections 1.4 and 4.
    """
    types = _types_of(pair, inputs)
    removals = []
    for source, target, name in inputs:
        source_id, target_id = record_id_in_body(source), record_id_in_body(target)
        if name is not None:
            named = types[name]
            removals.append(LinkRemoval(source_id, target_id, None if named.is_default else (named,)))
    return RemoveLinks(portal_id, pair.source.code, pair.target.code, removals)


def only_type(pair: PairTypes) -> AssociationType | None:
    """The one type that a v3 batch read shows of a pair: primary, where the source holds it once; None shows all.

    Source: docs/behaviour.md, section 4.
    """
    primary = pair.primary
    return primary if primary is not None and primary.holder is Holder.SOURCE else None


def _types_of(pair: PairTypes, inputs: Iterable[NamedInput]) -> dict[str, AssociationType]:
    names = dict.fromkeys(each.type_name for each in inputs if each.type_name is not None)
    return {name: pair.spelled(name) for name in names}
