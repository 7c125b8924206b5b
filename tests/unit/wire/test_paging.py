"""A cursor leads to where its page ended, and nothing else is taken for one."""

from base64 import b64encode
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from edgewise.domain.errors import InvalidCursor, InvalidPageSize
from edgewise.domain.model import RECORD_ID_MAX, Category, LinkedTarget, LinkPage, type_key
from edgewise.wire.bodies import ForwardPaging
from edgewise.wire.paging import after_link, first_record, link_cursor, next_links, next_page, page_size
from tests.unit.wire.desk import PORTAL_ID, ROUTES, Desk

IDS = st.integers(1, RECORD_ID_MAX)
KEYS = st.builds(type_key, st.sampled_from(Category), st.integers(0, 2**40))
LIST = ROUTES["list_associations"]


def _cursor_of(text: str) -> str:
    return b64encode(text.encode()).decode()


@given(IDS, st.lists(KEYS, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_cursor_leads_back_to_its_target_in_every_form_a_client_sends(target_id: int, keys: list[int]):
    cursor = link_cursor(LinkedTarget(target_id, tuple(sorted(keys))))
    assert after_link(cursor) == target_id
    assert after_link(unquote(cursor)) == target_id
    assert unquote(quote(cursor)) == cursor
    assert quote(unquote(cursor)) == cursor


def test_a_cursor_reads_as_the_recorded_one():
    last = LinkedTarget(7502, (type_key(Category.HUBSPOT_DEFINED, 2),))
    assert link_cursor(last) == "MC0yLTc1MDI%3D"


@pytest.mark.parametrize(
    ("cursor", "target_id"),
    [
        ("MC0yLTc1MDI%3D", 7502),
        ("MC0yLTc1MDI", 7502),
        ("MC0yLTE1OTc0MDA2NTg%3D", 1597400658),
        ("MTAtNi0xODQ3MjAxMzg5%3D", 1847201389),
    ],
)
def test_recorded_cursors_are_understood_encoded_and_decoded(cursor: str, target_id: int):
    assert after_link(cursor) == target_id
    assert after_link(unquote(cursor)) == target_id


def test_a_cursor_names_the_last_type_of_a_target_with_its_category():
    keys = (type_key(Category.HUBSPOT_DEFINED, 279), type_key(Category.USER_DEFINED, 5))
    assert link_cursor(LinkedTarget(9, tuple(sorted(keys)))) == quote(_cursor_of("0-279-9"))
    assert link_cursor(LinkedTarget(9, keys[1:])) == quote(_cursor_of("1-5-9"))


@pytest.mark.parametrize("cursor", [None, ""])
def test_no_cursor_starts_at_the_beginning(cursor: str | None):
    assert after_link(cursor) == 0
    assert first_record(cursor) == 1


@pytest.mark.parametrize(
    "cursor",
    [
        "7502", "0-2-7502", "MC0yLTc1MDI=x", "MC0yLTc1MDI%", "MC0y LTc1MDI=", "=", "%3D", "é", "\x00", "null",
        *map(_cursor_of, ("-", "--", "0-2", "0-2-", "0-2-7502-1", "0-2--5", "a-b-c", "0-2-7502\n", "0-2- 7")),
        *map(_cursor_of, ("0-2-²", "0-2-٣", f"0-2-{RECORD_ID_MAX + 1}", "0-2-" + "9" * 5000)),
    ],
)  # fmt: skip
def test_garbage_is_no_cursor(cursor: str):
    with pytest.raises(InvalidCursor) as refused:
        after_link(cursor)
    assert refused.value.text == cursor


@given(st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_cursor_or_refused(cursor: str):
    for read in (after_link, first_record):
        try:
            assert 0 <= read(cursor) <= RECORD_ID_MAX
        except InvalidCursor as refused:
            assert refused.text == cursor


@given(IDS)
@settings(max_examples=50, deadline=None)
def test_a_record_list_goes_on_at_the_id_it_named(record_id: int):
    assert first_record(str(record_id)) == record_id


def test_a_record_list_beyond_the_largest_id_is_empty_rather_than_an_error():
    assert first_record("9" * 19) == first_record("9" * 500) == RECORD_ID_MAX


@pytest.mark.parametrize("cursor", ["-1", "1.0", "x", " 1", "²", "٣", "MC0yLTc1MDI="])
def test_a_record_list_takes_numbers_only(cursor: str):
    with pytest.raises(InvalidCursor):
        first_record(cursor)


@pytest.mark.parametrize(("text", "size"), [(None, 10), ("1", 1), ("007", 7), ("99", 99), ("100", 100)])
def test_a_page_has_the_size_asked_for(text: str | None, size: int):
    assert page_size(text, 10, 100) == size
    assert page_size(text, 10, 100, is_clamped=True) == size


@pytest.mark.parametrize("text", ["", "0", "00", "-1", "1.0", "1e2", " 5", "ten", "²", "٣", "+5", "1_0"])
def test_a_page_size_is_a_number_from_one(text: str):
    for is_clamped in (False, True):
        with pytest.raises(InvalidPageSize) as refused:
            page_size(text, 10, 100, is_clamped)
        assert (refused.value.text, refused.value.page_size_max) == (text, 100)


@pytest.mark.parametrize("text", ["101", "501", "4294967296", "9" * 30])
def test_a_page_larger_than_the_maximum_is_refused_or_the_maximum(text: str):
    assert page_size(text, 10, 100, is_clamped=True) == 100
    with pytest.raises(InvalidPageSize):
        page_size(text, 10, 100)


def test_a_page_size_of_absurd_length_is_refused():
    for is_clamped in (False, True):
        with pytest.raises(InvalidPageSize):
            page_size("9" * 10_000, 10, 100, is_clamped)


def _asked(link: str | None) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link or "").query)


def test_the_next_page_is_asked_for_at_an_absolute_address_as_recorded():
    call = Desk().call(LIST, "0-2", 6465999056, "0-1")
    after = next_page(call, "MC0yLTc1MDI%3D", call.path).next
    assert after.after == "MC0yLTc1MDI%3D"
    assert after.link == (
        "https://crm.example/crm/objects/2026-03/0-2/6465999056/associations/0-1"
        f"?portalId={PORTAL_ID}&after=MC0yLTc1MDI%3D"
    )
    assert after_link(_asked(after.link)["after"][0]) == 7502


def test_the_next_page_keeps_the_size_of_this_one():
    call = Desk().call(LIST, "0-2", 1, "0-1", query="limit=7&after=x")
    assert _asked(next_page(call, "abc", call.path).next.link)["limit"] == ["7"]
    assert "limit" not in _asked(next_page(call, "abc", "/elsewhere").next.link)


def test_the_last_page_of_links_has_no_paging_block():
    call = Desk().call(LIST, "contacts", 1, "companies")
    contact, company = (call.portal.catalog.object_type(name) for name in ("contact", "company"))
    page = LinkPage([LinkedTarget(7, (4,))], has_more=False)
    assert next_links(call, contact, 1, company, page) is UNSET


def test_the_next_page_of_a_records_links_is_that_records_own_list_by_type_ids():
    call = Desk().call(ROUTES["read_associations_batch"], "contacts", "companies")
    contact, company = (call.portal.catalog.object_type(name) for name in ("contact", "company"))
    page = LinkPage([LinkedTarget(6, (4,)), LinkedTarget(7, (4, 1116))], has_more=True)
    paging = next_links(call, contact, 55, company, page)
    assert isinstance(paging, ForwardPaging)
    link = urlsplit(paging.next.link or "")
    assert link.path == "/crm/objects/2026-03/0-1/55/associations/0-2"
    assert after_link(paging.next.after) == 7
