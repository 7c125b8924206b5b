"""Limits of a running server, taken off again by who set them, since other tests share the server."""

from typing import Any

import httpx2

from tests.support.crm import HUBSPOT, Crm

LIMIT_VERSIONS = ("v4", "2025-09", "2026-03", "2026-09-beta", "2026-09")


def limit(type_id: int, most: int, category: str = HUBSPOT) -> dict[str, Any]:
    """One input of a batch that sets limits; a batch that removes them reads the type alone."""
    return {"category": category, "typeId": type_id, "maxToObjectIds": most}


class Limits:
    """Sets limits, and remembers which."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._set: list[tuple[str, str, dict[str, Any]]] = []

    def ask(
        self, verb: str, source: str, target: str, *inputs: dict[str, Any], version: str = "2026-03"
    ) -> httpx2.Response:
        """verb: `create`, `update` or `purge`."""
        self._set += [(source, target, each) for each in inputs]
        path = f"{_configurations(version)}/{source}/{target}/batch/{verb}"
        return self._crm.post(path, {"inputs": list(inputs)})

    def set(self, source: str, target: str, *inputs: dict[str, Any]) -> None:
        answer = self.ask("create", source, target, *inputs)
        assert answer.status_code == 201, answer.text

    def shown(self, *pair: str, version: str = "2026-03") -> list[dict[str, Any]]:
        """The limits of an ordered pair of object types, or of all."""
        path = f"{_configurations(version)}/{'/'.join(pair) if pair else 'all'}"
        answer = self._crm.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.json().keys() == {"results"}
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def of(self, *pair: str) -> dict[int, int | None]:
        """The limits of an ordered pair by the number of their type."""
        return {row["typeId"]: row["userEnforcedMaxToObjectIds"] for row in self.shown(*pair)}

    def clear(self) -> None:
        """Take every limit off that was asked for; one that was refused is none."""
        for source, target, each in tuple(self._set):
            self.ask("purge", source, target, each)


def _configurations(version: str) -> str:
    return f"/crm/associations/{version}/definitions/configurations"
