"""How one class of refusal reads on the wire, and what several rows of the table spell alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from edgewise.domain.model import ObjectType

VALIDATION = "VALIDATION_ERROR"
NOT_FOUND = "OBJECT_NOT_FOUND"

Context = dict[str, list[str]]


class ErrorShape(NamedTuple):
    """How one class of refusal reads on the wire.

    is_category_recorded: whether the live service was seen to send the category (quirk `error_category`).
    """

    status: int
    category: str
    message: Callable[[Any], str]
    context: Callable[[Any], Context] | None = None
    sub_category: str | None = None
    is_category_recorded: bool = True


def singular(object_type: ObjectType) -> str:
    return object_type.name


def upper(object_type: ObjectType) -> str:
    return object_type.name.upper()
