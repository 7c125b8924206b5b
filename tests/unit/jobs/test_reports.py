"""The report names who is near or at a limit, as CSV, and goes where it shall."""

import csv
from io import StringIO

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.errors import InvalidUserId
from edgewise.domain.jobs import Made, NewJob
from edgewise.domain.model import TypesChange
from edgewise.domain.reports import COLUMNS, HIGH_USAGE, address_of, order_high_usage
from edgewise.jobs.mail import Mailer, MailServer
from edgewise.jobs.reports import HighUsage, csv_of
from tests.support.portal import DECISION_MAKER, portal_types
from tests.support.smtp import MailSink
from tests.unit.wire.desk import AT, PORTAL_ID, Desk

DEFAULT_KEY, MAKER_KEY = 279 << 2, DECISION_MAKER << 2 | 1


async def _desk() -> tuple[Desk, int]:
    """A portal where a contact has two companies of at most two, and one of at most one under a label."""
    desk = Desk(types=portal_types())
    limits = {DEFAULT_KEY: 2, MAKER_KEY: 1}
    await desk.store.change_types(PORTAL_ID, lambda types: TypesChange(limits=limits))
    (contact,) = await desk.records("contacts", 1)
    for number, company in enumerate(await desk.records("companies", 2)):
        specs = [{"associationCategory": "USER_DEFINED", "associationTypeId": DECISION_MAKER}]
        body = (
            specs if number == 0 else [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
        )
        await desk.tell("associate", "contacts", contact, "companies", company, body=body)
    return desk, contact


def _work(desk: Desk, mailer: Mailer | None = None) -> HighUsage:
    return HighUsage(desk.store, hubspot_types, desk.portal.rules, mailer)


async def _make(desk: Desk, work: HighUsage, mail_to: str | None = None) -> Made:
    job = await desk.store.add_job(order_high_usage(PORTAL_ID, "42", mail_to, AT))
    return await work(job)


async def test_each_record_and_type_near_or_at_a_limit_has_a_row():
    desk, contact = await _desk()
    made = await _make(desk, _work(desk))
    rows = list(csv.reader(StringIO(made.content, newline="")))
    assert rows == [
        list(COLUMNS),
        ["contact", str(contact), "company", "USER_DEFINED", "1", "Decision maker", "1", "1", "100.0"],
        ["contact", str(contact), "company", "HUBSPOT_DEFINED", "279", "", "2", "2", "100.0"],
    ]
    assert made.mailed_to is None


async def test_a_report_without_rows_has_its_heading():
    desk = Desk()
    made = await _make(desk, _work(desk))
    assert made.content == ",".join(COLUMNS) + "\r\n"


async def test_a_report_is_mailed_to_whoever_the_job_names():
    desk, _ = await _desk()
    with MailSink() as sink:
        mailer = Mailer(MailServer("127.0.0.1", sink.port, False), "crm@example.org")
        made = await _make(desk, _work(desk, mailer), "user-{userId}@example.org")
    assert (made.mailed_to, sink.receivers) == ("user-42@example.org", ["user-42@example.org"])
    (attached,) = sink.messages[0].iter_attachments()
    assert attached.get_payload(decode=True) == made.content.encode()


async def test_a_report_for_nobody_is_kept_only():
    desk = Desk()
    mailer = Mailer(MailServer("127.0.0.1", 9, False), "crm@example.org")
    assert (await _make(desk, _work(desk, mailer))).mailed_to is None


@pytest.mark.parametrize("user_id", ["0", "-1", "2147483648", "99999999999", "x", "", "1.0", "٣", " 1"])
def test_a_user_id_is_a_positive_number_of_32_bits(user_id: str):
    with pytest.raises(InvalidUserId):
        order_high_usage(PORTAL_ID, user_id, None, AT)
    assert order_high_usage(PORTAL_ID, "2147483647", None, AT) == NewJob(
        PORTAL_ID, HIGH_USAGE, {"userId": 2_147_483_647}, AT
    )


def test_who_gets_no_mail_has_an_address_that_leads_nowhere():
    assert address_of(order_high_usage(PORTAL_ID, "42", None, AT)) == f"user-42@portal-{PORTAL_ID}.invalid"
    assert address_of(order_high_usage(PORTAL_ID, "42", "{userId}@x.y", AT)) == "42@x.y"


def test_csv_quotes_what_would_be_read_as_something_else():
    text = csv_of(("a", "b"), [('say "hi"', "x,y"), ("two\r\nlines", 1.5)])
    assert text == 'a,b\r\n"say ""hi""","x,y"\r\n"two\r\nlines",1.5\r\n'
