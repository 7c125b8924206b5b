"""A JSON body into a shape, or the exact complaint that HubSpot makes of it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin

import msgspec

from edgewise.wire import pieces, places
from edgewise.wire.refusals import BodyMalformed, BodyMissing, BodyOfWrongKind, FieldsMissing

Shape = TypeVar("Shape")

_BYTE_OFFSET = re.compile(r"\(byte (\d+)\)")
_FRACTION = re.compile(rb"-?\d+[.eE]")
_PATH = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\[(\d+)\]|\.([^.\[]+)|\[\.\.\.\]")
_LARGE_BYTES = 64 * 1024
"""Faults in larger bodies are found by the parser."""

_TOO_DEEP = "Nested too deeply"

JAVA_TYPES = {
    "list[AssociationSpec]": "java.util.HashSet<com.hubspot.inbounddb.associations.base.AssociationSpec>",
    "SimplePublicObjectBatchInputForCreate": (
        "com.hubspot.inbounddb.publicobject.core.v2.SimplePublicObjectBatchInput$Json"
    ),
}
"""Names that recorded messages print for our shapes; a shape without a recording prints its published name."""


class BodyReader(Generic[Shape]):
    """Reads one kind of body. is_null_missing: null in a required field is as if the field were left out."""

    def __init__(self, shape: Any, is_null_missing: bool = False) -> None:
        self.shape = shape
        self._is_null_missing = is_null_missing
        self._decode = msgspec.json.Decoder(shape).decode

    def read(self, body: bytes) -> Shape:
        """The body as its shape.

        Raises: BodyMissing, BodyMalformed, BodyOfWrongKind, FieldsMissing.
        Source: docs/behaviour.md, section 7.2.
        """
        try:
            decoded: Shape = self._decode(body)
            if not body.isascii():
                body.decode()  # names and values that the shape does not have are read by nobody else
        except msgspec.ValidationError as error:
            raise _complaint(body, self.shape, error, self._is_null_missing) from None
        except msgspec.DecodeError as error:
            if not body.strip():
                raise BodyMissing from None
            raise _malformed(body, error) from None
        except UnicodeDecodeError:
            raise _not_utf8(body) from None
        except RecursionError:
            raise BodyMalformed(1, 1, _TOO_DEEP) from None
        return decoded


def _malformed(body: bytes, error: msgspec.DecodeError) -> BodyMalformed:
    found = _BYTE_OFFSET.search(str(error))
    offset = int(found.group(1)) if found else len(body)
    reason = str(error).removeprefix("JSON is malformed: ").partition(" (byte")[0]
    return BodyMalformed(*_end_of(_text(body[:offset])), reason[:1].upper() + reason[1:])


def _not_utf8(body: bytes) -> BodyMalformed:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return BodyMalformed(*_end_of(_text(body[: error.start])), "Invalid UTF-8")
    return BodyMalformed(1, 1, "Invalid UTF-8")


def _complaint(body: bytes, shape: Any, error: msgspec.ValidationError, is_null_missing: bool) -> Exception:
    """Say what is wrong with a body that is not of its shape; what follows the wrong value may not be JSON at all."""
    message = str(error)
    path = _PATH.search(message)
    steps = _steps(path.group(1) if path else "")
    is_missing = message.startswith("Object missing required field")
    if is_null_missing and not is_missing and steps and isinstance(steps[-1], str):
        is_missing = ", got `null`" in message
        steps = steps[:-1] if is_missing else steps
    try:
        found = _by_parser(body, steps) if len(body) > _LARGE_BYTES else _by_patterns(body, steps, is_missing)
        expected = shape
        for step in steps[: found.steps_taken]:
            expected = _shape_of(expected, step)
        if is_missing:
            fields = _missing_keys(found.value, expected, is_null_missing)
            return FieldsMissing(*_end_of(found.before + _text(found.value[:-1])), fields)
    except RecursionError:  # a depth that was just within reach when it was read
        return BodyMalformed(1, 1, _TOO_DEEP)
    except (ValueError, msgspec.DecodeError):  # it is no JSON behind the wrong value
        return _broken(body)
    if message.startswith(("Number out of range", "Integer value out of range")):
        return BodyMalformed(*_end_of(found.before), "Number out of range")
    return BodyOfWrongKind(*_end_of(found.before), _java_type(expected), _token(found.value))


def _steps(path: str) -> list[Any]:
    """The positions and names of a path, up to a member of an object that has any names."""
    steps = [int(each.group(1)) if each.group(1) else each.group(2) for each in _STEP.finditer(path)]
    return steps[: steps.index(None)] if None in steps else steps


class _Found(NamedTuple):
    """The value at a path. before: the text that precedes it. value: the value, or the text from it on."""

    before: str
    value: bytes
    steps_taken: int


def _by_patterns(body: bytes, steps: list[Any], is_whole: bool) -> _Found:
    """is_whole: whether it must be known where the value ends. Raises: ValueError, RecursionError."""
    text = _text(body)
    start, taken = places.place_of(text, steps)
    end = places.end_of(text, start) if is_whole else len(text)
    return _Found(text[:start], text[start:end].encode(), taken)


def _by_parser(body: bytes, steps: list[Any]) -> _Found:
    """Raises: msgspec.DecodeError, RecursionError."""
    value, offset, taken = pieces.piece_at(body, steps)
    return _Found(_text(body[:offset]), bytes(value), taken)


def _broken(body: bytes) -> BodyMalformed:
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except msgspec.DecodeError as error:
        return _malformed(body, error)
    return BodyMalformed(1, 1, "Invalid character")


def _shape_of(shape: Any, step: Any) -> Any:
    shape = _struct_or_list(shape)
    if isinstance(step, int):
        return get_args(shape)[0]
    for each in _fields_of(shape):
        if each.encode_name == step:
            return each.type
    return Any


@cache
def _fields_of(shape: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(shape)


def _struct_or_list(shape: Any) -> Any:
    """The one shape of an optional field that is not None; where text does as well as an object, the object's."""
    choices = [choice for choice in get_args(shape) if choice is not type(None)]
    if get_origin(shape) is list or not choices:
        return shape
    objects = [
        choice for choice in choices if isinstance(choice, type) and issubclass(choice, msgspec.Struct)
    ]
    return (objects or choices)[0] if objects or len(choices) == 1 else shape


