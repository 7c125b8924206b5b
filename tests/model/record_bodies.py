"""Requests about records and links as bodies have them, and what their answers say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count
from typing import Any

from tests.model.plain_crm import New, Told
from tests.model.plain_facts import Key
from tests.support.crm import spec

Answer = tuple[int, Any]
"""A status and a body."""


def type_body(key: Key) -> Any:
    return spec(key[1], key[0])


def new_body(new: New) -> Any:
    associations = [
        {"to": {"id": str(target[1])}, "types": [type_body(key) for key in keys]}
        for target, keys in new.associations
    ]
    return {"properties": new.properties, "associations": associations}


def told_body(told: Told) -> Any:
    return {"id": told.value} if told.name is None else {"id": told.value, "idProperty": told.name}


def read_body(told: Sequence[Told]) -> Any:
    return {"inputs": [{"id": each.value} for each in told], "idProperty": told[0].name}


def traced(inputs: Iterable[Any]) -> list[Any]:
    """Inputs of a batch that are decided each on its own, since each has a trace id."""
    return [{**each, "objectWriteTraceId": str(number)} for number, each in enumerate(inputs)]


def made_ids(answer: Answer) -> Iterator[int]:
    """The ids that a write gave; then such as no record has, for those that it should have made and did not."""
    status, body = answer
    shown = body.get("results", [body]) if status < 300 else []
    return chain((int(each["id"]) for each in shown if each.get("new", True)), count(-1, -1))


def failures_of(body: Any) -> list[str]:
    """The categories of the error items of a batch, in order."""
    items = body.get("errors", [])
    assert body.get("numErrors", 0) == len(items)
    return [each["category"] for each in items]


def rows(results: Sequence[Any]) -> dict[int, set[Key]]:
    """The targets of a list of links, each with the types."""
    return {
        int(each["toObjectId"]): {(one["category"], one["typeId"]) for one in each["associationTypes"]}
        for each in results
    }


def links_version(version: str) -> str:
    """The version that has associations beside records of another one."""
    return "v4" if version == "v3" else version
