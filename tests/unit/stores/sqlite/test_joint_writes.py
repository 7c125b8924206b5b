"""Many writes in a few statements come to the same rows as the same writes one after the other."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.domain.model import AssociationType, Category, Holder, LinkWrite, PutLinks
from edgewise.stores.migrate import migrate
from edgewise.stores.sqlite import joint_writes
from edgewise.stores.sqlite.connections import Connection, Cursor
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.single_writes import write_link
from edgewise.stores.sqlite.store import MIGRATIONS
from tests.unit.stores.sqlite.database import COMPANY, CONTACT, PORTAL, link_type, new_database

LABEL, APP = Category.USER_DEFINED, Category.INTEGRATOR_DEFINED

DEFAULT = link_type(279, 280)
PRIMARY = link_type(1, 2, holder=Holder.SOURCE)
SIGNER = link_type(702, 703, holder=Holder.TARGET)
PARTNER = link_type(7, 8, LABEL)
SUPPLIER = link_type(9, 10, APP)
SOLE_OWNER = link_type(11, 12, LABEL, holder=Holder.SOURCE)
ONE_WAY = link_type(13, None, LABEL)
TYPES = (DEFAULT, PRIMARY, SIGNER, PARTNER, SUPPLIER, SOLE_OWNER, ONE_WAY)

PEER = link_type(449, 449, source_type=CONTACT, target_type=CONTACT)
MANAGER = link_type(20, 21, LABEL, source_type=CONTACT, target_type=CONTACT)
EMPLOYEE = link_type(21, 20, LABEL, source_type=CONTACT, target_type=CONTACT)
PARENT = link_type(13, 14, holder=Holder.TARGET, source_type=CONTACT, target_type=CONTACT)
PEER_TYPES = (PEER, MANAGER, EMPLOYEE, PARENT)

Rows = set[tuple[int, ...]]


def _writes(types: Sequence[AssociationType]) -> st.SearchStrategy[list[LinkWrite]]:
    """Few records, so that writes meet; few types in one list, so that many lists need no order."""
    ids = st.integers(1, 5)

    def of_some(some: list[AssociationType]) -> st.SearchStrategy[list[LinkWrite]]:
        named = st.lists(st.sampled_from(some), max_size=3, unique=True).map(tuple)
        first = st.none() | st.sampled_from(some)
        write = st.builds(LinkWrite, ids, ids, named, first).filter(lambda w: w.source_id != w.target_id)
        without_first = write.map(lambda w: w._replace(first_type=None))
        return st.lists(write, max_size=12) | st.lists(without_first, max_size=12)

    return st.lists(st.sampled_from(types), min_size=1, max_size=3, unique=True).flatmap(of_some)


def _scratch_database() -> Connection:
    connection = Connection(":memory:")
    migrate(SqliteLedger(connection), MIGRATIONS, at=1)
    return connection


def _rows(cursor: Cursor) -> Rows:
    return set(cursor.execute("SELECT * FROM edge"))


def _rows_after(before: Rows, command: PutLinks, is_joint: bool) -> Rows:
    cursor = _scratch_database().cursor()
    cursor.executemany("INSERT INTO edge VALUES (?, ?, ?, ?, ?, ?)", before)
    if is_joint:
        joint_writes.write_links(cursor, command, command.writes)
    else:
        for write in command.writes:
            write_link(cursor, command, write)
    return _rows(cursor)


def _require_same_rows(
    target_type: int, earlier: list[LinkWrite], later: list[LinkWrite], replaces_labels: bool
) -> None:
    before = _rows_after(set(), PutLinks(PORTAL, CONTACT, target_type, earlier, 1), is_joint=False)
    command = PutLinks(PORTAL, CONTACT, target_type, later, 1, replaces_labels)
    if not joint_writes.order_decides(command, later):
        assert _rows_after(before, command, True) == _rows_after(before, command, False)


@settings(max_examples=300, deadline=None)
@given(_writes(TYPES), _writes(TYPES), st.booleans())
def test_between_two_object_types(
    earlier: list[LinkWrite], later: list[LinkWrite], replaces_labels: bool
) -> None:
    _require_same_rows(COMPANY, earlier, later, replaces_labels)


@settings(max_examples=200, deadline=None)
@given(_writes(PEER_TYPES), _writes(PEER_TYPES), st.booleans())
def test_within_one_object_type(
    earlier: list[LinkWrite], later: list[LinkWrite], replaces_labels: bool
) -> None:
    _require_same_rows(CONTACT, earlier, later, replaces_labels)


@pytest.mark.parametrize(
    ("types", "first_type", "replaces_labels"),
    [
        ((DEFAULT,), PRIMARY, False),
        ((DEFAULT, PRIMARY), None, False),
        ((DEFAULT, PARTNER), None, True),
        ((DEFAULT, PARTNER, PRIMARY), None, True),
        ((DEFAULT, SIGNER), None, False),
    ],
)
def test_usual_batches_need_no_order(
    types: tuple[AssociationType, ...], first_type: AssociationType | None, replaces_labels: bool
) -> None:
    writes = [LinkWrite(number, number % 3, types, first_type) for number in range(9)]
    command = PutLinks(PORTAL, CONTACT, COMPANY, writes, 1, replaces_labels)

    assert not joint_writes.order_decides(command, writes)


@pytest.mark.parametrize("count", [1, 7, 8, 9, 24, 33])
def test_any_number_of_links_is_written_whole(tmp_path: Path, count: int) -> None:
    connection = new_database(tmp_path / "edgewise.db")
    writes = [LinkWrite(1, number + 1, (DEFAULT,)) for number in range(count)]
    command = PutLinks(PORTAL, CONTACT, COMPANY, writes, 1)
    joint_writes.write_links(connection.cursor(), command, writes)

    near = {(PORTAL, CONTACT, 1, COMPANY, n + 1, DEFAULT.key) for n in range(count)}
    far = {(PORTAL, COMPANY, n + 1, CONTACT, 1, DEFAULT.mirror_key) for n in range(count)}
    assert _rows(connection.cursor()) == near | far
    connection.close()
