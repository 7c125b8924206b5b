"""A JSON body into a shape, or the exact complaint that HubSpot makes of it."""

from __future__ import annotations

import json
import re
from typing import Any, Generic, TypeVar, get_args, get_origin

import msgspec

from edgewise.wire.refusals import BodyMalformed, BodyMissing, BodyOfWrongKind, FieldsMissing

Shape = TypeVar("Shape")

_BYTE_OFFSET = re.compile(r"\(byte (\d+)\)")
_FRACTION = re.compile(r"-?\d+[.eE]", re.ASCII)
_PATH = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\[(\d+)\]|\.([^.\[]+)|\[\.\.\.\]")
_WHITESPACE = " \t\r\n"
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
    found = _PATH.search(message)
    steps = [
        int(step.group(1)) if step.group(1) else step.group(2)
        for step in _STEP.finditer(found.group(1) if found else "")
    ]
    text = _text(body)
    is_missing = message.startswith("Object missing required field")
    if is_null_missing and not is_missing and steps and isinstance(steps[-1], str):
        is_missing = ", got `null`" in message
        steps = steps[:-1] if is_missing else steps
    try:
        start, expected = _locate(text, shape, steps)
        if is_missing:
            value, end = _DECODER.raw_decode(text, start)
            return FieldsMissing(*_end_of(text[: end - 1]), _missing_keys(value, expected, is_null_missing))
    except RecursionError:  # a depth that was just within reach when it was read
        return BodyMalformed(1, 1, _TOO_DEEP)
    if message.startswith(("Number out of range", "Integer value out of range")):
        return BodyMalformed(*_end_of(text[:start]), "Number out of range")
    return BodyOfWrongKind(*_end_of(text[:start]), _java_type(expected), _token(text, start))


_DECODER = json.JSONDecoder(parse_int=float)
"""Only asked where values end: an integer's own value is not wanted, and one of 5,000 digits has none in Python."""


def _locate(text: str, shape: Any, steps: list[Any]) -> tuple[int, Any]:
    """The value at a path: where it starts in the text, and the shape it should have."""
    start = _skip(text, 0)
    for step in steps:
        found = _child(text, start, step)
        if found is None:
            break
        start = found
        shape = _shape_of(shape, step)
    return start, shape


def _child(text: str, start: int, step: Any) -> int | None:
    """Where the child of an array or object begins."""
    at = _skip(text, start + 1)
    position = 0
    while at < len(text) and text[at] not in "]}":
        if text[start] == "{":
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        else:
            key = position
        if key == step:
            return at
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if at < len(text) and text[at] == ",":
            at = _skip(text, at + 1)
        position += 1
    return None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _WHITESPACE:
        at += 1
    return at


def _shape_of(shape: Any, step: Any) -> Any:
    shape = _struct_or_list(shape)
    if isinstance(step, int):
        return get_args(shape)[0]
    for each in msgspec.structs.fields(shape):
        if each.encode_name == step:
            return each.type
    return Any


def _struct_or_list(shape: Any) -> Any:
    """The one shape of an optional field that is not None; where text does as well as an object, the object's."""
    choices = [choice for choice in get_args(shape) if choice is not type(None)]
    if get_origin(shape) is list or not choices:
        return shape
    objects = [
        choice for choice in choices if isinstance(choice, type) and issubclass(choice, msgspec.Struct)
    ]
    return (objects or choices)[0] if objects or len(choices) == 1 else shape


def _missing_keys(value: Any, shape: Any, is_null_missing: bool) -> list[str]:
    return [
        each.encode_name
        for each in msgspec.structs.fields(_struct_or_list(shape))
        if each.required
        and (each.encode_name not in value or (is_null_missing and value[each.encode_name] is None))
    ]


def _java_type(shape: Any) -> str:
    shape = _struct_or_list(shape)
    if get_origin(shape) is list:
        inner = getattr(get_args(shape)[0], "__name__", "Object")
        return JAVA_TYPES.get(f"list[{inner}]", f"java.util.ArrayList<{inner}>")
    name = getattr(shape, "__name__", None) or "java.lang.String"
    plain = {"int": "java.lang.Integer", "str": "java.lang.String", "dict": "java.util.LinkedHashMap"}
    return plain.get(name) or JAVA_TYPES.get(name, name)


def _token(text: str, start: int) -> str:
    if _FRACTION.match(text, start):
        return "VALUE_NUMBER_FLOAT"
    return _TOKENS.get(text[start : start + 1], "VALUE_NUMBER_INT")


_TOKENS = {
    '"': "VALUE_STRING",
    "[": "START_ARRAY",
    "{": "START_OBJECT",
    "f": "VALUE_FALSE",
    "n": "VALUE_NULL",
    "t": "VALUE_TRUE",
}


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _end_of(text: str) -> tuple[int, int]:
    """The line and column, from one and in characters, of what follows a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")
