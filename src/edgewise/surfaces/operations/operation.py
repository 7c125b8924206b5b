"""What the table of operations says of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from edgewise.domain.ports import Store
from edgewise.domain.rates import Budget
from edgewise.domain.scopes import Access
from edgewise.wire.bodies import Error
from edgewise.wire.body_bounds import VALUES_MAX
from edgewise.wire.errors import Refuse, error_body
from edgewise.wire.messages import Call, Reply
from edgewise.wire.steps import Steps

JSON_ONLY = ("json",)
JSON_OR_FORM = ("json", "x-www-form-urlencoded")
FORM_ONLY = ("x-www-form-urlencoded",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing the API offers.

    family: decides the prefix of the path, which each version states. path: the rest of the template.
    decode: request to command. run: command and store to outcome. encode: outcome to answer. decode and encode may
    answer `Steps` of it, between which others get their turn.
    access: what a token must be allowed, and whether a read-only one may call it.
    statuses: of success, as published, the usual one first. unpublished_statuses: those that a
    quirk adds. query: the parameters it reads from the query string.

    is_public: it asks for no token; who calls is told by what the request brings. media: the kinds of body it reads.
    values_max: how many values a body may hold.
    budget: what a call is counted as; those of the associations API and of the search are counted apart. Source:
    docs/behaviour.md, section 8.4. needs_properties: its requests are read, and its answers spelled, by the properties
    of the object type that its path names.
    names_types: the object types that its path names must exist, which is found out before scopes are.
    request, response: shapes; a response of which one of several fits is a tuple of them. refuse, failure: how refusals
    are spelled, and the shape of that.
    quirks: rows of the table of quirks that show here, beside those that show everywhere. unpublished: why it is
    served where no document has its path. caveat: what its answers lack of the service's.
    """

    name: str
    summary: str
    family: str
    method: str
    path: str
    decode: Callable[[Call], Any]
    run: Callable[[Store, Call, Any], Awaitable[Any]]
    encode: Callable[[Call, Any, Any], Reply | Steps[Reply]]
    statuses: tuple[int, ...]
    access: Access
    request: Any = None
    response: Any = None
    query: tuple[str, ...] = ()
    unpublished_statuses: tuple[int, ...] = ()
    quirks: tuple[str, ...] = ()
    unpublished: str = ""
    caveat: str = ""
    is_public: bool = False
    names_types: bool = True
    media: tuple[str, ...] = JSON_ONLY
    values_max: int = VALUES_MAX
    refuse: Refuse = error_body
    failure: Any = Error
    budget: Budget = ""
    needs_properties: bool = False

    @property
    def every_status(self) -> tuple[int, ...]:
        """Each status that a success may have."""
        return (*self.statuses, *self.unpublished_statuses)

    @property
    def reads_body(self) -> bool:
        return self.request is not None
