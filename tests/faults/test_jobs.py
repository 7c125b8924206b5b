"""A report that was ordered is made and mailed, though servers are killed and mail servers are away meanwhile."""

import csv
import socket
import sqlite3
import time
from io import StringIO
from pathlib import Path
from typing import Any

from tests.support.crm import Crm
from tests.support.server import DATABASE, Server
from tests.support.smtp import MailSink

ORDER = "/crm/associations/2026-03/usage/high-usage-report/42"
LIMITS = "/crm/associations/2026-03/definitions/configurations/contacts/companies/batch/update"
PATIENCE_S = 20


def _mail(port: int) -> dict[str, str]:
    return {
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "mail_from": "crm@example.org",
        "report_mail_to": "user-{userId}@example.org",
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _fill(crm: Crm) -> str:
    """A contact at its limit of one company."""
    limit = {"category": "HUBSPOT_DEFINED", "typeId": 279, "maxToObjectIds": 1}
    assert crm.post(LIMITS, {"inputs": [limit]}).is_success
    contact, company = crm.pair()
    crm.link("contacts", contact, "companies", company)
    return contact


def _only_report(crm: Crm) -> dict[str, Any]:
    (report,) = crm.get("/_edgewise/reports/").json()
    found: dict[str, Any] = report
    return found


def _finished(crm: Crm) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while (report := _only_report(crm))["finishedAt"] is None:
        assert time.monotonic() < until, report
        time.sleep(0.05)
    return report


def _require_report_of(contact: str, content: str) -> None:
    rows = list(csv.reader(StringIO(content, newline="")))
    assert [row[:3] for row in rows[1:]] == [["contact", contact, "company"]]


def _let_leases_run_out(folder: Path) -> None:
    """As if two minutes had passed since the worker was killed."""
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("UPDATE job SET due_at = 0 WHERE state = 'running'")
    connection.close()


def test_a_server_that_is_killed_while_it_mails_leaves_the_report_to_the_next_one(tmp_path: Path):
    with MailSink(answers=False) as mute, Server(tmp_path, **_mail(mute.port)) as server:
        with Crm(server.url, "documented") as crm:
            contact = _fill(crm)
            assert crm.post(ORDER).json()["userEmail"] == "user-42@example.org"
            assert mute.is_reached.wait(PATIENCE_S)
            assert _only_report(crm)["state"] == "running"
        server.kill()
    _let_leases_run_out(tmp_path)
    with (
        MailSink() as sink,
        Server(tmp_path, **_mail(sink.port)) as server,
        Crm(server.url, "documented") as crm,
    ):
        report = _finished(crm)
        assert (report["state"], report["mailedTo"]) == ("done", "user-42@example.org")
        _require_report_of(contact, crm.get(report["url"]).text)
    assert sink.receivers == ["user-42@example.org"]
    (attached,) = sink.messages[0].iter_attachments()
    _require_report_of(contact, attached.get_content())


def test_a_report_waits_for_a_mail_server_that_is_away_even_over_a_kill(tmp_path: Path):
    port = _free_port()
    server = Server(tmp_path, **_mail(port))
    with Crm(server.url, "documented") as crm:
        contact = _fill(crm)
        crm.post(ORDER)
        until = time.monotonic() + PATIENCE_S
        while "refused" not in (tmp_path / "stderr.txt").read_text().lower():
            assert time.monotonic() < until
            time.sleep(0.05)
        assert _only_report(crm)["state"] == "waiting"
    server.kill()
    with (
        MailSink(port) as sink,
        Server(tmp_path, **_mail(port)) as server,
        Crm(server.url, "documented") as crm,
    ):
        report = _finished(crm)
        assert report["mailedTo"] == "user-42@example.org"
        server.kill()
    (attached,) = sink.messages[0].iter_attachments()
    _require_report_of(contact, attached.get_content())


def test_requests_are_answered_while_mail_hangs(tmp_path: Path):
    with MailSink(answers=False) as mute:
        server = Server(tmp_path, **_mail(mute.port))
        with Crm(server.url, "documented") as crm:
            crm.post(ORDER)
            assert mute.is_reached.wait(PATIENCE_S)
            began = time.monotonic()
            assert crm.get("/crm/v3/objects/contacts").status_code == 200
            assert time.monotonic() - began < 2
        server.kill()
