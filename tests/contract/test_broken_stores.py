"""The tests here can fail: each planted fault is noticed by the file of the promise that it breaks."""

from collections.abc import Awaitable, Callable
from inspect import signature
from types import ModuleType

import pytest

from edgewise.domain.ports import Store
from edgewise.stores.memory import MemoryStore
from tests.contract import (
    broken_accounts,
    broken_audit,
    broken_jobs,
    broken_limits,
    broken_properties,
    broken_records,
    broken_schemas,
    broken_values,
    test_accounts,
    test_accounts_apps,
    test_accounts_closing,
    test_accounts_tokens,
    test_archive,
    test_audit,
    test_audit_accounts,
    test_batches,
    test_both_ends,
    test_changing_types,
    test_concurrency,
    test_idempotence,
    test_jobs,
    test_labels_and_primary,
    test_limits,
    test_merge,
    test_paging,
    test_pipelines,
    test_portal_types,
    test_portals,
    test_properties,
    test_records,
    test_refused_links,
    test_removal,
    test_schemas,
    test_search,
    test_unique_values,
    test_upsert,
    test_usage,
    test_versions,
)
from tests.contract import broken_stores as broken
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
    (broken.ReadsLinksOfEveryPortal, test_portals),
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
    (broken_accounts.OpensTheFirstPortalWithEveryToken, test_accounts_tokens),
    (broken_accounts.ComparesDigestsWithoutCase, test_accounts_tokens),
    (broken_accounts.ListsTokensOfOtherPortals, test_accounts_tokens),
    (broken_accounts.GrantsEveryScopeForNone, test_accounts_tokens),
    (broken_accounts.ForgetsThatATokenIsReadOnly, test_accounts_tokens),
    (broken_accounts.LosesARevocation, test_accounts_tokens),
    (broken_accounts.RevokesEveryTokenOfThePortal, test_accounts_tokens),
    (broken_accounts.RevokesAgain, test_accounts_tokens),
    (broken_accounts.RemovesARevokedToken, test_accounts_tokens),
    (broken_accounts.LetsLastUseGoBack, test_accounts_tokens),
    (broken_accounts.KeepsATokenTwice, test_accounts_tokens),
    (broken_accounts.KeepsTokensOfPortalsThatAreGone, test_accounts_tokens),
    (broken_accounts.LetsTokensOfAClosedPortalLive, test_accounts_closing),
    (broken_accounts.LetsGrantsToTheAppsOfAClosedPortalLive, test_accounts_closing),
    (broken_accounts.LetsCodesOfAClosedPortalWait, test_accounts_closing),
    (broken_accounts.ClosesWithEveryApp, test_accounts_closing),
    (broken_accounts.GivesThePortalIdOfAClosedPortalAgain, test_accounts),
    (broken_accounts.OffersThePortalIdOfAClosedPortal, test_accounts),
    (broken_accounts.CountsOnFromTheLargestPortalId, test_accounts),
    (broken_accounts.OverwritesAPortal, test_accounts),
    (broken_accounts.ListsPortalsAsTheyWereMade, test_accounts),
    (broken_accounts.SweepsAnOpenPortal, test_accounts_closing),
    (broken_accounts.SweepsEveryPortal, test_accounts_closing),
    (broken_accounts.SweepsTheJobsOfEveryPortal, test_accounts_closing),
    (broken_accounts.SweepsAllAtOnce, test_accounts_closing),
    (broken_accounts.SweepsWithoutJobs, test_accounts_closing),
    (broken_accounts.SweepsOnce, test_accounts_closing),
    (broken_accounts.UsesACodeTwice, test_accounts_apps),
    (broken_accounts.LetsTheGrantOfACodeUsedTwiceLive, test_accounts_apps),
    (broken_accounts.LetsTheRefreshTokenOfACodeUsedTwiceLive, test_accounts_apps),
    (broken_accounts.EndsEveryGrantWithACodeUsedTwice, test_accounts_apps),
    (broken_accounts.UsesUpARefusedCode, test_accounts_apps),
    (broken_accounts.KeepsHalfOfAGrant, test_accounts_apps),
    (broken_accounts.EndsAccessTokensWithTheirRefreshToken, test_accounts_apps),
    (broken_accounts.ForgetsExpiredTokensOfPrivateApps, test_accounts_apps),
    (broken_accounts.ForgetsWhatExpiresAtTheMoment, test_accounts_apps),
    (broken_accounts.ChangesTheSecretOfEveryApp, test_accounts_apps),
    (broken_accounts.TellsAppsByTheirNameWithoutCase, test_accounts_apps),
    (broken_accounts.ForgetsWhichCodeARefreshTokenCameFrom, test_accounts_apps),
    (broken.OverwritesPortalTypes, test_portal_types),
    *((fault, test_schemas) for fault in broken_schemas.SCHEMA_FAULTS),
    *((fault, test_pipelines) for fault in broken_schemas.PIPELINE_FAULTS),
    *((fault, test_properties) for fault in broken_properties.PROPERTY_FAULTS),
    *((fault, test_unique_values) for fault in broken_values.UNIQUE_FAULTS),
    *((fault, test_versions) for fault in broken_values.VERSION_FAULTS),
    (broken_values.FindsWhatARecordWas, test_search),
    (broken_limits.LetsOneTooManyIn, test_limits),
    (broken_limits.LetsOneTooFewIn, test_limits),
    (broken_limits.CountsAtTheWrongEnd, test_limits),
    (broken_limits.LimitsTheEndThatWritesOnly, test_limits),
    (broken_limits.CountsAllTypesTogether, test_limits),
    (broken_limits.LimitsEveryPortal, test_limits),
    (broken_limits.CountsLinksOfEveryPortal, test_limits),
    (broken_limits.NeedsRoomForALinkThatIsThere, test_limits),
    (broken_limits.NeedsRoomForATypeThatMoves, test_limits),
    (broken_limits.NeverRefusesATypeThatMoves, test_limits),
    (broken_limits.CutsLinksDownToANewLimit, test_limits),
    (broken_limits.CountsAsAtTheStartOfACall, test_limits),
    (broken_limits.CountsBeforeItsTurn, test_refused_links),
    (broken_limits.WritesTheTypesThatHaveRoom, test_refused_links),
    (broken_limits.ReplacesLabelsBeforeItRefuses, test_refused_links),
    (broken_limits.MakesRecordsBeforeItRefuses, test_refused_links),
    (broken_limits.GivesTheFirstTypeWithoutRoom, test_refused_links),
    (broken_limits.RefusesAWriteForItsFirstType, test_refused_links),
    (broken_limits.IgnoresLimitsOnCreate, test_refused_links),
    (broken_limits.KeepsHalfOfARefusedCreate, test_refused_links),
    (broken_limits.UsesUpTheIdsOfARefusedCreate, test_refused_links),
    (broken_limits.TellsTheIdOfARecordThatIsNot, test_refused_links),
    (broken_limits.LeavesARemovedTypeAtTheFarEnd, test_changing_types),
    (broken_limits.KeepsTheLinksOfARemovedType, test_changing_types),
    (broken_limits.TakesWholeLinksWithARemovedType, test_changing_types),
    (broken_limits.KeepsTheLimitOfARemovedType, test_changing_types),
    (broken_limits.WritesTypesThatAreGone, test_changing_types),
    (broken_limits.GivesTypeIdsTwice, test_changing_types),
    (broken_limits.CountsChangesOfTypesOnly, test_changing_types),
    (broken_limits.CountsChangesThatFail, test_changing_types),
    (broken_limits.DecidesOnFormerTypes, test_changing_types),
    (broken_limits.ChangesTypesOfEveryPortal, test_changing_types),
    (broken_records.FindsEmailsAsTheyAreWritten, test_upsert),
    (broken_records.UpsertsAsAtTheStartOfACall, test_upsert),
    (broken_records.MakesRecordsNobodyWished, test_upsert),
    (broken_records.MakesRecordsWithoutTheirKey, test_upsert),
    (broken_records.CountsThePageInPlaceOfAll, test_search),
    (broken_records.FindsArchivedRecordsToo, test_search),
    (broken_records.NeverSorts, test_search),
    (broken_records.FindsRecordsByHiddenLinks, test_search),
    (broken_records.KeepsBothPrimariesOfAMerge, test_merge),
    (broken_records.LetsTheLoserOfAMergeSpeak, test_merge),
    (broken_records.MergesLinksAtOneEnd, test_merge),
    (broken_records.ForgetsEarlierMerges, test_merge),
    (broken_records.GivesIdsOfPurgedRecordsAgain, test_merge),
    (broken_records.KeepsWhatWasMergedIntoAPurgedRecord, test_merge),
    (broken_records.PurgesLiveRecordsOnly, test_merge),
    (broken_audit.NotesNothing, test_audit),
    (broken_audit.ForgetsWhoActs, test_audit),
    (broken_audit.NotesTheFirstWhoActed, test_audit),
    (broken_audit.ForgetsWhen, test_audit),
    (broken_audit.NotesRefusedWrites, test_audit),
    (broken_audit.NotesLinksThatWereThere, test_audit),
    (broken_audit.NotesAnEntryForEachLink, test_audit),
    (broken_audit.NotesTheFirstPairOfABatch, test_audit),
    (broken_audit.NotesRemovalsOfNothing, test_audit),
    (broken_audit.NotesPropertiesAsTheyWere, test_audit_accounts),
    (broken_audit.NotesPipelinesInUse, test_audit_accounts),
    (broken_audit.NotesRecordsWithoutLinks, test_audit),
    (broken_audit.NotesWhatWasAskedToBeArchived, test_audit),
    (broken_audit.NotesThePropertyOfAPurge, test_audit),
    (broken_audit.NotesDigests, test_audit_accounts),
    (broken_audit.NotesRevocationsAgain, test_audit_accounts),
    (broken_audit.ForgetsClosedPortals, test_audit_accounts),
    (broken_audit.ReadsEntriesOfOtherPortals, test_audit_accounts),
    (broken_audit.ReadsTheLatestOfOtherPortals, test_audit_accounts),
    (broken_audit.ReadsTheLatestFirst, test_audit_accounts),
    (broken_audit.LimitsBeforeItLooks, test_audit_accounts),
    (broken_audit.IgnoresTheToken, test_audit_accounts),
    (broken_audit.LeavesOutTheMomentAskedFor, test_audit_accounts),
    (broken_jobs.CountsArchivedRecords, test_usage),
    (broken_jobs.CountsRecordsOfEveryPortal, test_usage),
    (broken_jobs.LooksForMoreThanTheThreshold, test_usage),
    (broken_jobs.CountsPairsWhateverTheirTypes, test_usage),
    (broken_jobs.ListsCrowdedRecordsByIdAlone, test_usage),
    (broken_jobs.CountsFromEitherEnd, test_usage),
    (broken_jobs.LeavesATakenJobToOthers, test_jobs),
    (broken_jobs.TakesJobsThatAreNotDue, test_jobs),
    (broken_jobs.NeverTakesAJobOver, test_jobs),
    (broken_jobs.TakesTheLatestJobFirst, test_jobs),
    (broken_jobs.LetsALateWorkerFinish, test_jobs),
    (broken_jobs.KeepsTheErrorOfAFinishedJob, test_jobs),
    (broken_jobs.TriesAGivenUpJobAgain, test_jobs),
    (broken_jobs.ReadsJobsOfOtherPortals, test_jobs),
    (broken_jobs.ListsJobsOfOtherPortals, test_jobs),
    (broken_jobs.TellsOfTheFirstJobOnly, test_jobs),
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
    except (Exception, pytest.fail.Exception):  # whatever it is, the test would have failed
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
        for module in (
            broken,
            broken_accounts,
            broken_audit,
            broken_jobs,
            broken_limits,
            broken_properties,
            broken_records,
            broken_schemas,
            broken_values,
        )
        for fault in vars(module).values()
        if isinstance(fault, type)
        and issubclass(fault, broken.BrokenStore)
        and fault is not broken.BrokenStore
    }
    assert planted == {fault for fault, _ in FAULTS}
