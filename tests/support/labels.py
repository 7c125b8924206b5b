"""Labels of a running server, each with a name and texts that no other test uses."""

from typing import Any, Self
from uuid import uuid4

import httpx2

from tests.support import paths
from tests.support.crm import Crm

LABEL_VERSIONS = ("v4", "2025-09", "2026-03", "2026-09-beta", "2026-09")
Pair = tuple[str, str]


def unique(text: str = "label") -> str:
    """A text that nobody else uses, fit for a name too."""
    return f"{text}_{uuid4().hex}"


class Labels:
    """The labels of an ordered pair of object types, as one version has them."""

    def __init__(self, crm: Crm, pair: Pair, version: str = "2026-03") -> None:
        self._crm = crm
        self.pair = pair
        self.path = paths.labels(version, *pair)

    def back(self) -> Self:
        """The same from the other end."""
        return type(self)(self._crm, (self.pair[1], self.pair[0]))

    def post(self, **body: Any) -> httpx2.Response:
        return self._crm.post(self.path, body)

    def put(self, type_id: int, label: str, **further: Any) -> httpx2.Response:
        return self._crm.put(self.path, {"associationTypeId": type_id, "label": label, **further})

    def delete(self, type_id: Any) -> httpx2.Response:
        return self._crm.delete(f"{self.path}/{type_id}")

    def create(self, label: str, inverse: str | None = None, name: str | None = None) -> list[int]:
        """Make a label; answers the ids of its halves."""
        further = {} if inverse is None else {"inverseLabel": inverse}
        answer = self.post(label=label, name=name or unique(), **further)
        assert answer.status_code == 200, answer.text
        return [each["typeId"] for each in answer.json()["results"]]

    def listed(self) -> dict[int, str | None]:
        """The texts of the portal's own types by their ids."""
        answer = self._crm.get(self.path)
        assert answer.status_code == 200, answer.text
        return {
            each["typeId"]: each["label"]
            for each in answer.json()["results"]
            if each["category"] == "USER_DEFINED"
        }
