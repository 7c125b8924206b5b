"""Long mixed histories come to the same on SQLite as on the memory store, and planted faults come to light."""

from pathlib import Path

import pytest
from hypothesis import seed
from hypothesis.stateful import run_state_machine_as_test

from edgewise.domain.ports import Store
from tests.contract import broken_limits, broken_stores
from tests.model.lengths import BOUNDED, LONG, UNTIL_CAUGHT
from tests.model.machine import Histories

FAULTS = (
    broken_stores.WritesOneEnd,
    broken_stores.LosesTheLastRemoval,
    broken_limits.LetsOneTooManyIn,
    broken_stores.OrdersIdsAsText,
    broken_stores.ReadsLinksOfEveryPortal,
)


def test_histories_come_to_the_same_on_both_stores() -> None:
    run_state_machine_as_test(Histories, settings=BOUNDED)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_thousands_of_histories_come_to_the_same_on_both_stores() -> None:
    run_state_machine_as_test(Histories, settings=LONG)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_comes_to_light(fault: type[broken_stores.BrokenStore]) -> None:
    @seed(1)
    class OnABrokenStore(Histories):
        @staticmethod
        def store_to_try(folder: Path) -> Store:
            return fault()

    with pytest.raises(AssertionError):
        run_state_machine_as_test(OnABrokenStore, settings=UNTIL_CAUGHT)
