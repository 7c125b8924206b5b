"""A body becomes its shape, or the one complaint that says where it goes wrong."""

from typing import Any

import pytest

from edgewise.wire.bodies import (
    AssociationSpec,
    BatchInputPublicAssociationMultiPost,
    BatchInputPublicDefaultAssociationMultiPost,
    BatchInputPublicFetchAssociationsBatchRequest,
)
from edgewise.wire.bodies_objects import (
    BatchInputSimplePublicObjectBatchInputForCreate,
    BatchReadInputSimplePublicObjectId,
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
)
from edgewise.wire.refusals import BodyMalformed, BodyMissing, BodyOfWrongKind, FieldsMissing
from edgewise.wire.requests import BodyReader

SPECS: BodyReader[list[AssociationSpec]] = BodyReader(list[AssociationSpec])
DEFAULTS: BodyReader[Any] = BodyReader(BatchInputPublicDefaultAssociationMultiPost)
LABELLED: BodyReader[Any] = BodyReader(BatchInputPublicAssociationMultiPost)
READS: BodyReader[Any] = BodyReader(BatchInputPublicFetchAssociationsBatchRequest)
CREATE: BodyReader[SimplePublicObjectInputForCreate] = BodyReader(SimplePublicObjectInputForCreate)
CREATES: BodyReader[Any] = BodyReader(BatchInputSimplePublicObjectBatchInputForCreate)
UPDATE: BodyReader[SimplePublicObjectInput] = BodyReader(SimplePublicObjectInput)
RECORD_READS: BodyReader[Any] = BodyReader(BatchReadInputSimplePublicObjectId)

JAVA_SPECS = "java.util.HashSet<com.hubspot.inbounddb.associations.base.AssociationSpec>"


def _malformed(reader: BodyReader[Any], body: bytes) -> tuple[int, int, str]:
    with pytest.raises(BodyMalformed) as refused:
        reader.read(body)
    return refused.value.line, refused.value.column, refused.value.reason


def _wrong(reader: BodyReader[Any], body: bytes) -> tuple[int, int, str, str]:
    with pytest.raises(BodyOfWrongKind) as refused:
        reader.read(body)
    error = refused.value
    return error.line, error.column, error.expected, error.token


def _missing(reader: BodyReader[Any], body: bytes) -> tuple[int, int, list[str]]:
    with pytest.raises(FieldsMissing) as refused:
        reader.read(body)
    return refused.value.line, refused.value.column, refused.value.fields


def test_a_body_of_the_shape_is_read():
    assert SPECS.read(b'[{"associationCategory": "USER_DEFINED", "associationTypeId": 3}]') == [
        AssociationSpec("USER_DEFINED", 3)
    ]


def test_keys_that_nobody_knows_are_ignored():
    body = b'[{"associationCategory": "A", "label": {"x": [1]}, "associationTypeId": 3}]'
    assert SPECS.read(body) == [AssociationSpec("A", 3)]


def test_record_ids_may_be_texts_or_numbers():
    found = DEFAULTS.read(b'{"inputs": [{"from": {"id": "7"}, "to": {"id": 8}}]}').inputs[0]
    assert (found.from_.id, found.to.id) == ("7", 8)


@pytest.mark.parametrize("body", [b"", b" ", b"\r\n\t "])
def test_an_empty_body_is_a_missing_one(body: bytes):
    with pytest.raises(BodyMissing):
        SPECS.read(body)


@pytest.mark.parametrize("body", [b'{"properties": {}}', b'{"associations": []}', b"{}"])
def test_either_key_of_a_create_may_be_left_out(body: bytes):
    read = CREATE.read(body)
    assert read.properties == {}
    assert not read.associations


def test_an_optional_field_may_be_null():
    assert CREATE.read(b'{"properties": {"a": "b"}, "associations": null}').associations is None
    assert READS.read(b'{"inputs": [{"id": "1", "after": null}]}').inputs[0].after is None
    assert RECORD_READS.read(b'{"inputs": [], "properties": null}').properties is None


