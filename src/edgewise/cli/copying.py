"""What the verbs about backups have in common: how far a copy is, what ends it, and what is in it."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, Self

import typer

if TYPE_CHECKING:
    from edgewise.stores.sqlite.copies import Contents
    from edgewise.stores.sqlite.copies import Progress as Copied

_SHOWN_EVERY_S = 0.1
_COUNTED = ("portals", "tokens", "records", "links")


class Terminated(BaseException):
    """The signal that asks a program to end. Not an Exception: nothing but the end of a command takes it."""


class Progress:
    """A line on a terminal that tells how far a copy is, and is gone when it is done; nothing elsewhere."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._started = self._shown_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the line away."""
        self._write("")

    def show(self, copied: Copied) -> None:
        """Show how far it is, unless that was done a moment ago."""
        now = time.monotonic()
        if copied.is_checking:
            self._write("Checking the copy …")
        elif now - self._shown_at >= _SHOWN_EVERY_S and copied.done:
            self._shown_at = now
            rate = copied.done / (now - self._started)
            left_s = (copied.total - copied.done) / rate
            of = f"{megabytes(copied.done)} of {megabytes(copied.total)}"
            self._write(f"Copied {of}, {megabytes(rate)} a second, {left_s:.0f} s left")

    def _write(self, text: str) -> None:
        if self._is_shown:
            typer.echo(f"\r\x1b[K{text}", err=True, nl=False)


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM be raised as `Terminated`, so that nothing unfinished is left."""

    def end(*_: object) -> NoReturn:
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def megabytes(count: float) -> str:
    """So many bytes, as people read them."""
    return f"{count / 2**20:,.1f} MiB"


def contents_of(contents: Contents) -> dict[str, int | None]:
    """How much a copy holds, by what; None where its schema has no such table."""
    return {name: getattr(contents, name) for name in _COUNTED}


def contents_told(contents: Contents) -> str:
    """The same, as people read it."""
    counts = contents_of(contents).items()
    told = ", ".join(
        f"{count:,} {name.removesuffix('s') if count == 1 else name}"
        for name, count in counts
        if count is not None
    )
    return f"{told}; schema version {contents.schema_version}"
