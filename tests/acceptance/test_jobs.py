"""`edgewise jobs` as its user runs it."""

import json
import time

import pytest

from tests.acceptance.program import edgewise

DATABASE = ("--database", "sqlite:///crm.db")
ORDER = "/crm/v4/associations/usage/high-usage-report/42"


@pytest.fixture
def database(start):
    """A database whose server made a report."""
    server = start("dev", "--port", "0", "--data", "crm.db")
    assert server.call("POST", ORDER)[0] == 200
    for _ in range(200):
        if server.call("GET", "/_edgewise/reports/")[1][0]["finishedAt"]:
            break
        time.sleep(0.05)
    return server


def test_jobs_are_listed_while_the_server_runs(database, tmp_path):
    shown = edgewise("jobs", *DATABASE, folder=tmp_path)
    heading, row = shown.stdout.splitlines()
    assert heading.split() == ["ID", "PORTAL", "KIND", "STATE", "ATTEMPTS", "CREATED", "FINISHED", "ERROR"]
    assert row.split()[:5] == ["1", "1000001", "high_usage_report", "done", "1"]
    assert (shown.returncode, shown.stderr) == (0, "")


def test_jobs_are_told_as_json(database, tmp_path):
    (job,) = json.loads(edgewise("jobs", *DATABASE, "--json", folder=tmp_path).stdout)
    assert list(job) == [
        "id", "portalId", "kind", "state", "attempts", "createdAt", "finishedAt", "error",
    ]  # fmt: skip
    assert (job["id"], job["portalId"], job["state"], job["error"]) == (1, 1_000_001, "done", None)


def test_jobs_of_a_portal_without_any_are_none(database, tmp_path):
    shown = edgewise("jobs", *DATABASE, "--portal", "7", folder=tmp_path)
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "", "Portal 7 has no jobs.\n")
    assert json.loads(edgewise("jobs", *DATABASE, "--portal", "7", "--json", folder=tmp_path).stdout) == []


def test_a_new_database_has_no_jobs(tmp_path):
    edgewise("token", "create", *DATABASE, folder=tmp_path)
    shown = edgewise("jobs", *DATABASE, folder=tmp_path)
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "", "There are no jobs.\n")


def test_a_database_that_does_not_exist_is_not_made(tmp_path):
    shown = edgewise("jobs", *DATABASE, folder=tmp_path)
    assert (shown.returncode, shown.stderr) == (3, "error: sqlite:///crm.db: there is no such database\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("database", "code"), [("memory://", 78), ("postgres://crm", 78), ("sqlite:///no/folder/crm.db", 78)]
)
def test_a_database_that_cannot_be_read_is_refused(tmp_path, database, code):
    shown = edgewise("jobs", "--database", database, folder=tmp_path)
    assert (shown.returncode, shown.stdout) == (code, "")
    assert shown.stderr.startswith("error: ")


def test_a_server_with_half_of_the_mail_settings_does_not_start(tmp_path):
    variables = {"EDGEWISE_SMTP_URL": "smtp://ada:secret@mail.example.org"}
    shown = edgewise("dev", "--ephemeral", "--port", "0", folder=tmp_path, variables=variables)
    assert shown.returncode == 78
    assert "set mail_from and report_mail_to too" in shown.stderr
    assert "secret" not in shown.stderr
