"""A client of a running server that knows nothing but HTTP, and makes fresh records instead of resetting."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Self
from uuid import uuid4

import httpx2

from tests.support import paths

HUBSPOT = "HUBSPOT_DEFINED"
ABSENT_ID = "9007199254740991"
"""A record id that no test creates."""

Spec = dict[str, Any]


def unique_email() -> str:
    """An email that no other contact has."""
    return f"{uuid4().hex}@example.org"


def spec(type_id: int, category: str = HUBSPOT) -> Spec:
    """An association type as requests name it."""
    return {"associationCategory": category, "associationTypeId": type_id}


def ends(source_id: str | int, target_id: str | int) -> dict[str, Any]:
    """One input of a batch that links."""
    return {"from": {"id": source_id}, "to": {"id": target_id}}


def labelled(source_id: str | int, target_id: str | int, *type_ids: int) -> dict[str, Any]:
    """One input of a batch that links with types."""
    return {**ends(source_id, target_id), "types": [spec(type_id) for type_id in type_ids]}


class Crm:
    """profile: which one the server has. http: the client underneath, for what has no method here."""

    def __init__(self, url: str, profile: str, token: str = "pat-na1-any") -> None:
        self.url = url
        self.profile = profile
        self.http = httpx2.Client(
            base_url=url, headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=30
        )
        self.get = partial(self.call, "GET")
        self.put = partial(self.call, "PUT")
        self.post = partial(self.call, "POST")
        self.patch = partial(self.call, "PATCH")
        self.delete = partial(self.call, "DELETE")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def is_observed(self) -> bool:
        return self.profile == "observed"

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """body: what becomes JSON, or bytes to send as they are."""
        if isinstance(body, bytes):
            headers = {"content-type": "application/json", **options.pop("headers", {})}
            return self.http.request(method, path, content=body, headers=headers, **options)
        if body is not None:
            options["json"] = body
        return self.http.request(method, path, **options)

    def batch(
        self,
        verb: str,
        source_type: str,
        target_type: str,
        inputs: Iterable[dict[str, Any]],
        version: str = "v4",
    ) -> httpx2.Response:
        """Call a batch operation on associations."""
        return self.post(paths.batch(version, source_type, target_type, verb), {"inputs": list(inputs)})

    def create(self, object_type: str, count: int) -> list[str]:
        """Make records; answers their ids, ascending."""
        created: list[str] = []
        for part in parts([{"properties": {}}] * count, 100):
            answer = self.post(f"{paths.records('v3', object_type)}/batch/create", {"inputs": part})
            assert answer.status_code == 201, answer.text
            created += [result["id"] for result in answer.json()["results"]]
        return sorted(created, key=int)

    def one(self, object_type: str) -> str:
        """Make one record; answers its id."""
        return self.create(object_type, 1)[0]

    def pair(self, source_type: str = "contacts", target_type: str = "companies") -> tuple[str, str]:
        """Make one record of each of two object types."""
        return self.one(source_type), self.one(target_type)

    def link(
        self,
        source_type: str,
        source_id: str,
        target_type: str,
        target_id: str,
        *type_ids: int,
        version: str = "v4",
    ) -> None:
        """Link two records with HubSpot-defined types, or with the unlabelled one."""
        ends_of = (source_type, source_id, target_type, target_id)
        if type_ids:
            answer = self.put(paths.link(version, *ends_of), [spec(type_id) for type_id in type_ids])
        else:
            answer = self.put(paths.default_link(version, *ends_of))
        assert answer.status_code in (200, 201), answer.text

    def links(
        self, source_type: str, source_id: str, target_type: str, version: str = "v4"
    ) -> dict[str, list[int]]:
        """The targets of a record, each with the ids of its types in ascending order, page after page."""
        path = paths.links(version, source_type, source_id, target_type)
        found: dict[str, list[int]] = {}
        after: dict[str, str] = {}
        while True:
            answer = self.get(path, params=after)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            for row in page["results"]:
                assert str(row["toObjectId"]) not in found, "a target on two pages"
                found[str(row["toObjectId"])] = sorted(each["typeId"] for each in row["associationTypes"])
            if "paging" not in page:
                return found
            after = {"after": page["paging"]["next"]["after"]}

    def both_ends(
        self, source_type: str, source_id: str, target_type: str, target_id: str
    ) -> tuple[list[int], list[int]]:
        """The types of a pair of records as each end lists them."""
        return (
            self.links(source_type, source_id, target_type).get(target_id, []),
            self.links(target_type, target_id, source_type).get(source_id, []),
        )


def parts(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """The items in order, no more than so many at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
