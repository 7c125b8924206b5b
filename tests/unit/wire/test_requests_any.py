"""Whatever bytes come, a reader reads them or refuses them in one of four ways."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from edgewise.surfaces.operations import OPERATIONS
from edgewise.wire.refusals import BodyMalformed, BodyMissing, BodyOfWrongKind, FieldsMissing
from edgewise.wire.requests import BodyReader

REFUSALS = (BodyMissing, BodyMalformed, BodyOfWrongKind, FieldsMissing)

SHAPES = list({str(each.request): each.request for each in OPERATIONS if each.request}.values())
READERS: list[BodyReader[Any]] = [BodyReader(shape) for shape in SHAPES]

KEYS = st.sampled_from(
    ["inputs", "id", "from", "to", "types", "after", "properties", "associations"]
) | st.sampled_from(["associationCategory", "associationTypeId", "objectWriteTraceId", "unknown"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def _read_or_refuse(body: bytes) -> list[Exception]:
    """The refusals of a body by every reader, each at a place that exists."""
    refusals: list[Exception] = []
    for reader in READERS:
        try:
            reader.read(body)
        except REFUSALS as refusal:
            refusals.append(refusal)
            if not isinstance(refusal, BodyMissing):
                lines = body.decode("utf-8", "replace").split("\n")
                assert 1 <= refusal.line <= len(lines)
                assert 1 <= refusal.column <= len(lines[refusal.line - 1]) + 1
    return refusals


@given(VALUES, st.sampled_from([None, 1]))
@settings(max_examples=150, deadline=None)
def test_any_json_value_is_read_or_refused(value: Any, indent: int | None):
    refusals = _read_or_refuse(json.dumps(value, indent=indent, ensure_ascii=indent is None).encode())
    assert not any(isinstance(each, BodyMalformed | BodyMissing) for each in refusals)


@given(VALUES, st.data())
@settings(max_examples=100, deadline=None)
def test_any_piece_of_json_is_read_or_refused(value: Any, data: st.DataObject):
    body = json.dumps(value).encode()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    _read_or_refuse(body[start:end])


@given(
    st.binary(max_size=40) | st.text(alphabet='[]{}",:0123eE+-.truefalsn \n\\u', max_size=40).map(str.encode)
)
@settings(max_examples=200, deadline=None)
@example(b'{"a":1')
@example(b'{"inputs": [{"id": "\\u12')
@example(b'[{"x": "\\q"}]')
@example(b'[{"\\ud800": 1}]')
@example(b'[{"x": "\xff"}]')
def test_any_bytes_are_read_or_refused(body: bytes):
    _read_or_refuse(body)


@given(
    st.sampled_from([b"[", b'{"properties":', b'{"inputs":[', b'[{"associationTypeId":', b'{"x":']),
    st.integers(1, 3_000),
    st.sampled_from([b"", b"1", b"]", b"}", b"\xff"]),
)
@settings(max_examples=40, deadline=None)
def test_any_depth_is_read_or_refused(opening: bytes, depth: int, rest: bytes):
    _read_or_refuse(opening * depth + rest)
    _read_or_refuse(b'{"inputs": [{"unknown": ' + opening * depth + rest)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: str(reader.shape)[-40:])
def test_every_reader_says_so_when_there_is_no_body(reader: BodyReader[Any]):
    with pytest.raises(BodyMissing):
        reader.read(b"")


def test_the_readers_under_test_are_those_of_every_operation():
    assert len(READERS) >= 8