def test_the_reads_of_one_create_share_no_properties():
    CREATE.read(b"{}").properties["left"] = "behind"
    assert CREATE.read(b"{}").properties == {}


# Not JSON.


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        (b"[", 1, 2),
        (b"[}", 1, 2),
        (b"[?]", 1, 2),
        (b'[\n{"associationCategory": "A",\n "associationTypeId": ?}]', 3, 23),
        (b'[\r\n  {"associationCategory": "A", ]', 2, 32),
        (b"\n\n\n  [+]", 4, 4),
        (b"\xef\xbb\xbf[]", 1, 1),
    ],
)
def test_what_is_not_json_is_malformed_where_it_goes_wrong(body: bytes, line: int, column: int):
    assert _malformed(SPECS, body)[:2] == (line, column)


@pytest.mark.parametrize("text", ["é", "漢", "🙂", "e\u0301"])
def test_columns_count_characters_whatever_bytes_they_take(text: str):
    column = len(f'[{{"{text}": ?')
    assert _malformed(SPECS, f'[{{"{text}": ?}}]'.encode())[:2] == (1, column)
    assert _wrong(SPECS, f'[{{"{text}": 1, "associationTypeId": "x"}}]'.encode())[:2] == (1, column + 24)
    missing = f'[{{"{text}": 1}}]'
    assert _missing(SPECS, missing.encode())[:2] == (1, len(missing) - 1)


def test_a_truncated_body_is_malformed_at_its_end():
    assert _malformed(SPECS, b'[{"associationCategory": "HUB') == (1, 30, "Input data was truncated")


def test_a_reason_is_a_sentence_without_the_parsers_own_position():
    for body in (b"[?]", b'["\x01"]', b'[{"associationCategory": "A",}]', b'{"inputs": [1] ]'):
        with pytest.raises((BodyMalformed, BodyOfWrongKind)) as refused:
            READS.read(body)
        if isinstance(refused.value, BodyMalformed):
            assert refused.value.reason[0].isupper()
            assert "byte" not in refused.value.reason
            assert not refused.value.reason.startswith("JSON is malformed")


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        (b'[{"associationCategory": "\xff", "associationTypeId": 1}]', 1, 27),
        (b'[\n{"associationCategory": "\xc3\xa9\xc3", "associationTypeId": 1}]', 2, 27),
    ],
)
def test_bytes_that_are_no_text_are_malformed_where_they_stand(body: bytes, line: int, column: int):
    assert _malformed(SPECS, body) == (line, column, "Invalid UTF-8")


def test_a_half_of_a_surrogate_pair_is_malformed():
    assert _malformed(SPECS, b'[{"associationCategory": "\\ud800", "associationTypeId": 1}]')[0] == 1


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_value_nested_too_deeply_is_malformed(is_closed: bool):
    depth = 200_000
    nested = b"[" * depth + (b"]" * depth if is_closed else b"")
    for before in (b'{"properties": {"a": ', b'{"properties": {}, "unknown": '):
        assert _malformed(UPDATE, before + nested + b"}}") == (1, 1, "Nested too deeply")


@pytest.mark.parametrize("depth", [500, 2_000, 10_000, 50_000])
def test_a_value_that_some_pythons_can_hold_is_read_or_malformed(depth: int):
    nested = b"[" * depth + b"]" * depth
    for body in (
        b'{"properties": {"a": ' + nested + b"}}",
        b'{"properties": {}, "unknown": ' + nested + b"}",
    ):
        try:
            assert UPDATE.read(body).properties is not None
        except BodyMalformed as refused:
            assert (refused.line, refused.column, refused.reason) == (1, 1, "Nested too deeply")


