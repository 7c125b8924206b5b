"""Where values stand in a JSON text of any size, found by the parser, which steps over what is not asked for.

It costs about what reading the text costs, and asks that all of the text is JSON.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

_items = msgspec.json.Decoder(list[msgspec.Raw])


def piece_at(body: bytes, steps: list[Any]) -> tuple[bytes | msgspec.Raw, int, int]:
    """The innermost value at a path that there is: itself, its offset in bytes, and how many steps led there.

    steps: a position in an array, or a name in an object. Raises: msgspec.DecodeError, RecursionError.
    """
    piece: bytes | msgspec.Raw = body if steps else msgspec.json.decode(body, type=msgspec.Raw)
    for taken, step in enumerate(steps):
        inner = _item(piece, step) if isinstance(step, int) else values_of(piece, (step,))[0]
        if inner is None:
            return piece, _address(piece) - _address(body), taken
        piece = inner
    return piece, _address(piece) - _address(body), len(steps)


def values_of(piece: bytes | msgspec.Raw, names: tuple[str, ...]) -> list[msgspec.Raw | None]:
    """The values of an object by their names, None for one that it lacks. Raises: as `piece_at`."""
    given = msgspec.structs.astuple(_members(names).decode(piece))
    return [None if value is UNSET else value for value in given]


def _item(piece: bytes | msgspec.Raw, position: int) -> msgspec.Raw | None:
    items = _items.decode(piece)
    return items[position] if position < len(items) else None


@lru_cache(maxsize=256)
def _members(names: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    slots = {f"field_{position}": name for position, name in enumerate(names)}
    fields = [(slot, msgspec.Raw | UnsetType, UNSET) for slot in slots]
    return msgspec.json.Decoder(msgspec.defstruct("Members", fields, rename=slots))


class _Buffer(ctypes.Structure):
    """Source: Py_buffer of Python's stable ABI."""

    _fields_ = (
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.c_void_p),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p),
        ("shape", ctypes.c_void_p),
        ("strides", ctypes.c_void_p),
        ("suboffsets", ctypes.c_void_p),
        ("internal", ctypes.c_void_p),
    )


def _address(of: bytes | msgspec.Raw) -> int:
    """Where the bytes of an object lie; a piece of a text is a part of its memory, not a copy."""
    buffer = _Buffer()
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(of), ctypes.byref(buffer), 0)
    address: int = buffer.buf or 0
    ctypes.pythonapi.PyBuffer_Release(ctypes.byref(buffer))
    return address
