"""A portal over a memory store that is asked operation by operation, without HTTP."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain, repeat
from types import GeneratorType
from typing import Any
from urllib.parse import quote

import msgspec

from edgewise.data import hubspot_types
from edgewise.domain.accounts import usual_account
from edgewise.domain.callers import Actor, Caller
from edgewise.domain.catalog import NOTHING_DEFINED
from edgewise.domain.model import AssociationType, Category, PortalTypes, object_type_code, type_key
from edgewise.stores.memory import MemoryStore
from edgewise.surfaces.runs.definitions import read_definitions
from edgewise.surfaces.surface import Route
from edgewise.surfaces.versions import v1, v3, v2026_03
from edgewise.wire.messages import Call, Portal, Reply
from edgewise.wire.quirks import Profile, quirks_of
from edgewise.wire.steps import at_once

PORTAL_ID = 4711
AT = 1_790_000_000_123
AT_TEXT = "2026-09-21T14:13:20.123Z"
LATER_TEXT = "2026-09-21T14:13:20.128Z"

ROUTES = {
    route.operation.name: route
    for surface in (v1.SURFACE, v3.SURFACE, v2026_03.SURFACE)
    for route in surface.routes()
}
"""Of 2026-03, and of v1 and v3 what they alone offer."""


class StillClock:
    """Five milliseconds after every call was accepted."""

    def now_ms(self) -> int:
        return AT + 5


class Desk:
    """types: what the portal defines of its own. quirks: choices other than the profile's."""

    def __init__(
        self,
        profile: Profile = "documented",
        records_must_exist: bool = True,
        types: PortalTypes = NOTHING_DEFINED,
        **quirks: str,
    ) -> None:
        self.store = MemoryStore()
        chosen = quirks_of(profile, quirks)
        rules = chosen.rules(records_must_exist)
        self.portal = Portal(PORTAL_ID, hubspot_types(), types, rules, chosen, StillClock())
        actor = Actor(0, 0, 0, "any token")
        self.caller = Caller(usual_account(PORTAL_ID, AT), None, None, False, False, actor)
        with suppress(StopIteration):  # the memory store never waits
            self.store.add_portal_types(PORTAL_ID, types).send(None)

    def call(self, route: Route, *params: str | int, body: Any = None, query: str = "") -> Call:
        """A call of an operation. body: bytes as they are, or what becomes JSON."""
        texts = tuple(map(str, params))
        values = chain(map(quote, texts), repeat("-"))
        scope = {
            "path": re.sub(r"{\w+}", lambda _: next(values), route.path),
            "query_string": query.encode(),
            "scheme": "https",
            "headers": [(b"host", b"crm.example")],
            "server": ("127.0.0.1", 8765),
        }
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        return Call(self.portal, self.caller, texts, content, AT, route.served, scope)

    def decode(self, name: str, *params: str | int, body: Any = None, query: str = "") -> Any:
        """The command that a request becomes."""
        route = ROUTES[name]
        return whole(route.operation.decode(self.call(route, *params, body=body, query=query)))

    async def ask(self, name: str, *params: str | int, body: Any = None, query: str = "") -> Reply:
        """Carry out an operation."""
        route = ROUTES[name]
        call = self.call(route, *params, body=body, query=query)
        if route.operation.needs_properties:
            await read_definitions(self.store, call)
        command = whole(route.operation.decode(call))
        outcome = await route.operation.run(self.store, call, command)
        reply: Reply = whole(route.operation.encode(call, command, outcome))
        return reply

    async def tell(self, name: str, *params: str | int, body: Any = None, query: str = "") -> tuple[int, Any]:
        """Carry out an operation; its status and its body as JSON has it."""
        reply = await self.ask(name, *params, body=body, query=query)
        return reply.status, None if reply.body is None else as_json(reply.body)

    async def records(self, object_type: str, count: int) -> list[int]:
        """Make records; answers their ids."""
        made: list[int] = []
        while len(made) < count:
            inputs = [{"properties": {}}] * min(100, count - len(made))
            _, answer = await self.tell("create_records_batch", object_type, body={"inputs": inputs})
            made += [int(result["id"]) for result in answer["results"]]
        return made

    async def pair(self, source: str = "contacts", target: str = "companies") -> tuple[int, int]:
        """Make a record of each of two object types."""
        return (await self.records(source, 1))[0], (await self.records(target, 1))[0]

    async def links(self, source: str, source_id: int, target: str) -> dict[int, list[int]]:
        """The targets of a record with their type ids, ascending."""
        _, answer = await self.tell("list_associations", source, source_id, target)
        return {
            int(row["toObjectId"]): sorted(each["typeId"] for each in row["associationTypes"])
            for row in answer["results"]
        }


def whole(answer: Any) -> Any:
    """What an operation answers, also where it does so in steps."""
    return at_once(answer) if isinstance(answer, GeneratorType) else answer


def as_json(body: Any) -> Any:
    """A body as a client reads it."""
    return msgspec.json.decode(msgspec.json.encode(body))


def spec(type_id: int, category: str = "HUBSPOT_DEFINED") -> dict[str, Any]:
    return {"associationCategory": category, "associationTypeId": type_id}


def ends(source_id: Any, target_id: Any) -> dict[str, Any]:
    return {"from": {"id": source_id}, "to": {"id": target_id}}


def labelled(source_id: Any, target_id: Any, *specs: dict[str, Any]) -> dict[str, Any]:
    return {**ends(source_id, target_id), "types": list(specs)}


def inputs(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"inputs": list(items)}


def _half(source: str, target: str, type_id: int, mirror_id: int, label: str) -> AssociationType:
    category = Category.USER_DEFINED
    return AssociationType(
        key=type_key(category, type_id),
        category=category,
        type_id=type_id,
        source_type=object_type_code(source),
        target_type=object_type_code(target),
        mirror_key=type_key(category, mirror_id),
        label=label,
        name=label.lower(),
    )


ADVISOR_TYPES = PortalTypes(
    association_types=(_half("0-1", "0-2", 1, 2, "Client"), _half("0-2", "0-1", 2, 1, "Advisor"))
)
"""One label a portal defined between contacts and companies, with the numbers of HubSpot's primary type."""
