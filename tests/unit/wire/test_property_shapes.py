"""How refused properties and values read on the wire."""

import json
from typing import Literal

import pytest
from msgspec import UNSET

from edgewise.domain import errors_properties as rules
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_properties import InvalidValue
from edgewise.wire.errors import error_item
from edgewise.wire.quirks import quirks_of
from edgewise.wire.shapes.properties import SHAPES
from tests.unit.wire.property_refusals import PROPERTY_REFUSALS, PROPERTY_SUB_CATEGORIES

INVALID = [
    InvalidValue('Property "color" does not exist', "PROPERTY_DOESNT_EXIST", "color", 7, "red"),
    InvalidValue("Email address x is invalid", "INVALID_EMAIL", "email", 7, "x"),
]


@pytest.mark.parametrize(
    ("error", "status", "message", "context"), PROPERTY_REFUSALS, ids=lambda x: type(x).__name__
)
def test_a_refusal_reads_as_recorded(
    error: DomainError, status: int, message: str, context: dict[str, list[str]] | None
):
    shape = SHAPES[type(error)]
    assert (shape.status, shape.message(error)) == (status, message)
    assert (shape.context(error) if shape.context else None) == context
    assert shape.sub_category == PROPERTY_SUB_CATEGORIES.get(type(error))


def test_every_row_but_that_of_values_has_a_sample():
    assert {type(error) for error, *_ in PROPERTY_REFUSALS} | {rules.PropertyValuesInvalid} == SHAPES.keys()


def test_invalid_values_are_told_as_json_inside_the_message_and_once_more_as_errors():
    shape = SHAPES[rules.PropertyValuesInvalid]
    error = rules.PropertyValuesInvalid(INVALID)
    start, listed = shape.message(error).split(": ", 1)
    assert start == "Property values were not valid"
    assert listed.startswith(
        '[{"isValid":false,"message":"Property \\"color\\" does not exist","error":"PROPERTY_DOESNT_EXIST",'
        '"name":"color","localizedErrorMessage":"Property \\"color\\" does not exist","portalId":7},'
    )
    assert [item["name"] for item in json.loads(listed)] == ["color", "email"]
    assert shape.details is not None
    assert [(each.message, each.code, each.context) for each in shape.details(error)] == [
        ('Property "color" does not exist', "PROPERTY_DOESNT_EXIST", {"propertyName": ["color"]}),
        ("Email address x is invalid", "INVALID_EMAIL", {"propertyName": ["email"]}),
    ]


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_an_input_of_a_batch_tells_them_as_a_whole_request_does(profile: Literal["documented", "observed"]):
    error = rules.PropertyValuesInvalid(INVALID)
    item = error_item(error, quirks_of(profile, {}), "trace")
    assert item.context == {"objectWriteTraceId": ["trace"]}
    assert item.errors is not UNSET
    assert [each.code for each in item.errors] == ["PROPERTY_DOESNT_EXIST", "INVALID_EMAIL"]
