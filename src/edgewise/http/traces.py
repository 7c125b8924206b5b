"""Errors as a log may tell them: where they come from, without the values that their texts may hold."""

from __future__ import annotations

from collections.abc import Iterator
from traceback import extract_tb, format_list

from edgewise.domain.errors import StoreError


def cause_of(error: BaseException) -> str:
    """An error in a few words: its class, with its text where that can hold nothing which a client sent.

    That is the text of a store, and of what it says is the cause: the driver's, or the system's.
    """
    if isinstance(error, StoreError):
        return f"{error} ({_named(error.__cause__)})" if error.__cause__ else str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__


def place_of(error: BaseException) -> str:
    """The line that raised an error, or nothing where none did."""
    frames = extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"


def trace_of(error: BaseException) -> str:
    """The stack of an error and of those behind it, the first one on top, as Python prints it."""
    told = []
    for each in reversed([*_chain(error)]):
        told.append(
            "".join(["Traceback (most recent call last):\n", *format_list(extract_tb(each.__traceback__))])
        )
        told[-1] += f"{type(each).__module__}.{cause_of(each)}"
    return "\n\n".join(told)


def _named(error: BaseException) -> str:
    text = str(error)
    name = type(error).__name__
    return text if text.startswith(f"{name}: ") else f"{name}: {text}" if text else name


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    next_one: BaseException | None = error
    while next_one is not None and id(next_one) not in seen:
        seen.add(id(next_one))
        yield next_one
        next_one = next_one.__cause__ or (None if next_one.__suppress_context__ else next_one.__context__)
