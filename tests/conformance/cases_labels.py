"""Requests to the operations that create, rename and delete labels; each label is used by one case alone."""

from typing import Any

from tests.conformance.case import USUAL, Asked
from tests.support.crm import Crm
from tests.support.labels import Labels, unique

_PAIR = ("contacts", "orders")
_ABSENT = 2**31 - 1
_PAIR_OF_HUBSPOT, _ID_OF_HUBSPOT = ("contacts", "carts"), 587
"""A pair of which no test defines a label, since one may get the same number."""


def _new(**texts: str) -> Asked:
    return Asked(_PAIR, {"label": unique(), "name": unique(), **texts})


def _taken(crm: Crm) -> Asked:
    text = unique()
    Labels(crm, _PAIR).create(text)
    return _new(label=text)


def _label(crm: Crm) -> int:
    return Labels(crm, _PAIR).create(unique(), unique())[0]


def _rename(type_id: int, pair: tuple[str, str] = _PAIR, **further: Any) -> Asked:
    return Asked(pair, {"associationTypeId": type_id, "label": unique(), **further})


def _delete(type_id: Any, pair: tuple[str, str] = _PAIR) -> Asked:
    return Asked((*pair, str(type_id)))


LABELS = [
    ("create_label", "one_text", USUAL, lambda crm: _new()),
    ("create_label", "two_texts", USUAL, lambda crm: _new(inverseLabel=unique())),
    ("create_label", "a_text_that_is_taken", 400, _taken),
    ("create_label", "a_name_with_a_hyphen", 400, lambda crm: _new(name="a-b")),
    ("create_label", "a_second_unlabelled_type", 400, lambda crm: _new(label="")),
    ("create_label", "missing_fields", 400, lambda crm: Asked(_PAIR, {"label": None})),
    ("create_label", "a_value_of_a_wrong_kind", 400, lambda crm: Asked(_PAIR, {"label": 1, "name": "x"})),
    ("create_label", "no_body", 400, lambda crm: Asked(_PAIR)),
    ("create_label", "an_unknown_type", 400, lambda crm: Asked(("contacts", "butterflies"), {})),
    ("update_label", "one_text", USUAL, lambda crm: _rename(_label(crm))),
    ("update_label", "two_texts", USUAL, lambda crm: _rename(_label(crm), inverseLabel=unique())),
    ("update_label", "an_id_that_nobody_has", 400, lambda crm: _rename(_ABSENT)),
    ("update_label", "a_type_of_hubspots_own", 400, lambda crm: _rename(_ID_OF_HUBSPOT, _PAIR_OF_HUBSPOT)),
    ("update_label", "missing_fields", 400, lambda crm: Asked(_PAIR, {"label": "x"})),
    ("delete_label", "a_label", USUAL, lambda crm: _delete(_label(crm))),
    ("delete_label", "an_id_that_nobody_has", 400, lambda crm: _delete(_ABSENT)),
    ("delete_label", "an_id_that_is_no_number", 400, lambda crm: _delete("x")),
    ("delete_label", "a_type_of_hubspots_own", 400, lambda crm: _delete(_ID_OF_HUBSPOT, _PAIR_OF_HUBSPOT)),
]
