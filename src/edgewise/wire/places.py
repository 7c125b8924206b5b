"""Where values stand in a JSON text, found by patterns that step over many values at a time.

What precedes the value that is looked for was read as JSON before, so nothing is checked here. Patterns know values of
a few levels; one that is nested deeper is stepped over by the parser.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

_BLANK = r"[ \t\r\n]*+"
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_WORD = r'[^ \t\r\n"\[\]{},:]++'
_BETWEEN = r'[^"\[\]{}]++'
"""Words, and what stands between values."""

_LEVELS = 5


def _container(levels: int) -> str:
    inner = f"|{_container(levels - 1)}" if levels > 1 else ""
    return rf"[\[{{](?:{_BETWEEN}|{_STRING}{inner})*+[\]}}]"


_RUN = 64
_FLAT = r'[^"\[\]{},]*+'
_blank = re.compile(_BLANK)
_value = re.compile(f"{_STRING}|{_WORD}|{_container(_LEVELS)}", re.DOTALL)
_items = re.compile(f"(?:{_FLAT}(?:{_STRING}|{_container(_LEVELS)})?+{_FLAT},){{{_RUN}}}{_BLANK}", re.DOTALL)
_comma = re.compile(f"{_BLANK},{_BLANK}")

_DECODER = json.JSONDecoder(parse_int=float)
"""Only asked where values end: an integer's own value is not wanted, and one of 5,000 digits has none in Python."""


def place_of(text: str, steps: list[Any]) -> tuple[int, int]:
    """Where the innermost value at a path that there is begins, and how many steps led there.

    steps: a position in an array, or a name in an object. Raises: as `end_of`.
    """
    start = _behind(_blank, text, 0)
    for taken, step in enumerate(steps):
        inner = _item(text, start, step) if isinstance(step, int) else _member(text, start, step)
        if inner is None:
            return start, taken
        start = inner
    return start, len(steps)


def end_of(text: str, start: int) -> int:
    """Where the value that begins at `start` ends. Raises: ValueError where it has no end; RecursionError."""
    found = _value.match(text, start)
    return found.end() if found else _DECODER.raw_decode(text, start)[1]


def _item(text: str, start: int, position: int) -> int | None:
    """Where the item of the array that begins at `start` does. Raises: as `end_of`."""
    at = _behind(_blank, text, start + 1)
    while position >= _RUN:
        run = _items.match(text, at)
        if run is None:
            break
        at = run.end()
        position -= _RUN
    for _ in range(position):
        found = _comma.match(text, end_of(text, at))
        if found is None:
            return None
        at = found.end()
    return at


def _member(text: str, start: int, name: str) -> int | None:
    """Where the first value of that name begins, of the object that begins at `start`. Raises: as `end_of`."""
    if text[start : start + 1] != "{":
        return None
    others, wanted = _members(name)
    at = start + 1
    while True:
        at = _behind(others, text, at)
        found = wanted.match(text, at)
        if found is not None:
            return found.end()
        if text[at : at + 1] not in ("[", "{"):
            return None
        at = end_of(text, at)


@lru_cache(maxsize=256)
def _members(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands in an object before a member; the name of that member. A text is a name when a colon follows."""
    wanted = f"{re.escape(json.dumps(name))}{_BLANK}:{_BLANK}"
    others = f"(?:{_BETWEEN}|(?!{wanted}){_STRING}|{_container(_LEVELS)})*+"
    return re.compile(others, re.DOTALL), re.compile(wanted)


def _behind(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
