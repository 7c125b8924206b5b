"""Reads that wait: portals take turns."""

from typing import NamedTuple

from edgewise.stores.sqlite.lanes import Bounds, Lane

A, B, C = 1, 2, 3


class Item(NamedTuple):
    portal_id: int
    name: str


def filled(bounds: Bounds, *portals: int) -> Lane[Item]:
    lane: Lane[Item] = Lane(bounds)
    for number, portal_id in enumerate(portals):
        lane.add(Item(portal_id, str(number)))
    return lane


def taken(lane: Lane[Item]) -> list[int]:
    """The portals whose items run one after the other, until none is left that may."""
    found = []
    while (item := lane.take()) is not None:
        found.append(item.portal_id)
        lane.done(item)
    return found


def test_portals_take_turns_whatever_many_reads_one_has() -> None:
    assert taken(filled(Bounds(1, 1, 9), A, A, A, A, B, C, C)) == [A, B, C, A, C, A, A]


def test_reads_of_one_portal_run_in_their_order() -> None:
    lane = filled(Bounds(1, 9, 9), A, B, A, A)
    assert [item.name for item in iter(lane.take, None) if item.portal_id == A] == ["0", "2", "3"]


def test_a_portal_has_no_more_at_once_than_it_may_while_others_have_theirs() -> None:
    lane = filled(Bounds(2, 1, 9), A, A, B)
    first = lane.take()
    assert first is not None
    second = lane.take()
    assert second is not None
    assert (first.portal_id, second.portal_id, lane.take()) == (A, B, None)
    assert (lane.waiting, lane.running) == (1, 2)
    lane.done(first)
    assert taken(lane) == [A]


def test_only_so_many_of_a_portal_wait() -> None:
    lane = filled(Bounds(1, 1, 2), A, A)
    assert (lane.has_room(A), lane.has_room(B)) == (False, True)
    lane.take()
    assert lane.has_room(A)


def test_what_waits_can_be_taken_back() -> None:
    lane = filled(Bounds(1, 1, 9), A, B, A)
    for item in [each for each in lane if each.portal_id == A]:
        lane.remove(item)
    assert lane.waiting == 1
    assert taken(lane) == [B]
