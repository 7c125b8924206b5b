"""Cursors: opaque text for clients, the last row of a page for us."""

from __future__ import annotations

from base64 import b64decode, b64encode
from urllib.parse import parse_qsl, quote, unquote, urlencode

from msgspec import UNSET, UnsetType

from edgewise.domain.errors import InvalidCursor, InvalidPageSize
from edgewise.domain.identifiers import is_number
from edgewise.domain.model import RECORD_ID_MAX, LinkedTarget, LinkPage, ObjectType, split_type_key
from edgewise.wire.bodies import ForwardPaging, NextPage
from edgewise.wire.messages import Call


def link_cursor(last: LinkedTarget) -> str:
    """The cursor after a target: category, typeId and target id, in base64, percent-encoded.

    Source: docs/behaviour.md, section 5.2 (`MC0yLTc1MDI%3D` is 0-2-7502).
    """
    category, type_id = split_type_key(last.keys[-1])
    return quote(b64encode(f"{int(category)}-{type_id}-{last.target_id}".encode()).decode())


def after_link(cursor: str | None) -> int:
    """The target id that a cursor ended with, or 0 without one; percent-encoded or not.

    Raises: InvalidCursor.
    Source: docs/behaviour.md, section 5.2; its recorded cursors have more padding than base64 needs, or as much.
    """
    if not cursor:
        return 0
    digits = unquote(cursor).rstrip("=")
    try:
        text = b64decode(digits + "=" * (-len(digits) % 4), validate=True).decode("ascii")
        parts = [int(part) for part in text.split("-") if part.isdecimal()]
    except ValueError:
        raise InvalidCursor(cursor) from None
    if len(parts) != 3 or text.count("-") != 2 or parts[2] > RECORD_ID_MAX:
        raise InvalidCursor(cursor)
    return parts[2]


def first_record(cursor: str | None) -> int:
    """The record id that a record list starts with, or 1 without a cursor. Raises: InvalidCursor."""
    if not cursor:
        return 1
    if cursor.isdecimal() and cursor.isascii():
        return min(int(cursor[:20]), RECORD_ID_MAX)
    raise InvalidCursor(cursor)


def page_size(text: str | None, default: int, maximum: int, is_clamped: bool = False) -> int:
    """The `limit` of a list. Raises: InvalidPageSize when it is no number from one to the maximum."""
    if text is None:
        return default
    if is_number(text):
        size = int(text)
        if 0 < size <= maximum:
            return size
        if size > maximum and is_clamped:
            return maximum
    raise InvalidPageSize(text, maximum)


def next_page(call: Call, cursor: str, path: str) -> ForwardPaging:
    """The `paging` block: the cursor, and an absolute address that asks for the next page with it."""
    query = {"portalId": str(call.portal.portal_id)}
    limit = call.query("limit")
    if limit is not None and path == call.path:
        query["limit"] = limit
    query["after"] = unquote(cursor)
    return ForwardPaging(NextPage(cursor, f"{call.origin()}{path}?{urlencode(query)}"))


def next_of_records(call: Call, cursor: str) -> ForwardPaging:
    """The `paging` block of a list of records: its address repeats what was asked, so that whoever follows it gets more
    of the same. Source: docs/behaviour.md, section 9.2."""
    query = parse_qsl(call.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    asked = [(name, value) for name, value in query if name != "after"]
    return ForwardPaging(
        NextPage(cursor, f"{call.origin()}{call.path}?{urlencode([*asked, ('after', cursor)])}")
    )


def next_of_list(call: Call, page: LinkPage) -> ForwardPaging | UnsetType:
    """The `paging` block of a list of one record's links; none on the last page."""
    return next_page(call, link_cursor(page.targets[-1]), call.path) if page.has_more else UNSET


def next_links(
    call: Call, source: ObjectType, source_id: int, target: ObjectType, page: LinkPage
) -> ForwardPaging | UnsetType:
    """The `paging` block of a page of one record's links; none on the last page.

    Source: docs/behaviour.md, sections 3.3 and 5.2: clients loop for ever when the last page has one, and the address
    is that of the record's own list, with object type ids.
    """
    if not page.has_more:
        return UNSET
    path = f"{call.served.link_lists}/{source.id}/{source_id}/associations/{target.id}"
    return next_page(call, link_cursor(page.targets[-1]), path)
