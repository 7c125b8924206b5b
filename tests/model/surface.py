"""The whole application over one store, asked by requests, and what a portal of it reads as."""

from __future__ import annotations

import asyncio
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import urlencode

from edgewise import wiring
from edgewise.domain.ports import Store
from edgewise.settings import DEFAULT_PORTAL_ID, Settings
from edgewise.wire.quirks import Profile
from tests.contract.world import AT
from tests.model.plain_crm import Link, PlainRecord, Ref
from tests.model.plain_facts import CLIENT, COMPANIES, CONTACTS, OBJECT_TYPES, PROPERTIES, TYPES
from tests.support import paths
from tests.support.properties import property_of
from tests.unit.http.asgi import ask

NAMED = {(each.source, each.target, each.name): each.key for each in TYPES.values()}
"""Keys of types by what the associations block of a record calls them."""


class Seen(NamedTuple):
    """What a portal reads as. bodies: its records to the letter, without their links."""

    records: dict[Ref, PlainRecord]
    links: set[Link]
    bodies: dict[Ref, Any]


class Surface:
    """store: which one, not yet started."""

    def __init__(self, store: Store, profile: Profile) -> None:
        self._loop = asyncio.new_event_loop()
        self._store = store
        self._loop.run_until_complete(store.start())
        self._app = wiring.build_application(Settings(is_open=True, profile=profile), store, None)
        self._loop.run_until_complete(wiring.ensure_portal(store, DEFAULT_PORTAL_ID, AT, ""))

    def close(self) -> None:
        self._loop.run_until_complete(self._store.close())
        self._loop.close()

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        """One request; its status, and its body as JSON has it, or None."""
        given = {name: value for name, value in query.items() if value is not None}
        answer = self._loop.run_until_complete(ask(self._app, method, path, body, query=urlencode(given)))
        return answer.status, answer.json() if answer.body else None

    def define(self) -> None:
        """The properties and the label that the plain CRM knows."""
        for object_type, group in zip(OBJECT_TYPES, ("contact", "company", "deal"), strict=True):
            for name in ("note", "code"):
                further = {"groupName": f"{group}information", "hasUniqueValue": name == "code"}
                status, _ = self.call(
                    "POST", f"/crm/v3/properties/{object_type}", property_of(name, **further)
                )
                assert status == 201
        new = {"label": "Client", "inverseLabel": "Advisor", "name": "advice"}
        _, made = self.call("POST", paths.labels("v4", CONTACTS, COMPANIES), new)
        assert made["results"][0]["typeId"] == CLIENT[1]

    def pages(
        self, version: str, object_type: str, is_archived: bool, limit: int, **query: Any
    ) -> list[list[Any]]:
        """The records of a list, page after page."""
        path, found, after = paths.records(version, object_type), list[list[Any]](), None
        archived = "true" if is_archived else None
        while True:
            status, page = self.call("GET", path, limit=limit, archived=archived, after=after, **query)
            assert status == 200
            found.append(page["results"])
            if "paging" not in page:
                return found
            after = page["paging"]["next"]["after"]

    def see(self) -> Seen:
        """Every record, live or archived, and every link that one of them shows."""
        seen = Seen({}, set(), {})
        for object_type, is_archived in product(OBJECT_TYPES, (False, True)):
            query = {"properties": ",".join(PROPERTIES[object_type]), "associations": ",".join(OBJECT_TYPES)}
            for page in self.pages("v3", object_type, is_archived, 100, **query):
                for body in page:
                    ref = object_type, int(body["id"])
                    assert ref not in seen.records, "a record is listed twice"
                    seen.records[ref] = shown_record(object_type, body)
                    seen.links.update(shown_links(ref, body))
                    seen.bodies[ref] = {key: each for key, each in body.items() if key != "associations"}
        return seen


def shown_record(object_type: str, body: Any) -> PlainRecord:
    """The values of a record that an answer shows, of the properties that the plain CRM knows."""
    values = {name: body["properties"].get(name) for name in PROPERTIES[object_type]}
    assert body["archived"] is ("archivedAt" in body)
    return PlainRecord({name: text for name, text in values.items() if text is not None}, body["archived"])


def shown_links(source: Ref, body: Any) -> list[Link]:
    """The links that an answer shows beside a record, each once."""
    links: list[Link] = []
    for target_type, block in body.get("associations", {}).items():
        assert "paging" not in block
        for each in block["results"]:
            key = NAMED[source[0], target_type, each["type"]]
            links.append((source, (target_type, int(each["id"])), key))
    assert len(links) == len(set(links)), "a link is shown twice"
    return links
