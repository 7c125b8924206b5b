"""How limits tracking spells usage: some records by name, all of them counted."""

from edgewise.domain.model import TypesChange
from edgewise.domain.usage import SAMPLES_MAX
from tests.unit.wire.desk import PORTAL_ID, Desk

CONTACT_COMPANY = 279 << 2


async def _desk(limit: int) -> Desk:
    """A portal whose contacts may have so many companies."""
    desk = Desk()
    change = TypesChange(limits={CONTACT_COMPANY: limit})
    desk.portal.adopt((await desk.store.change_types(PORTAL_ID, lambda types: change)).types)
    return desk


async def _link(desk: Desk, contacts: list[int], companies: list[int]) -> None:
    inputs = [
        {"from": {"id": contact}, "to": {"id": company}} for contact in contacts for company in companies
    ]
    await desk.tell("associate_default_batch", "contacts", "companies", body={"inputs": inputs})


async def test_all_records_are_counted_and_the_first_ones_are_named():
    desk = await _desk(limit=1)
    contacts = await desk.records("contacts", SAMPLES_MAX + 5)
    await _link(desk, contacts, await desk.records("companies", 1))
    status, page = await desk.tell("read_link_usage", "contacts", "companies")
    assert (status, page["totalRecordsAtLimit"], page["totalRecordsNearLimit"]) == (200, SAMPLES_MAX + 5, 0)
    assert [row["objectId"] for row in page["atLimitFromRecordSamples"]] == sorted(contacts)[:SAMPLES_MAX]
    assert page["nearLimitFromRecordSamples"] == []


async def test_a_limit_that_was_lowered_leaves_records_over_it_at_the_limit():
    desk = await _desk(limit=3)
    (contact,) = await desk.records("contacts", 1)
    await _link(desk, [contact], await desk.records("companies", 3))
    change = TypesChange(limits={CONTACT_COMPANY: 2})
    desk.portal.adopt((await desk.store.change_types(PORTAL_ID, lambda types: change)).types)
    _, page = await desk.tell("read_link_usage", "contacts", "companies")
    assert (page["limit"], page["totalRecordsAtLimit"], page["totalRecordsNearLimit"]) == (2, 1, 0)


async def test_names_of_object_types_are_written_for_people():
    _, page = await Desk().tell("read_record_usage")
    labels = {row["objectTypeId"]: row for row in page["hubspotDefinedObjectTypes"]}
    assert (labels["0-8"]["singularLabel"], labels["0-8"]["pluralLabel"]) == ("Line item", "Line items")
    assert page["customObjectTypes"] == {
        "overallLimit": 500_000,
        "overallUsage": 0,
        "overallPercentage": 0.0,
        "byObjectType": [],
    }
