"""What every measurement needs: where to work, which cores to use, how long to measure, and whom to tell."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import Cores

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".dev" / "bench"
CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Bench:
    """The frame of a run.

    cache: holds databases that later runs use again, on the disk that is measured.
    rounds: of each comparison with the control. window_s: how long one side is under load in a round.
    batches: in a round. starts: of the server, timed.
    """

    cores: Cores
    cache: Path = CACHE
    rounds: int = 7
    window_s: int = 3
    growth_rounds: int = 7
    batch_rounds: int = 7
    batches: int = 12
    starts: int = 9

    def say(self, text: str) -> None:
        """Tell how far things are."""
        print(f"bench: {text}", file=sys.stderr, flush=True)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder for the working copies of one measurement; gone afterwards."""
        self.cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="run-", dir=self.cache) as folder:
            yield Path(folder)


def quick(cores: Cores) -> Bench:
    """A short run: shows that everything works, and roughly where the figures are."""
    return Bench(
        cores,
        rounds=3,
        window_s=1,
        growth_rounds=2,
        batch_rounds=3,
        batches=5,
        starts=5,
    )


def copy_database(template: Path, copy: Path) -> Path:
    """A copy that is on the disk already, so that writing it out does not disturb what is measured."""
    shutil.copyfile(template, copy)
    with copy.open("rb+") as file:
        os.fsync(file.fileno())
    return copy
