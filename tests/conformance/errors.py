"""Errors to the byte: what an answer must read when a request, or one input of a batch, is refused."""

import json
import re
from typing import Any

import httpx2

from tests.support.crm import Crm

VALIDATION = "VALIDATION_ERROR"
NOT_FOUND = "OBJECT_NOT_FOUND"
INVALID_ASSOCIATIONS = "One or more associations are invalid"
_MOMENT = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"')

Context = dict[str, list[str]]


def compact(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def assert_error(
    live: Crm,
    answer: httpx2.Response,
    status: int,
    message: str,
    category: str = VALIDATION,
    context: Context | None = None,
    has_recorded_category: bool = True,
) -> None:
    """The whole answer of a refused request, keys in the order that recordings show.

    has_recorded_category: recordings show a category; where they do not, the observed profile sends none.
    """
    body: dict[str, Any] = {
        "status": "error",
        "message": message,
        "correlationId": answer.headers["x-hubspot-correlation-id"],
    }
    if context:
        body["context"] = context
    if has_recorded_category or not live.is_observed:
        body["category"] = category
    assert (answer.status_code, answer.text) == (status, compact(body))
    assert answer.headers["content-type"] == "application/json;charset=utf-8"


def item(
    live: Crm,
    message: str,
    category: str = VALIDATION,
    context: Context | None = None,
    sub_category: str | None = None,
) -> dict[str, Any]:
    """One error of a batch: the documented profile carries every key, the observed one those that say something."""
    body: dict[str, Any] = {"status": "error", "category": category}
    if sub_category:
        body["subCategory"] = f"crm.associations.{sub_category}"
    body["message"] = message
    if context or not live.is_observed:
        body["context"] = context or {}
    return body if live.is_observed else {**body, "errors": [], "links": {}}


def assert_partly_failed(
    answer: httpx2.Response,
    results: list[dict[str, Any]],
    errors: list[dict[str, Any]],
    status: int = 207,
) -> None:
    """The whole answer of a batch with errors, its moments left open."""
    body = {
        "status": "COMPLETE",
        "results": results,
        "startedAt": "",
        "completedAt": "",
        "numErrors": len(errors),
        "errors": errors,
    }
    assert (answer.status_code, _MOMENT.sub('""', answer.text)) == (status, compact(body))
