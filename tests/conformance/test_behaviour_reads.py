"""What reading does: pages and cursors, both ways to write an id, versions over one store, spellings of a type."""

from base64 import b64decode
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from tests.support import paths
from tests.support.crm import ABSENT_ID, Crm, ends, labelled
from tests.support.portal import CREW_OF, SPACESHIP, SPACESHIP_ID

VERSIONS = pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)
RECORD_VERSIONS = pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
SPELLINGS = {
    "contact": ("contact", "contacts", "0-1", "CONTACTS", "Contact", "CONTACT"),
    "company": ("company", "companies", "0-2", "COMPANIES", "Companies", "COMPANY"),
    SPACESHIP: (SPACESHIP, SPACESHIP.upper(), SPACESHIP_ID),
}


@pytest.fixture
def company(live: Crm) -> str:
    return live.one("companies")


@pytest.fixture
def contacts(live: Crm, company: str) -> list[str]:
    """Five contacts of the company, ids ascending, linked in another order."""
    made = live.create("contacts", 5)
    for contact in (made[3], made[0], made[4], made[2], made[1]):
        live.link("companies", company, "contacts", contact)
    return made


def _ids(page: dict) -> list[str]:
    return [str(row["toObjectId"]) for row in page["results"]]


@VERSIONS
def test_targets_come_in_ascending_order_of_their_ids(live: Crm, version, company, contacts):
    page = live.get(paths.links(version, "companies", company, "contacts")).json()
    assert _ids(page) == contacts
    assert list(page) == ["results"]


@VERSIONS
@pytest.mark.parametrize(("limit", "sizes"), [(1, [1, 1, 1, 1, 1]), (2, [2, 2, 1]), (5, [5]), (500, [5])])
def test_following_the_links_of_the_pages_visits_every_target(
    live: Crm, version, limit, sizes, company, contacts
):
    path = paths.links(version, "companies", company, "contacts")
    page = live.get(path, params={"limit": limit}).json()
    pages = [_ids(page)]
    while "paging" in page:
        address = urlsplit(page["paging"]["next"]["link"])
        assert f"{address.scheme}://{address.netloc}" == live.url
        assert address.path == path
        assert parse_qs(address.query)["portalId"] == ["1000001"]
        page = live.get(page["paging"]["next"]["link"]).json()
        pages.append(_ids(page))
    assert [len(each) for each in pages] == sizes
    assert [contact for each in pages for contact in each] == contacts


@VERSIONS
def test_a_cursor_is_the_last_row_in_base64_percent_encoded(live: Crm, version, company, contacts):
    """As recorded: MC0yLTc1MDI%3D is 0-2-7502, category, type id and target."""
    path = paths.links(version, "companies", company, "contacts")
    after = live.get(path, params={"limit": 2}).json()["paging"]["next"]["after"]
    category, type_id, target = b64decode(unquote(after), validate=True).decode().split("-")
    assert (category, type_id, target) == ("0", "280", contacts[1])
    assert quote(unquote(after)) == after


@VERSIONS
def test_a_cursor_is_taken_encoded_and_decoded(live: Crm, version, company, contacts):
    path = paths.links(version, "companies", company, "contacts")
    after = live.get(path, params={"limit": 2}).json()["paging"]["next"]["after"]
    verbatim = live.get(f"{path}?after={after}").json()
    encoded_again = live.get(path, params={"after": after}).json()
    assert _ids(verbatim) == _ids(encoded_again) == contacts[2:]
    for recorded in ("MC0yLTc1MDI%3D", "MC0yLTc1MDI=", "MC0yLTc1MDI%253D"):
        assert _ids(live.get(f"{path}?after={recorded}").json()) == contacts


@VERSIONS
def test_a_cursor_stays_good_when_its_last_row_is_removed(live: Crm, version, company, contacts):
    path = paths.links(version, "companies", company, "contacts")
    after = live.get(path, params={"limit": 2}).json()["paging"]["next"]["after"]
    live.delete(paths.link("v4", "companies", company, "contacts", contacts[1]))
    assert _ids(live.get(path, params={"after": after}).json()) == contacts[2:]


@VERSIONS
def test_a_batch_read_pages_each_input_by_itself(live: Crm, version):
    """500 targets an input; the cursor goes into the input of the next call, or to the list of the record."""
    company, other = live.create("companies", 2)
    contacts = live.create("contacts", 501)
    inputs = [ends(company, contact) for contact in contacts] + [ends(other, contacts[0])]
    assert live.batch("associate/default", "companies", "contacts", inputs).status_code == 200
    answer = live.batch("read", "companies", "contacts", [{"id": company}, {"id": other}], version)
    assert answer.status_code == 200
    pages = {each["from"]["id"]: each for each in answer.json()["results"]}
    assert [str(row["toObjectId"]) for row in pages[company]["to"]] == contacts[:500]
    assert "paging" not in pages[other]
    following = pages[company]["paging"]["next"]
    second = live.batch(
        "read", "companies", "contacts", [{"id": company, "after": following["after"]}], version
    )
    (rest,) = second.json()["results"]
    assert ([str(row["toObjectId"]) for row in rest["to"]], "paging" in rest) == (contacts[500:], False)
    assert _ids(live.get(following["link"]).json()) == contacts[500:]


