"""One operation over many inputs: those the rules accept go on, the others are told why, each on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from edgewise.domain.catalog import PairTypes
from edgewise.domain.errors import DomainError, TooManyInputs, forget_frames

Command = TypeVar("Command")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that was refused: its position among the inputs, and why. trace_id: what the client calls it."""

    position: int
    error: DomainError
    trace_id: str | None = None

    def __post_init__(self) -> None:
        forget_frames(self.error)


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