def test_depth_beside_a_wrong_value_crashes_nothing():
    deep = b"[" * 10_000 + b"]" * 10_000
    for body in (deep, b'[{"x": ' + deep + b"}]", b'[{"associationTypeId": ' + deep + b"}]"):
        with pytest.raises((BodyMalformed, BodyOfWrongKind)):
            SPECS.read(body)


def test_a_depth_at_the_edge_of_what_is_read_crashes_nothing():
    for depth in range(700, 1_001):
        with pytest.raises((BodyMalformed, FieldsMissing)):
            SPECS.read(b'[{"x": ' + b"[" * depth + b"]" * depth + b', "associationTypeId": 1}]')


@pytest.mark.parametrize("number", ["1" * 5_000, "-" + "9" * 5_000, "1e999", "-1e999"])
def test_a_number_that_nothing_holds_is_malformed(number: str):
    assert _malformed(UPDATE, f'{{"properties": {{"a": {number}}}}}'.encode()) == (
        1, 16, "Number out of range"
    )  # fmt: skip
    body = f'[{{"associationCategory": "A", "associationTypeId": {number}}}]'
    assert _malformed(SPECS, body.encode()) == (1, 52, "Number out of range")


def test_a_long_number_that_nobody_reads_does_not_matter():
    body = b'[{"x": ' + b"1" * 5_000 + b', "associationTypeId": 1}]'
    assert _missing(SPECS, body)[2] == ["associationCategory"]


# JSON of another kind.


@pytest.mark.parametrize(
    ("body", "token"),
    [
        (b'"text"', "VALUE_STRING"),
        (b"12", "VALUE_NUMBER_INT"),
        (b"-12", "VALUE_NUMBER_INT"),
        (b"1.5", "VALUE_NUMBER_FLOAT"),
        (b"-1e3", "VALUE_NUMBER_FLOAT"),
        (b"true", "VALUE_TRUE"),
        (b"false", "VALUE_FALSE"),
        (b"null", "VALUE_NULL"),
        (b"{}", "START_OBJECT"),
    ],
)
def test_every_kind_of_value_is_told_apart_from_a_list_of_types(body: bytes, token: str):
    assert _wrong(SPECS, body) == (1, 1, JAVA_SPECS, token)
    assert _wrong(LABELLED, b'{"inputs": [{"from": {"id": 1}, "to": {"id": 1}, "types": %b}]}' % body) == (
        1, 59, JAVA_SPECS, token
    )  # fmt: skip


def test_a_list_where_an_object_belongs_is_named_as_recorded():
    body = b'{\n  "inputs": [\n        [\n{}]]}'
    expected = "com.hubspot.inbounddb.publicobject.core.v2.SimplePublicObjectBatchInput$Json"
    assert _wrong(CREATES, body) == (3, 9, expected, "START_ARRAY")


