"""A script that builds 200 companies of 5 contacts each and reads them back, through each official client library."""

import json
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from tests.connectors.book import Row, by_type
from tests.connectors.job import HERE, require_served, run
from tests.connectors.scripts import (
    COMPANIES,
    CONTACTS_PER_COMPANY,
    PAGES,
    HubSpotApiClient,
    HubSpotSdk,
    Plan,
    Told,
    plan_for,
)
from tests.connectors.scripts import run as run_script
from tests.support.crm import HUBSPOT
from tests.support.installed import require_node
from tests.support.portal import USER
from tests.support.server import Server


@pytest.mark.parametrize("library", [HubSpotApiClient, HubSpotSdk])
def test_a_python_client_finds_what_it_built(server: Server, library: type[HubSpotApiClient | HubSpotSdk]):
    plan = plan_for(library.__name__.lower())
    with closing(library(server.url)) as opened:
        told = run_script(opened, plan)
    _check(server, plan, told)


def test_the_node_client_finds_what_it_built(server: Server, tmp_path: Path):
    require_node()
    plan = plan_for("node")
    told = run(["node", HERE / "script.mjs", server.url, ""], server.url, tmp_path, given=json.dumps(plan))
    _check(server, plan, json.loads(told))


def _check(server: Server, plan: Plan, told: Told) -> None:
    companies, contacts = told["companies"], told["contacts"]
    assert len(set(companies.values())) == COMPANIES
    assert len(set(contacts.values())) == COMPANIES * CONTACTS_PER_COMPANY
    company_of = {contacts[each["email"]]: companies[each["city"]] for each in plan["contacts"]}
    city_of = {company: city for city, company in companies.items()}

    staff: dict[str, list[str]] = defaultdict(list)
    for contact, company in company_of.items():
        staff[company].append(contact)
    assert _sorted(told["by_company"]) == _sorted(staff)
    assert _sorted(told["by_city"]) == _sorted({city_of[company]: ids for company, ids in staff.items()})
    assert told["by_email"] == {head: [contacts[head]] for head in plan["heads"]}
    assert sorted(told["all"]) == sorted(contacts.values())

    forth, back = told["label_ids"]
    heads = [contacts[head] for head in plan["heads"]]
    expected = {
        "contacts": [
            *(Row(*pair, HUBSPOT, 1, "Primary") for pair in company_of.items()),
            *(Row(*pair, HUBSPOT, 279, None) for pair in company_of.items()),
            *(Row(head, company_of[head], USER, forth, plan["label"]) for head in heads),
        ],
        "companies": [
            *(Row(company, contact, HUBSPOT, 2, "Primary") for contact, company in company_of.items()),
            *(Row(company, contact, HUBSPOT, 280, None) for contact, company in company_of.items()),
            *(Row(company_of[head], head, USER, back, plan["inverse"]) for head in heads),
        ],
    }
    for source, rows in told["links"].items():
        assert by_type(Row(*row) for row in rows) == by_type(expected[source])

    asked = require_served(server, [])
    assert sum(each.path.endswith("/contacts/search") for each in asked) == 3 * COMPANIES + PAGES


def _sorted(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {key: sorted(ids) for key, ids in found.items()}
