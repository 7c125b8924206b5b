"""How many bytes and values a body may have, found out before it is read."""

from __future__ import annotations

from edgewise.wire.refusals import TooManyValues
from edgewise.wire.steps import Steps

PUBLIC_BYTES_MAX = 64 * 1024
"""Of the body of an operation that asks for no token. Ours: theirs hold a few fields."""

UNCOUNTED_BYTES_MAX = 64 * 1024
"""Bodies up to this size are read whatever they hold."""

VALUES_MAX = 150_000
"""Of any body: 100 records of 1,000 properties fit, and 2,000 links of 20 types. Ours."""

RECORD_VALUES_MAX = 20_000
"""Of the body of one record: 2,000 properties fit, and 2,000 links. Ours."""

_SLICE_BYTES = 128 * 1024


def require_few_values(body: bytes, values_max: int) -> Steps[None]:
    """Refuse a body with more values than an operation reads; these have commas between them, as words of texts may.

    Raises: TooManyValues.
    """
    if body.count(b",") < values_max:
        return
    commas, start, is_text = 0, 0, False
    while start < len(body):
        part = body[start : start + _SLICE_BYTES]
        if (len(part) - len(part.rstrip(b"\\"))) % 2:
            part = body[start : start + _SLICE_BYTES + 1]
        start += len(part)
        between = part.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
        commas += b"".join(between[is_text::2]).count(b",")
        is_text ^= len(between) % 2 == 0
        if commas >= values_max:
            raise TooManyValues(values_max)
        yield
