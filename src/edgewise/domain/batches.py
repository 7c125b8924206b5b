"""One operation over many inputs: those the rules accept go on, the others are told why, each on its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from edgewise.domain.catalog import PairTypes
from edgewise.domain.errors import DomainError, TooManyInputs

Command = TypeVar("Command")
Item = TypeVar("Item")


class _Failure(NamedTuple):
    position: int
    error: DomainError
    trace_id: str | None = None


class Failure(_Failure):
    """An input that was refused: its position among the inputs, and why. trace_id: what the client calls it.

    The error lets go of the frames that raised it. They hold the list of failures, and all that was loaded to decide:
    a circle that only the garbage collector would find, later and all at once, while nobody is served.
    """

    __slots__ = ()

    def __new__(cls, position: int, error: DomainError, trace_id: str | None = None) -> Failure:
        """Of an error that is kept, not raised again."""
        error.__traceback__ = None
        return super().__new__(cls, position, error, trace_id)


class Batch(Generic[Command, Item]):
    """The accepted items of a batch, the positions of their inputs, and the failures of the others.

    pair: the object types that the whole batch is about. command: what the store shall do with the accepted ones.
    """

    __slots__ = ("accepted", "command", "failures", "pair", "positions")

    command: Command

    def __init__(self, pair: PairTypes) -> None:
        self.pair = pair
        self.accepted: list[Item] = []
        self.positions: list[int] = []
        self.failures: list[Failure] = []

    def accept(self, position: int, item: Item) -> None:
        """Let an input go on."""
        self.accepted.append(item)
        self.positions.append(position)

    def refuse(self, position: int, error: DomainError) -> None:
        """Leave an input out."""
        self.failures.append(Failure(position, error))


def require_at_most(inputs_max: int, inputs: Sequence[object]) -> None:
    """Refuse a call with more inputs than its operation takes. Raises: TooManyInputs."""
    if len(inputs) > inputs_max:
        raise TooManyInputs(inputs_max)
