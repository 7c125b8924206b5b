"""Which records may be merged, and what they hold once only."""

import pytest

from edgewise.domain.errors import SelfMerge
from edgewise.domain.merges import merge
from edgewise.domain.model import Holder
from tests.contract.toy_types import CHILD_OF, COMPANIES, CONTACTS, DEALS, PRIMARY
from tests.unit.domain.toy_catalog import CATALOG


def test_a_record_is_not_merged_with_itself():
    with pytest.raises(SelfMerge) as refused:
        merge(101, CATALOG, CONTACTS, 5, 5, 1)
    assert refused.value.record_id == 5


@pytest.mark.parametrize(
    ("object_type", "held"), [(CONTACTS, {PRIMARY.key}), (COMPANIES, {CHILD_OF.key}), (DEALS, set())]
)
def test_a_merge_knows_the_types_that_are_held_once(object_type, held):
    command = merge(101, CATALOG, object_type, 5, 6, 1)
    assert {link_type.key for link_type in command.held_once} == held
    assert all(link_type.holder is Holder.SOURCE for link_type in command.held_once)
    assert (command.winner_id, command.loser_id, command.object_type) == (5, 6, object_type.code)
