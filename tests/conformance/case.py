"""What a case of the conformance tests is made of."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.support.crm import Crm

USUAL = 0
"""The first of the operation's statuses, which depends on the version."""


class Asked(NamedTuple):
    """What to send: the values of the path's parameters in order, the body, and the query."""

    params: tuple[str, ...]
    body: Any = None
    query: dict[str, Any] | None = None


class Case(NamedTuple):
    operation: str
    says: str
    status: int
    ask: Callable[[Crm], Asked]
