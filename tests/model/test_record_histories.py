"""Whatever is asked of records and their links, every store answers as documented, and planted faults come to light."""

from pathlib import Path

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from edgewise.domain.ports import Store
from edgewise.stores.memory import MemoryStore
from tests.contract import broken_records, broken_stores, broken_values
from tests.model.lengths import BOUNDED, LONG, UNTIL_CAUGHT
from tests.model.record_machine import RecordHistories

FAULTS = (
    broken_records.KeepsBothPrimariesOfAMerge,
    broken_records.LetsTheLoserOfAMergeSpeak,
    broken_records.KeepsWhatWasMergedIntoAPurgedRecord,
    broken_values.KeepsValuesForArchivedRecords,
    broken_values.MakesNothingBesideARefusedOne,
    broken_stores.KeepsHalfOfAFailedCreate,
)


class OnTheMemoryStore(RecordHistories):
    @staticmethod
    def store_to_try(folder: Path) -> Store:
        return MemoryStore()


@pytest.mark.parametrize(("histories", "count"), [(RecordHistories, 80), (OnTheMemoryStore, 20)])
def test_histories_read_as_documented(histories: type[RecordHistories], count: int) -> None:
    run_state_machine_as_test(
        histories, settings=settings(BOUNDED, max_examples=count, stateful_step_count=25)
    )


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_thousands_of_histories_read_as_documented() -> None:
    run_state_machine_as_test(RecordHistories, settings=LONG)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_comes_to_light(fault: type[broken_stores.BrokenStore]) -> None:
    @seed(1)
    class OnABrokenStore(RecordHistories):
        @staticmethod
        def store_to_try(folder: Path) -> Store:
            return fault()

    with pytest.raises(AssertionError):
        run_state_machine_as_test(OnABrokenStore, settings=UNTIL_CAUGHT)
