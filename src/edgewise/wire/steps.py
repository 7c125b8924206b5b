"""Work that may be long, done in steps between which others get their turn."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

import msgspec

Result = TypeVar("Result")

Steps = Generator[None, None, Result]
"""Work that yields wherever it may be interrupted, and answers its result."""


def at_once(steps: Steps[Result]) -> Result:
    """The result of steps that nobody waits between."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: Result = done.value
            return result


def encoded(part: Any) -> Any:
    """A part of a large answer as the JSON that stands for it in the whole."""
    return msgspec.Raw(_encode(part))


_encode = msgspec.json.Encoder().encode