@pytest.mark.parametrize(
    ("reader", "body", "column", "expected", "token"),
    [
        (SPECS, b"[7]", 2, "AssociationSpec", "VALUE_NUMBER_INT"),
        (SPECS, b'[{"associationCategory": 7, "associationTypeId": 7}]', 26, "String", "VALUE_NUMBER_INT"),
        (SPECS, b'[{"associationCategory": "A", "associationTypeId": "7"}]', 52, "Integer", "VALUE_STRING"),
        (SPECS, b'[{"associationCategory": "A", "associationTypeId": 7.0}]', 52, "Integer", "VALUE_NUMBER_FLOAT"),
        (SPECS, b'[{"associationCategory": "A", "associationTypeId": true}]', 52, "Integer", "VALUE_TRUE"),
        (READS, b'{"inputs": {"id": 1}}', 12, "ArrayList", "START_OBJECT"),
        (READS, b'{"inputs": null}', 12, "ArrayList", "VALUE_NULL"),
        (READS, b'{"inputs": [{"id": null}]}', 20, "String", "VALUE_NULL"),
        (READS, b'{"inputs": [{"id": 1.5}]}', 20, "String", "VALUE_NUMBER_FLOAT"),
        (READS, b'{"inputs": [{"id": "1", "after": 5}]}', 34, "String", "VALUE_NUMBER_INT"),
        (UPDATE, b'{"properties": ["a"]}', 16, "LinkedHashMap", "START_ARRAY"),
        (CREATE, b'{"properties": {}, "associations": {}}', 36, "ArrayList", "START_OBJECT"),
        (DEFAULTS, b'{"inputs": [{"from": "7", "to": {"id": 8}}]}', 22, "PublicObjectId", "VALUE_STRING"),
        (RECORD_READS, b'{"inputs": [], "properties": [1]}', 31, "String", "VALUE_NUMBER_INT"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_found_at_any_depth(
    reader: BodyReader[Any], body: bytes, column: int, expected: str, token: str
):
    line, found_column, java_type, found_token = _wrong(reader, body)
    assert (line, found_column, found_token) == (1, column, token)
    assert expected in java_type


def test_the_one_wrong_value_of_many_inputs_is_found():
    good = '{"from": {"id": 1}, "to": {"id": 2}}'
    body = f'{{"inputs": [\n{good},\n{good},\n{{"to": {{"id": 1}}, "from": []}},\n{good}]}}'
    assert _wrong(DEFAULTS, body.encode()) == (4, 27, "PublicObjectId", "START_ARRAY")


@pytest.mark.parametrize("rest", [b"", b", {", b", ???", b'": 1}]', b"\xff"])
def test_what_follows_a_wrong_value_does_not_hide_it(rest: bytes):
    assert _wrong(SPECS, b'[{"associationCategory": 5' + rest)[:2] == (1, 26)
    assert _wrong(SPECS, b"{" + rest) == (1, 1, JAVA_SPECS, "START_OBJECT")


# Objects that lack keys.


def test_missing_keys_are_told_at_the_end_of_their_object():
    assert _missing(SPECS, b"[{}]") == (1, 3, ["associationCategory", "associationTypeId"])


@pytest.mark.parametrize(
    ("reader", "body", "line", "column", "fields"),
    [
        (READS, b"{}", 1, 2, ["inputs"]),
        (SPECS, b'[{"associationTypeId": 3}]', 1, 25, ["associationCategory"]),
        (SPECS, b'[{\n  "associationTypeId": 3\n}]', 3, 1, ["associationCategory"]),
        (DEFAULTS, b'{"inputs": [{"from": {}, "to": {"id": 1}}]}', 1, 23, ["id"]),
        (DEFAULTS, b'{"inputs": [{"from": {"id": "}"}}]}', 1, 33, ["to"]),
        (DEFAULTS, b'{"inputs": [\n{"from": {"id": 1}, "to": {"id": 2}},\n{}]}', 3, 2, ["from", "to"]),
        (LABELLED, b'{"inputs": [{"from": {"id": 1}, "to": {"id": 2}}]}', 1, 48, ["types"]),
        (CREATE, b'{"associations": [{"to": {"id": 1}, "types": [{}]}]}', 1, 48,
         ["associationCategory", "associationTypeId"]),
        (UPDATE, b'{"propertys": {}}', 1, 17, ["properties"]),
    ],
)  # fmt: skip
def test_missing_keys_are_found_at_any_depth(
    reader: BodyReader[Any], body: bytes, line: int, column: int, fields: list[str]
):
    assert _missing(reader, body) == (line, column, fields)


def test_optional_keys_are_never_missing():
    assert _missing(READS, b'{"inputs": [{}]}')[2] == ["id"]
    assert _missing(RECORD_READS, b"{}")[2] == ["inputs"]
    assert CREATES.read(b'{"inputs": [{}]}').inputs[0].object_write_trace_id is None


def test_what_follows_an_object_that_lacks_keys_does_not_hide_it():
    assert _missing(SPECS, b"[{}, ???") == (1, 3, ["associationCategory", "associationTypeId"])
