"""The inputs of a batch, sorted into those that go on and those that do not."""

import pytest

from edgewise.domain.batches import Batch, Failure, require_at_most
from edgewise.domain.errors import SelfLink, TooManyInputs
from tests.unit.domain.toy_catalog import pair


def test_a_batch_keeps_the_place_of_each_input():
    batch: Batch[str, str] = Batch(pair())
    first, last = SelfLink(1), SelfLink(4)
    batch.refuse(0, first)
    batch.accept(1, "b")
    batch.accept(2, "c")
    batch.refuse(3, last)
    assert (batch.accepted, batch.positions) == (["b", "c"], [1, 2])
    assert batch.failures == [Failure(0, first), Failure(3, last)]
    assert batch.pair is pair()


def test_batches_share_nothing():
    one, other = Batch[str, str](pair()), Batch[str, str](pair())
    one.accept(0, "a")
    one.refuse(1, SelfLink(1))
    assert (other.accepted, other.positions, other.failures) == ([], [], [])


def test_a_call_may_have_as_many_inputs_as_its_operation_takes():
    require_at_most(3, [])
    require_at_most(3, [1, 2, 3])
    with pytest.raises(TooManyInputs) as caught:
        require_at_most(3, [1, 2, 3, 4])
    assert caught.value.inputs_max == 3


def test_a_kept_error_holds_nothing_of_what_raised_it():
    try:
        raise SelfLink(1)
    except SelfLink as error:
        assert Failure(0, error).error.__traceback__ is None
