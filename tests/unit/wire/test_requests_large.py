"""Faults in large bodies are found where they are, as in small ones, in the time that reading them takes."""

from collections.abc import Callable
from typing import Any

import pytest

from edgewise.surfaces.operations import OPERATIONS
from edgewise.wire.bodies import AssociationSpec, BatchInputPublicDefaultAssociationMultiPost
from edgewise.wire.bodies_objects import SimplePublicObjectInput
from edgewise.wire.refusals import BodyMalformed, BodyMissing, BodyOfWrongKind, FieldsMissing
from edgewise.wire.requests import BodyReader

LINKS: BodyReader[Any] = BodyReader(BatchInputPublicDefaultAssociationMultiPost)
SPECS: BodyReader[Any] = BodyReader(list[AssociationSpec])
GOOD = '{"from": {"id": 1}, "to": {"id": "é"}},\n'
PADDING = " " * 70_000


def _refusal(read: Callable[[bytes], Any], body: str) -> Exception:
    with pytest.raises((BodyMalformed, BodyOfWrongKind, FieldsMissing)) as refused:
        read(body.encode())
    return refused.value


@pytest.mark.parametrize(
    "fault",
    [
        "5",
        "[]",
        '{"to": {"id": 1}, "from": []}',
        '{"to": {"id": 1}}',
        '{"from": {"é": "é"}, "to": {"id": 1}}',
        '{"x": [[[[[[[["\\"]"]]]]]]]], "from": {"id": 1.5}, "to": {"id": 1}}',
        '{"from": {"id": 1e999}, "to": {"id": 1}}',
        '{"from": {"id": null}, "to": {"id": 1}}',
    ],
)
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 500])
def test_a_fault_stands_at_the_same_place_in_a_large_body_as_in_a_small_one(fault: str, count: int):
    small = f'{{"unknown": "é", "inputs": [\n{GOOD * count}\n {fault}]}}'
    assert len(small.encode()) < 65_536
    in_small = _refusal(LINKS.read, small)
    in_large = _refusal(LINKS.read, small + PADDING)
    assert (type(in_large), vars(in_large)) == (type(in_small), vars(in_small))
    assert getattr(in_small, "line", 0) == (count + 3 if count else 3)


@pytest.mark.parametrize("body", ['"text"', "  5", "null", "{}", "[5]"])
def test_a_large_body_of_another_kind_is_named_as_a_small_one(body: str):
    small, large = _refusal(SPECS.read, body), _refusal(SPECS.read, body + PADDING)
    assert (type(large), vars(large)) == (type(small), vars(small))


def test_what_is_no_json_behind_a_wrong_value_of_a_large_body_is_told_in_its_place():
    refused = _refusal(SPECS.read, '[{"associationCategory": 5}' + PADDING + "\n ?")
    assert isinstance(refused, BodyMalformed)
    assert (refused.line, refused.column) == (2, 2)


# What is behind the value that is wrong, or in a name that nobody reads.

READERS = [
    BodyReader(shape, is_null_missing)
    for shape in {str(each.request): each.request for each in OPERATIONS if each.request}.values()
    for is_null_missing in (False, True)
]
REFUSALS = (BodyMalformed, BodyMissing, BodyOfWrongKind, FieldsMissing)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: str(reader.shape)[-40:])
def test_a_body_that_ends_behind_a_null_is_refused_for_it(reader: BodyReader[Any]):
    """Each field in turn is null, and the text ends there, or goes on in another way."""
    fields = reader.shape.__struct_fields__ if hasattr(reader.shape, "__struct_fields__") else ()
    names = [
        name.rstrip("_").split("_")[0] + "".join(part.title() for part in name.rstrip("_").split("_")[1:])
        for name in fields
    ]
    for name in [*names, "type", "id"]:
        for rest in ("", ",", "]", ', "x"', ', "x": nothing', ', "a": {"b": [1, }}', "\\"):
            for pad in ("", PADDING):
                body = f'{{"x": "é", "{name}": null{pad}{rest}'.encode()
                with pytest.raises(REFUSALS):
                    reader.read(body)


def test_an_object_cut_off_behind_a_null_is_malformed_where_it_ends():
    reader: BodyReader[Any] = BodyReader(AssociationSpec, is_null_missing=True)
    refused = _refusal(reader.read, '{"associationCategory":null')
    assert vars(refused) == {"line": 1, "column": 28, "reason": "Input data was truncated"}


@pytest.mark.parametrize("pad", [0, 70_000])
def test_bytes_that_are_no_text_are_refused_also_where_nobody_reads_them(pad: int):
    reader: BodyReader[Any] = BodyReader(SimplePublicObjectInput)
    for body in (b'{"properties":{},"x\xff":1}', b'{"properties":{},"y":["\xc3"]}'):
        with pytest.raises(BodyMalformed) as refused:
            reader.read(body + b" " * pad)
        assert refused.value.reason == "Invalid UTF-8"
        assert refused.value.line == 1


def test_a_name_that_is_no_text_is_refused_in_every_body():
    for reader in READERS:
        with pytest.raises(REFUSALS):
            reader.read(b'{"x\xff":1}')
