"""How large values, records and answers may be.

Source: docs/behaviour.md, section 7.4, for values; the other bounds are ours, see docs/decisions/0023-bounds.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from edgewise.domain.errors import AnswerTooLarge, RecordTooLarge
from edgewise.domain.model import LinkPage, Record

VALUE_CHARACTERS_MAX = 65_536
RECORD_CHARACTERS_MAX = 1024 * 1024
"""Of all values of a record together."""

PROPERTIES_MAX = 2_000
"""How many properties of a record one call may set."""

FAULTS_MAX = 100
"""How many refused values of a record are told."""

PAGE_BYTES_MAX = 1024 * 1024
"""A page of records ends where the values that it has are more than this."""

ANSWER_BYTES_MAX = 16 * 1024 * 1024
"""Of the values that are read for one answer that has no pages."""

LINKS_MAX = 100_000
"""How many targets of links one answer tells."""


def require_room(before: Mapping[str, str], after: Mapping[str, str | None]) -> None:
    """Refuse values that a record has no room for; one that has more already may change what makes it no larger.

    Raises: RecordTooLarge.
    """
    size = _characters(after)
    if size > RECORD_CHARACTERS_MAX and size > _characters(before):
        raise RecordTooLarge(RECORD_CHARACTERS_MAX)


def fitting(records: Sequence[Record], size_max: int) -> int:
    """How many of some records have no more values than that in all; one at least, where there is one."""
    return fitting_sizes((_characters(record.properties) for record in records), size_max)


def fitting_sizes(sizes: Iterable[int], size_max: int) -> int:
    """As `fitting`, where sizes are known."""
    room, count = size_max, 0
    for size in sizes:
        room -= size
        if count and room < 0:
            break
        count += 1
    return count


def require_readable(records: Sequence[Record | None]) -> None:
    """Refuse to answer with several records that are too large together. Raises: AnswerTooLarge."""
    present = [record for record in records if record is not None]
    if fitting(present, ANSWER_BYTES_MAX) < len(present):
        raise AnswerTooLarge(ANSWER_BYTES_MAX)


def shortened(pages: Sequence[LinkPage], targets_max: int) -> Sequence[LinkPage]:
    """Pages that have no more targets than that together, but each one at least where it has any."""
    if count_targets(pages) <= targets_max:
        return pages
    short: list[LinkPage] = []
    for page in pages:
        count = min(len(page.targets), max(1, targets_max))
        targets_max -= count
        short.append(LinkPage(page.targets[:count], page.has_more or count < len(page.targets)))
    return short


def count_targets(pages: Sequence[LinkPage]) -> int:
    """How many targets some pages have together."""
    return sum(len(page.targets) for page in pages)


def _characters(values: Mapping[str, str | None]) -> int:
    return sum(map(len, filter(None, values.values())))
