"""The tests here can fail: each planted fault is noticed by the file of the promise that it breaks."""

from collections.abc import Awaitable, Callable
from inspect import signature
from types import ModuleType

import pytest

from edgewise.domain.ports import Store
from edgewise.stores.memory import MemoryStore
from tests.contract import broken_stores as broken
from tests.contract import (
    test_archive,
    test_batches,
    test_both_ends,
    test_concurrency,
    test_idempotence,
    test_labels_and_primary,
    test_paging,
    test_portal_types,
    test_portals,
    test_records,
    test_removal,
    test_tokens,
)
from tests.contract.world import World, new_world, require_sound

FAULTS: list[tuple[type[broken.BrokenStore], ModuleType]] = [
    (broken.WritesOneEnd, test_both_ends),
    (broken.MirrorsUnderTheSameKey, test_both_ends),
    (broken.ReadsHiddenKeys, test_both_ends),
    (broken.LosesTheLastRemoval, test_removal),
    (broken.RemovesOneEnd, test_removal),
    (broken.RemovesWholePairs, test_removal),
    (broken.StartsAPageAtTheCursor, test_paging),
    (broken.PromisesMoreAfterAFullPage, test_paging),
    (broken.CutsTheTypesAtAPageBoundary, test_paging),
    (broken.OrdersIdsAsText, test_paging),
    (broken.ComparesIdsAsFloats, test_paging),
    (broken.RemovesInEveryPortal, test_portals),
    (broken.ArchivesInEveryPortal, test_portals),
    (broken.LinksArchivedRecords, test_archive),
    (broken.RevivesArchivedRecords, test_archive),
    (broken.ForgetsHiddenEndsWhenArchiving, test_archive),
    (broken.KeepsTheFormerPrimary, test_labels_and_primary),
    (broken.MovesPrimaryFromTheContactOnly, test_labels_and_primary),
    (broken.TakesTheWholeLinkOfTheFormerPrimary, test_labels_and_primary),
    (broken.GivesTheFirstTypeTwice, test_labels_and_primary),
    (broken.LooksForTheFirstLinkAtTheSource, test_labels_and_primary),
    (broken.NeverReplacesLabels, test_labels_and_primary),
    (broken.ReplacesEveryType, test_labels_and_primary),
    (broken.TellsTypesByTheirNumber, test_labels_and_primary),
    (broken.KeepsHalfOfAFailedCreate, test_records),
    (broken.GivesIdsTakenByOtherObjectTypes, test_records),
    (broken.CountsOnFromTheLargestId, test_records),
    (broken.ListsArchivedRecordsAmongLiveOnes, test_records),
    (broken.KeepsClearedProperties, test_records),
    (broken.ForgetsTheFirstArchiving, test_idempotence),
    (broken.StopsAtTheFirstMissingEnd, test_batches),
    (broken.DecidesInputsInReverse, test_batches),
    (broken.LosesWritesMadeMeanwhile, test_concurrency),
    (broken.ChecksRecordsBeforeItsTurn, test_concurrency),
    (broken.ShowsACallUnderWay, test_concurrency),
    (broken.FailsTheNextCallToo, test_concurrency),
    (broken.OpensTheFirstPortalWithEveryToken, test_tokens),
    (broken.OverwritesPortalTypes, test_portal_types),
]

Check = Callable[[World], Awaitable[None]]


def _checks(module: ModuleType) -> list[Check]:
    """The tests of a file that need nothing but a world."""
    return [
        function
        for name, function in vars(module).items()
        if name.startswith("test_")
        and callable(function)
        and list(signature(function).parameters) == ["world"]
    ]


async def _passes(check: Check, store: Store) -> bool:
    try:
        await check(await new_world(store))
        await require_sound(store)
    except Exception:  # whatever it is, the test would have failed
        return False
    return True


async def _first_failing(promise: ModuleType, new_store: Callable[[], Store]) -> str | None:
    checks = _checks(promise)
    assert checks
    for check in checks:
        if not await _passes(check, new_store()):
            return check.__name__
    return None


@pytest.mark.parametrize(("fault", "promise"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
async def test_a_planted_fault_is_noticed_by_the_tests_of_its_promise(
    fault: type[broken.BrokenStore], promise: ModuleType
):
    assert await _first_failing(promise, fault) is not None


@pytest.mark.parametrize("promise", dict.fromkeys(promise for _, promise in FAULTS), ids=lambda m: m.__name__)
async def test_without_a_fault_nothing_is_noticed(promise: ModuleType):
    assert await _first_failing(promise, MemoryStore) is None


def test_every_planted_fault_is_tried():
    planted = {
        fault
        for fault in vars(broken).values()
        if isinstance(fault, type)
        and issubclass(fault, broken.BrokenStore)
        and fault is not broken.BrokenStore
    }
    assert planted == {fault for fault, _ in FAULTS}