def _missing_keys(value: bytes, shape: Any, is_null_missing: bool) -> list[str]:
    names = tuple(each.encode_name for each in _fields_of(_struct_or_list(shape)) if each.required)
    given = zip(names, pieces.values_of(value, names), strict=True)
    return [name for name, held in given if held is None or (is_null_missing and bytes(held) == b"null")]


def _java_type(shape: Any) -> str:
    shape = _struct_or_list(shape)
    if get_origin(shape) is list:
        inner = getattr(get_args(shape)[0], "__name__", "Object")
        return JAVA_TYPES.get(f"list[{inner}]", f"java.util.ArrayList<{inner}>")
    name = getattr(shape, "__name__", None) or "java.lang.String"
    plain = {"int": "java.lang.Integer", "str": "java.lang.String", "dict": "java.util.LinkedHashMap"}
    return plain.get(name) or JAVA_TYPES.get(name, name)


def _token(value: bytes) -> str:
    if _FRACTION.match(value):
        return "VALUE_NUMBER_FLOAT"
    return _TOKENS.get(value[:1], "VALUE_NUMBER_INT")


_TOKENS = {
    b'"': "VALUE_STRING",
    b"[": "START_ARRAY",
    b"{": "START_OBJECT",
    b"f": "VALUE_FALSE",
    b"n": "VALUE_NULL",
    b"t": "VALUE_TRUE",
}


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _end_of(text: str) -> tuple[int, int]:
    """The line and column, from one and in characters, of what follows a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")
