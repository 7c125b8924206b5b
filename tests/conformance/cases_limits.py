"""Requests to the operations on limits; the limits are wide enough for every other test of the same server."""

from typing import Any

from tests.conformance.case import USUAL, Asked
from tests.support.crm import HUBSPOT, Crm

_FROM, _TO = "tickets", "deals"
_UNLABELLED, _OTHER_PAIR = 28, 279
_WIDE = 5_000


def _limit(type_id: int, limit: int = _WIDE, category: str = HUBSPOT) -> dict[str, Any]:
    return {"category": category, "typeId": type_id, "maxToObjectIds": limit}


def _pair(*inputs: Any) -> Asked:
    return Asked((_FROM, _TO), {"inputs": list(inputs)})


def _limited(crm: Crm, *params: str) -> Asked:
    """Ask for a list that has a type with a limit and, where it shows, an inverse without one."""
    path = f"/crm/associations/2026-03/definitions/configurations/{_FROM}/{_TO}/batch/create"
    assert crm.post(path, {"inputs": [_limit(_UNLABELLED)]}).status_code == 201
    return Asked(params)


LIMITS = [
    ("list_limits", "a_limited_type", USUAL, _limited),
    (
        "list_limits",
        "a_query_nobody_asked_for",
        USUAL,
        lambda crm: Asked((), query={"after": "1"}),
    ),
    ("list_limits_of_pair", "a_limited_type", USUAL, lambda crm: _limited(crm, _FROM, _TO)),
    ("list_limits_of_pair", "an_inverse_without_a_limit", USUAL, lambda crm: _limited(crm, _TO, _FROM)),
    ("list_limits_of_pair", "types_without_limits", USUAL, lambda crm: Asked(("goals", "carts"))),
    ("list_limits_of_pair", "an_unknown_type", 400, lambda crm: Asked((_FROM, "butterflies"))),
    *(
        (f"{verb}_limits_batch", *case)
        for verb in ("create", "update")
        for case in (
            ("a_type", USUAL, lambda crm: _pair(_limit(_UNLABELLED))),
            ("no_inputs", USUAL, lambda crm: _pair()),
            ("a_type_of_another_pair", 207, lambda crm: _pair(_limit(_UNLABELLED), _limit(_OTHER_PAIR))),
            ("an_unknown_category", 207, lambda crm: _pair(_limit(_UNLABELLED, category="MINE"))),
            ("a_limit_below_one", 207, lambda crm: _pair(_limit(_UNLABELLED, 0))),
            ("a_limit_over_that_of_the_account", 207, lambda crm: _pair(_limit(_UNLABELLED, 50_000))),
            ("missing_fields", 400, lambda crm: _pair({"category": HUBSPOT})),
            ("no_body", 400, lambda crm: Asked((_FROM, _TO))),
            ("an_unknown_type", 400, lambda crm: Asked(("butterflies", _TO), {"inputs": []})),
        )
    ),
    (
        "remove_limits_batch",
        "a_limited_type",
        USUAL,
        lambda crm: _limited(crm, _FROM, _TO)._replace(body={"inputs": [_limit(_UNLABELLED)]}),
    ),
    (
        "remove_limits_batch",
        "a_type_without_a_limit",
        USUAL,
        lambda crm: Asked((_TO, _FROM), {"inputs": [_limit(27)]}),
    ),
    ("remove_limits_batch", "no_inputs", USUAL, lambda crm: _pair()),
    ("remove_limits_batch", "a_type_of_another_pair", 400, lambda crm: _pair(_limit(_OTHER_PAIR))),
    ("remove_limits_batch", "malformed_json", 400, lambda crm: Asked((_FROM, _TO), b"{[")),
]
