"""What holds of a portal after every step of every history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from edgewise.domain.catalog import Catalog
from edgewise.domain.model import Holder, RecordRef
from tests.contract.world import Link, State


def require_sound(before: State, after: State, catalog: Catalog, limits: Mapping[int, int]) -> None:
    """Check the state that a step leaves, and that it gave no record more than its limits allow.

    catalog, limits: what the portal defines after the step.
    """
    live = {RecordRef(code, record.record_id) for code, record in after.records if not record.is_archived}
    for link in after.links:
        _require_sound_link(link, after.links, live, catalog)
    former, degrees = _degrees(before), _degrees(after)
    for (holder, key), degree in degrees.items():
        assert degree <= max(limits.get(key, degree), former[holder, key]), (
            "more targets than the limit allows"
        )
        if catalog.association_type(key).holder is Holder.SOURCE:
            assert degree == 1, "a type that is held once is held twice"


def _require_sound_link(link: Link, links: set[Link], live: set[RecordRef], catalog: Catalog) -> None:
    source, target, key = link
    link_type = catalog.find_association_type(key)
    assert link_type is not None, "a link has a type that is gone"
    assert source != target, "a record is linked with itself"
    assert {source, target} <= live, "a record that does not live has a link"
    assert (link_type.source_type, link_type.target_type) == (source.object_type, target.object_type)
    if link_type.is_readable_from_target:
        assert (target, source, link_type.mirror_key) in links, "a link is kept at one end only"
    pair = catalog.pair(*(catalog.object_type_of(ref.object_type) for ref in (source, target)))
    if pair.default is not None:
        assert (source, target, pair.default.key) in links, "a label is without the unlabelled type"


def _degrees(state: State) -> Counter[tuple[RecordRef, int]]:
    """How many targets each record has under each type."""
    return Counter((source, key) for source, _, key in state.links)
