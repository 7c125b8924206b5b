"""A JSON body into a shape, or the exact complaint that HubSpot makes of it."""

from __future__ import annotations

import json
import re
from typing import Any, Generic, TypeVar, get_args, get_origin

import msgspec

from edgewise.wire.refusals import BodyMalformed, BodyMissing, BodyOfWrongKind, FieldsMissing

Shape = TypeVar("Shape")

_BYTE_OFFSET = re.compile(r"\(byte (\d+)\)")
_PATH = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\[(\d+)\]|\.([^.\[]+)|\[\.\.\.\]")
_WHITESPACE = " \t\r\n"

JAVA_TYPES = {
    "list[AssociationSpec]": "java.util.HashSet<com.hubspot.inbounddb.associations.base.AssociationSpec>",
    "SimplePublicObjectBatchInputForCreate": (
        "com.hubspot.inbounddb.publicobject.core.v2.SimplePublicObjectBatchInput$Json"
    ),
}
"""Names that recorded messages print for our shapes; a shape without a recording prints its published name."""


class BodyReader(Generic[Shape]):
    """Reads one kind of body."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape
        self._decode = msgspec.json.Decoder(shape).decode

    def read(self, body: bytes) -> Shape:
        """The body as its shape.

        Raises: BodyMissing, BodyMalformed, BodyOfWrongKind, FieldsMissing.
        Source: behaviour dossier, section 7.2.
        """
        try:
            decoded: Shape = self._decode(body)
        except msgspec.ValidationError as error:
            raise _complaint(body, self.shape, error) from None
        except msgspec.DecodeError as error:
            if not body.strip():
                raise BodyMissing from None
            raise _malformed(body, error) from None
        except UnicodeDecodeError as error:
            raise BodyMalformed(*_line_and_column(body, error.start), "Invalid UTF-8") from None
        return decoded


def _malformed(body: bytes, error: msgspec.DecodeError) -> BodyMalformed:
    found = _BYTE_OFFSET.search(str(error))
    offset = int(found.group(1)) if found else len(body)
    reason = str(error).removeprefix("JSON is malformed: ").partition(" (byte")[0]
    return BodyMalformed(*_line_and_column(body, offset), reason[:1].upper() + reason[1:])


def _complaint(body: bytes, shape: Any, error: msgspec.ValidationError) -> Exception:
    """Say what is wrong with a body that is JSON, but not of its shape."""
    found = _PATH.search(str(error))
    steps = [
        int(step.group(1)) if step.group(1) else step.group(2)
        for step in _STEP.finditer(found.group(1) if found else "")
    ]
    text = body.decode("utf-8", "replace")
    start, end, value, expected = _locate(text, shape, steps)
    missing = _missing_keys(value, expected)
    if missing:
        return FieldsMissing(*_line_and_column(text[:end], len(text[:end]) - 1), missing)
    return BodyOfWrongKind(*_line_and_column(text, start), _java_type(expected), _token(value))


def _locate(text: str, shape: Any, steps: list[Any]) -> tuple[int, int, Any, Any]:
    """The value at a path: where it starts and ends in the text, what it is, and the shape it should have."""
    decoder = json.JSONDecoder()
    start = _skip(text, 0)
    for step in steps:
        found = _child(text, start, step, decoder)
        if found is None:
            break
        start = found
        shape = _shape_of(shape, step)
    value, end = decoder.raw_decode(text, start)
    return start, end, value, shape


def _child(text: str, start: int, step: Any, decoder: json.JSONDecoder) -> int | None:
    """Where the child of an array or object begins."""
    at = _skip(text, start + 1)
    position = 0
    while at < len(text) and text[at] not in "]}":
        if text[start] == "{":
            key, at = decoder.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        else:
            key = position
        if key == step:
            return at
        _, at = decoder.raw_decode(text, at)
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
    """The one shape of an optional field that is not None."""
    choices = [choice for choice in get_args(shape) if choice is not type(None)]
    if get_origin(shape) is list or not choices:
        return shape
    return choices[0] if len(choices) == 1 else shape


def _missing_keys(value: Any, shape: Any) -> list[str]:
    if not isinstance(value, dict) or not (isinstance(shape, type) and issubclass(shape, msgspec.Struct)):
        return []
    return [
        each.encode_name
        for each in msgspec.structs.fields(shape)
        if each.required and each.encode_name not in value
    ]


def _java_type(shape: Any) -> str:
    shape = _struct_or_list(shape)
    if get_origin(shape) is list:
        inner = getattr(get_args(shape)[0], "__name__", "Object")
        return JAVA_TYPES.get(f"list[{inner}]", f"java.util.ArrayList<{inner}>")
    name = getattr(shape, "__name__", None) or "java.lang.String"
    plain = {"int": "java.lang.Integer", "str": "java.lang.String", "dict": "java.util.LinkedHashMap"}
    return plain.get(name) or JAVA_TYPES.get(name, name)


def _token(value: Any) -> str:
    match value:
        case True:
            return "VALUE_TRUE"
        case False:
            return "VALUE_FALSE"
        case None:
            return "VALUE_NULL"
        case str():
            return "VALUE_STRING"
        case int():
            return "VALUE_NUMBER_INT"
        case float():
            return "VALUE_NUMBER_FLOAT"
        case list():
            return "START_ARRAY"
        case _:
            return "START_OBJECT"


def _line_and_column(text: str | bytes, offset: int) -> tuple[int, int]:
    before = text[:offset]
    newline: Any = "\n" if isinstance(text, str) else b"\n"
    line = before.count(newline) + 1
    column = offset - (before.rfind(newline) + 1) + 1
    return line, column
