"""What is measured against which goal, and whether the goal is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median


class Unmeasured(Exception):
    """A measurement went wrong, so it says nothing; the text tells what happened."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the table.

    target: must be reached. aim: should be, or None. is_ceiling: smaller is better.
    unit: of target, aim and figure; empty for a ratio.
    """

    name: str
    what: str
    target: float
    aim: float | None = None
    is_ceiling: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured.

    rounds: a value for each. details: the quantities behind it, the unit at the end of each name.
    doubt: why the figure should not be believed, where there is a reason.
    """

    goal: Goal
    rounds: Sequence[float]
    details: Mapping[str, float] = field(default_factory=dict)
    doubt: str = ""

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return median(self.rounds)

    @property
    def is_met(self) -> bool:
        return reaches(self.value, self.goal.target, self.goal.is_ceiling)

    @property
    def verdict(self) -> str:
        """Whether the target and the aim are reached, and by how much not; and that it is doubtful, when it is."""
        goal = self.goal
        if not self.is_met:
            told = f"missed by {shortfall(self.value, goal.target, goal.unit)}"
        elif goal.aim is None:
            told = "met"
        elif reaches(self.value, goal.aim, goal.is_ceiling):
            told = "met, aim too"
        else:
            told = f"met, aim missed by {shortfall(self.value, goal.aim, goal.unit)}"
        return f"{told}; doubtful" if self.doubt else told


def reaches(value: float, bound: float, is_ceiling: bool) -> bool:
    """Whether a value is on the right side of a bound."""
    return value <= bound if is_ceiling else value >= bound


def shortfall(value: float, bound: float, unit: str) -> str:
    """How far a value is from a bound, in its unit and in percent of the bound."""
    return f"{quantity(abs(value - bound), unit)} ({abs(value - bound) / bound:.0%})"


def quantity(value: float, unit: str) -> str:
    """A number with its unit; ratios have none."""
    return f"{digits(value, unit)} {unit}".rstrip()


def digits(value: float, unit: str) -> str:
    """As many digits as are worth reading."""
    return f"{value:.1f}" if unit in ("MB", "µs") else f"{value:.3f}"


def medians(samples: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each quantity over samples that all have the same ones."""
    return {name: median(sample[name] for sample in samples) for name in samples[0]}
