"""A call knows its query and where the client thinks the server is."""

from typing import Any

import pytest

from edgewise.domain.model import Category, type_key
from edgewise.wire.messages import Call, Served
from tests.unit.wire.desk import AT, PORTAL_ID, Desk


def _call(query: bytes = b"", headers: Any = (), scheme: str = "http") -> Call:
    scope = {
        "path": "/p", "query_string": query, "headers": headers, "scheme": scheme, "server": ("10.0.0.9", 8765)
    }  # fmt: skip
    return Call(Desk().portal, None, (), b"", AT, Served("/crm/v4/objects", (200,)), scope)


@pytest.mark.parametrize(
    ("query", "value"),
    [
        (b"", None),
        (b"b=1", None),
        (b"a=1", "1"),
        (b"a=1&b=2&a=3", "3"),
        (b"a=", ""),
        (b"a", ""),
        (b"a=1%2B1+1", "1+1 1"),
        (b"%61=1", "1"),
        (b"a=%C3%A9", "é"),
        (b"A=1", None),
        (b"&&a=1&", "1"),
        (b"a=1=2", "1=2"),
    ],
)
def test_a_query_parameter_has_its_last_value(query: bytes, value: str | None):
    assert _call(query).query("a") == value


@pytest.mark.parametrize("query", [b"a=%ff", b"a=\xff", b"a=%", b"%%%=&a=%zz", b"a=\xc3\xa9"])
def test_a_query_of_any_bytes_is_text(query: bytes):
    assert isinstance(_call(query).query("a"), str)


def test_a_repeated_parameter_keeps_every_value_in_order():
    call = _call(b"a=2&b=x&a=1&a=2")
    assert list(call.query_list("a")) == ["2", "1", "2"]
    assert list(call.query_list("c")) == []


def test_the_server_is_where_the_client_says_it_is():
    headers = [(b"accept", b"*/*"), (b"host", b"crm.example:8443")]
    assert _call(headers=headers, scheme="https").origin() == "https://crm.example:8443"


@pytest.mark.parametrize(
    ("told", "scheme"),
    [
        (b"https", "https"), (b"http", "http"), (b"", "http"), (b"HTTPS", "http"), (b"https,http", "http"),
        (b"ftp", "http"), (b"javascript:", "http"), (b"https://evil.example", "http"),
    ],
)  # fmt: skip
def test_a_proxy_in_front_tells_by_which_scheme_it_was_asked(told: bytes, scheme: str):
    headers = [(b"host", b"crm.example:8443"), (b"x-forwarded-proto", told)]
    assert _call(headers=headers).origin() == f"{scheme}://crm.example:8443"


def test_without_a_host_header_the_server_is_where_it_listens():
    assert _call().origin() == "http://10.0.0.9:8765"


def test_the_lists_of_types_that_reads_show_are_made_once():
    lists = Desk().portal.spec_lists
    keys = (type_key(Category.HUBSPOT_DEFINED, 1), type_key(Category.HUBSPOT_DEFINED, 279))
    assert [(each.category, each.type_id, each.label) for each in lists[keys]] == [
        ("HUBSPOT_DEFINED", 1, "Primary"), ("HUBSPOT_DEFINED", 279, None)
    ]  # fmt: skip
    assert lists[keys] is lists[keys]


@pytest.mark.parametrize(("choice", "is_number"), [("string", False), ("number", True)])
def test_a_portal_knows_how_it_writes_ids(choice: str, is_number: bool):
    portal = Desk(record_ids=choice).portal
    assert (portal.portal_id, portal.ids_are_numbers) == (PORTAL_ID, is_number)
