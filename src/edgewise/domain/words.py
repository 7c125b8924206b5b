"""Words of texts, and what searches look for among them.

A word is a run of letters, digits and underscores, without the case of its letters. Nothing here goes back over a text
that it has read, so time and memory grow with the length of the text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

WILDCARD = "*"

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"\W+")


def words_of(folded: str) -> list[str]:
    """The words of a casefolded text, in order."""
    return _WORD.findall(folded)


def spaced(folded: str) -> str:
    """The words of a casefolded text, with one space before and behind each: what `has_words` looks through."""
    return _GAP.sub(" ", f" {folded} ")


def has_words(text: str, words: str, is_beginning: bool = False) -> bool:
    """Whether words stand in a text one after the other.

    text: as `spaced` makes it. words: joined by single spaces. is_beginning: the last may be the beginning of a word.
    """
    return (f" {words}" if is_beginning else f" {words} ") in text


def further_words(folded: str) -> list[str]:
    """The different words of a casefolded text, but the one that it begins with."""
    words = dict.fromkeys(_WORD.findall(folded))
    if words and folded.startswith(first := next(iter(words))):
        del words[first]
    return list(words)


def contains(folded: str, token: str) -> bool:
    """Whether a casefolded text contains a token: words one after the other, or a pattern with asterisks."""
    return matcher(token)(folded)


@lru_cache(maxsize=256)
def matcher(token: str) -> Callable[[str], bool]:
    """What tells whether a casefolded text contains a casefolded token."""
    if WILDCARD in token:
        patterns = [_matcher_of_chunk(pattern) for pattern in token.split()]
        return lambda text: _has_chunks(text, patterns)
    words = " ".join(words_of(token))
    return lambda text: bool(words) and has_words(spaced(text), words)


def _has_chunks(text: str, patterns: list[Callable[[str], bool]]) -> bool:
    """Whether chunks between spaces, one after the other, match patterns.

    Bit n of `begun` tells that the chunks up to here match the patterns up to n.
    """
    begun, last = 0, 1 << (len(patterns) - 1)
    known: dict[tuple[str, int], bool] = {}
    for chunk in text.split():
        wanted, begun = begun << 1 | 1, 0
        for n, pattern in enumerate(patterns):
            if wanted >> n & 1:
                key = chunk, n
                matches = known.get(key)
                if matches is None:
                    matches = known[key] = pattern(chunk)
                begun |= matches << n
        if begun & last:
            return True
    return False


@lru_cache(maxsize=1024)
def _matcher_of_chunk(pattern: str) -> Callable[[str], bool]:
    """What tells whether a chunk matches a pattern: the first part as far left as it stands at the beginning of a word,
    each further one as far left as it stands behind the one before, the last one as far right as it ends a word. If
    that leaves no room, nothing does.
    """
    first, *rest = pattern.split(WILDCARD)
    if not rest:
        return lambda chunk: _has_part(chunk, first)
    middle, last = [part for part in rest[:-1] if part], rest[-1]

    def matches(chunk: str) -> bool:
        at = _first_end(chunk, first)
        for part in middle:
            if at < 0:
                return False
            found = chunk.find(part, at)
            at = found + len(part) if found >= 0 else -1
        return 0 <= at <= _last_start(chunk, last)

    return matches


def _has_part(chunk: str, part: str) -> bool:
    """Whether a part without asterisks stands in a chunk from the beginning of a word to the end of one."""
    words = _is_word(part[:1]), _is_word(part[-1:])
    return any(
        not (words[1] and _is_word(chunk[at + len(part) : at + len(part) + 1]))
        for at in _starts(chunk, part, words[0])
    )


def _first_end(chunk: str, part: str) -> int:
    """Behind the first place where a part stands that begins a word if it begins with one; below zero for nowhere."""
    if not part:
        return 0
    at = next(_starts(chunk, part, _is_word(part[0])), -1)
    return at + len(part) if at >= 0 else -1


def _last_start(chunk: str, part: str) -> int:
    """The last place where a part stands that ends a word if it ends with one; below zero for nowhere."""
    if not part:
        return len(chunk)
    if not _is_word(part[-1]):
        return chunk.rfind(part)
    ends = (word.end() for word in _WORD.finditer(chunk))
    return max((end - len(part) for end in ends if chunk.endswith(part, 0, end)), default=-1)


def _starts(chunk: str, part: str, begins_word: bool) -> Iterator[int]:
    """Where a part stands, at beginnings of words only or anywhere."""
    if begins_word:
        yield from (word.start() for word in _WORD.finditer(chunk) if chunk.startswith(part, word.start()))
        return
    at = chunk.find(part)
    while at >= 0:
        yield at
        at = chunk.find(part, at + 1)


def _is_word(character: str) -> bool:
    return _WORD.match(character) is not None
