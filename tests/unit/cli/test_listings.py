"""What is built in, as text and as JSON."""

import json

import pytest

from edgewise.cli import failures
from edgewise.data import quirk_facts
from edgewise.surfaces.versions import SURFACES

VERSIONS = [surface.version for surface in SURFACES]


def test_routes_in_json_have_stable_keys(run):
    ran = run("routes", "--json")
    routes = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert {tuple(route) for route in routes} == {
        ("version", "method", "path", "operation", "summary", "statuses")
    }
    assert {
        "version": "2026-03",
        "method": "PUT",
        "path": "/crm/objects/2026-03/{fromObjectType}/{fromObjectId}"
        "/associations/default/{toObjectType}/{toObjectId}",
        "operation": "associate_default",
        "summary": "Link two records with the unlabelled type",
        "statuses": [200],
    } in routes


@pytest.mark.parametrize("version", VERSIONS)
def test_routes_of_one_version(run, version):
    routes = json.loads(run("routes", "--json", "--version", version).out)
    every = json.loads(run("routes", "--json").out)
    assert routes == [route for route in every if route["version"] == version]
    assert routes


def test_routes_as_text_are_one_line_each(run):
    lines = run("routes").out.splitlines()
    assert lines[0].split() == ["VERSION", "METHOD", "OPERATION", "PATH"]
    assert len(lines) == 1 + len(json.loads(run("routes", "--json").out))
    assert ["v3", "POST", "create_record", "/crm/v3/objects/{objectType}"] in [line.split() for line in lines]


def test_an_unknown_version_is_wrong_usage_and_says_which_there_are(run):
    ran = run("routes", "--version", "v9")
    assert ran.code == failures.USAGE
    assert all(version in ran.err for version in VERSIONS)


def test_scopes_in_json_are_whole_and_of_every_route_that_asks_for_a_token(run):
    ran = run("routes", "--scopes", "--json")
    routes = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert [
        {key: value for key, value in route.items() if key not in ("access", "scopes")} for route in routes
    ] == [r for r in json.loads(run("routes", "--json").out) if not r["path"].startswith("/oauth/")]
    assert {route["access"] for route in routes} == {"read", "write"}
    assert all(len(route["scopes"]) == len(set(route["scopes"])) for route in routes)
    open_to_all = {route["path"].split("/")[1] for route in routes if not route["scopes"]}
    assert open_to_all == {"account-info", "integrations"}


def test_scopes_for_a_pair_are_those_of_the_routes_that_name_two_types(run):
    asked = ("routes", "--scopes", "--from", "contacts", "--to", "0-2", "--version", "2026-03")
    routes = {route["operation"]: route for route in json.loads(run(*asked, "--json").out)}
    assert routes["associate_default"]["scopes"][:2] == [
        "crm.objects.contacts.write",
        "crm.objects.companies.write",
    ]
    assert all(
        route["path"].count("ObjectType") + route["path"].count("{objectType}") == 2
        for route in routes.values()
    )
    assert "list_limits" not in routes
    assert "create_record" not in routes


def test_scopes_for_one_type_are_those_of_the_routes_that_name_one(run):
    for name, expected in (("tickets", "tickets"), ("2-1", "crm.objects.custom.read")):
        listed = json.loads(run("routes", "--scopes", "--from", name, "--json").out)
        routes = {(route["version"], route["operation"]): route for route in listed}
        assert routes["v3", "read_record"]["scopes"][0] == expected
        assert ("v4", "associate") not in routes


def test_scopes_as_text_group_the_routes_by_what_they_demand(run):
    text = run("routes", "--scopes", "--from", "deals", "--to", "orders", "--version", "2026-03").out
    heading, *rows = text.partition("\n\n")[0].split("VERSION  METHOD")
    assert " ".join(heading.split()).startswith(
        "To write, one of these: crm.objects.deals.write, crm.objects.orders.write, "
    )
    assert "  PUT     associate_default  " in rows[0]
    assert "associate_default" not in text.partition("\n\n")[2]


def test_scopes_as_text_say_where_the_object_types_matter(run):
    text = " ".join(run("routes", "--scopes", "--version", "v4").out.split())
    assert "To write, one of these that is for an object type of the path: " in text
    assert "To read, one of these: " in text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--from", "contacts"), "go with --scopes"),
        (("--scopes", "--from", "butterflies"), "butterflies"),
        (("--scopes", "--from", "contacts", "--to", "0-9999"), "0-9999"),
        (("--scopes", "--to", "contacts"), "--to goes with --from"),
    ],
)
def test_scopes_of_no_object_type_are_wrong_usage(run, options, says):
    ran = run("routes", *options)
    assert ran.code == failures.USAGE
    assert says in ran.err


def test_quirks_in_json_have_stable_keys(run):
    ran = run("quirks", "--json")
    quirks = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert {tuple(quirk) for quirk in quirks} == {
        ("name", "what", "choices", "documented", "observed", "origin", "source", "date")
    }
    assert [quirk["name"] for quirk in quirks] == [fact.name for fact in quirk_facts()]


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_quirks_of_a_profile_say_what_it_chooses(run, profile):
    quirks = json.loads(run("quirks", "--json", "--profile", profile).out)
    assert all(quirk["choice"] == quirk[profile] for quirk in quirks)


def test_quirks_as_text_say_who_chooses_what(run):
    assert "record_ids: string (documented) | number (observed)\n" in run("quirks").out
    assert "record_ids: string | number (observed)\n" in run("quirks", "--profile", "observed").out


def test_the_openapi_document_has_every_route(run):
    paths = json.loads(run("openapi").out)["paths"]
    routes = json.loads(run("routes", "--json").out)
    assert {(path, method.upper()) for path, methods in paths.items() for method in methods} == {
        (route["path"], route["method"]) for route in routes
    }


def test_coverage_in_json_has_stable_keys_and_every_version(run):
    ran = run("coverage", "--json")
    rows = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert {tuple(row) for row in rows} == {("method", "path", "summary", "versions")}
    assert {version for row in rows for version in row["versions"]} == set(VERSIONS)
    cells = [cell for row in rows for cell in row["versions"].values()]
    assert {tuple(cell) for cell in cells} == {("state", "operation", "quirks", "reasons")}


def test_coverage_as_text_has_a_line_for_each_operation(run):
    rows = json.loads(run("coverage", "--json").out)
    text = run("coverage").out
    assert [row["path"] for row in rows if f"`{row['method']} {row['path']}` |" not in text] == []
    of_the_crm = [version for version in VERSIONS if version not in ("v1", "v2")]
    for columns in (of_the_crm, ["v1", "v2", "v3", "2026-03", "2026-09"]):
        assert "| | " + " | ".join(columns) + " |\n" in text