@VERSIONS
def test_a_batch_read_answers_the_same_rows_as_the_list(live: Crm, version, company, contacts):
    answer = live.batch("read", "companies", "contacts", [{"id": company}], version).json()
    assert list(answer) == ["status", "results", "startedAt", "completedAt"]
    (result,) = answer["results"]
    listed = live.get(paths.links(version, "companies", company, "contacts")).json()["results"]
    assert (result["from"], result["to"]) == ({"id": company}, listed)


@VERSIONS
def test_a_list_of_nothing_and_of_nobody_is_empty(live: Crm, version, company):
    for record_id in (company, ABSENT_ID):
        answer = live.get(paths.links(version, "companies", record_id, "contacts"))
        assert (answer.status_code, answer.text) == (200, '{"results":[]}')


@VERSIONS
def test_ids_of_rows_are_numbers_or_text_as_the_profile_says(live: Crm, version):
    contact, company = live.pair()
    wanted = int if live.is_observed else str
    made = live.batch("create", "contacts", "companies", [labelled(contact, company, 279)], version).json()
    (row,) = made["results"]
    assert (row["fromObjectId"], row["toObjectId"]) == (wanted(contact), wanted(company))
    (row,) = live.get(paths.links(version, "contacts", contact, "companies")).json()["results"]
    assert row["toObjectId"] == wanted(company)
    (read,) = live.batch("read", "contacts", "companies", [{"id": contact}], version).json()["results"]
    assert (read["from"]["id"], read["to"][0]["toObjectId"]) == (contact, wanted(company))


@VERSIONS
@pytest.mark.parametrize("wanted", [int, str])
def test_ids_in_requests_may_be_numbers_or_text(live: Crm, version, wanted):
    contact, company = live.pair()
    source, target = wanted(contact), wanted(company)

    def is_linked() -> bool:
        return company in live.links("contacts", contact, "companies")

    assert live.batch(
        "associate/default", "contacts", "companies", [ends(source, target)], version
    ).is_success
    assert is_linked()
    assert (
        live.batch("read", "contacts", "companies", [{"id": source}], version).json()["results"][0]["from"][
            "id"
        ]
        == contact
    )
    archival = {"from": {"id": source}, "to": [{"id": target}]}
    assert live.batch("archive", "contacts", "companies", [archival], version).is_success
    assert not is_linked()
    assert live.batch("create", "contacts", "companies", [labelled(source, target, 279)], version).is_success
    assert is_linked()
    removal = labelled(source, target, 279)
    assert live.batch("labels/archive", "contacts", "companies", [removal], version).is_success
    assert not is_linked()


@pytest.mark.parametrize("writes", paths.ASSOCIATION_VERSIONS)
@pytest.mark.parametrize("reads", paths.ASSOCIATION_VERSIONS)
def test_what_one_version_writes_every_version_reads(live: Crm, writes, reads):
    deal, contact = live.pair("deals", "contacts")
    live.link("deals", deal, "contacts", contact, version=writes)
    assert live.links("contacts", contact, "deals", reads) == {deal: [4]}


@RECORD_VERSIONS
def test_what_one_version_creates_every_version_reads(live: Crm, version):
    made = live.post(paths.records(version, "tickets"), {"properties": {"subject": "Help"}}).json()
    for other in paths.RECORD_VERSIONS:
        read = live.get(paths.record(other, "tickets", made["id"])).json()
        assert read["properties"]["subject"] == "Help"


@VERSIONS
@pytest.mark.parametrize("spelling", SPELLINGS["contact"])
def test_an_object_type_has_many_spellings(live: Crm, version, spelling):
    contact, company = live.pair()
    for target in SPELLINGS["company"]:
        answer = live.put(paths.default_link(version, spelling, contact, target, company))
        assert answer.status_code == 200, target
        assert list(live.links(spelling, contact, target, version)) == [company]
        assert live.batch("read", spelling, target, [{"id": contact}], version).status_code == 200
        assert live.get(paths.labels(version, spelling, target)).json()["results"]


@pytest.mark.parametrize("spelling", SPELLINGS[SPACESHIP])
def test_a_custom_object_goes_by_its_id_and_its_full_name(live: Crm, spelling):
    contact = live.one("contacts")
    created = live.post(paths.records("v3", spelling), {"properties": {"speed": "9"}})
    assert created.status_code == 201
    live.link("contacts", contact, spelling, created.json()["id"])
    assert live.links("contacts", contact, SPACESHIP) == {created.json()["id"]: [CREW_OF]}


@pytest.mark.parametrize("bare", ["spaceship", "spaceships", "SPACESHIP"])
def test_a_custom_object_does_not_go_by_its_bare_name(live: Crm, bare):
    answer = live.get(paths.records("v3", bare))
    assert (answer.status_code, answer.json()["message"]) == (
        400,
        f"Unable to infer object type from: {bare}",
    )
