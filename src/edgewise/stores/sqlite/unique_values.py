"""Values that no two live records of a type may share; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from edgewise.domain.model import ValueTaken
from edgewise.domain.record_keys import PropertyKey, unique_keys
from edgewise.stores.sqlite.connections import QUERIES, Cursor
from edgewise.stores.sqlite.values import holders

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def taken(
    cursor: Cursor,
    portal_id: int,
    object_type: int,
    unique: Sequence[str],
    properties: Mapping[str, str | None],
    own: Mapping[str, str] | None = None,
) -> ValueTaken | None:
    """The first value that another record has. own: the properties of the record that is to have them."""
    for key in unique_keys(unique, properties):
        if own is None or not key.tells(own.get(key.name)):
            ids = holders(cursor, portal_id, object_type, key)
            if ids:
                return ValueTaken(key.name, key.value, ids[0])
    return None


def taken_by_new(
    cursor: Cursor,
    portal_id: int,
    object_type: int,
    unique: Sequence[str],
    records: Iterable[Mapping[str, str]],
) -> ValueTaken | None:
    """The first value of new records that a live one has, or an earlier new one."""
    if not unique:
        return None
    earlier: set[PropertyKey] = set()
    for properties in records:
        keys = unique_keys(unique, properties)
        for key in keys:
            ids = holders(cursor, portal_id, object_type, key)
            if ids or key in earlier:
                return ValueTaken(key.name, key.value, ids[0] if ids else 0)
        earlier.update(keys)
    return None


def for_each(
    cursor: Cursor, items: Sequence[Item], do: Callable[[Item], Answer | ValueTaken], takes_back: bool
) -> list[Answer | ValueTaken] | ValueTaken:
    """Do something with items, one after the other. takes_back: one that is refused leaves all of them undone."""
    if not takes_back or len(items) <= 1:
        answers = [do(item) for item in items]
        return next((each for each in answers if takes_back and isinstance(each, ValueTaken)), answers)
    cursor.execute(QUERIES.savepoint)
    answers = []
    for item in items:
        answer = do(item)
        if isinstance(answer, ValueTaken):
            cursor.execute(QUERIES.roll_back_to_savepoint)
            return answer
        answers.append(answer)
    cursor.execute(QUERIES.release_savepoint)
    return answers
