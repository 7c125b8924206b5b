"""The five requests the product started from, typed as their pages show them."""

import json
import os
import re
import shlex
import shutil
import subprocess
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.support.crm import HUBSPOT, Crm

HOST = "https://api.hubapi.com"
COMPANY_OF_CONTACT, CONTACT_OF_COMPANY, PRIMARY_COMPANY = 279, 280, 1


class Typed(NamedTuple):
    status: int
    text: str


def _put_default(version: str) -> str:
    return f"""
curl --request PUT \\
  --url {HOST}/crm/objects/{version}/contacts/CONTACT/associations/default/companies/COMPANY \\
  --header 'Authorization: Bearer <token>'
"""


S1 = _put_default("2026-03")
S2 = _put_default("2025-09")
S3 = f"""
curl --request POST \\
  --url {HOST}/crm/associations/2025-09/contacts/companies/batch/create \\
  --header 'Authorization: Bearer <token>' \\
  --header 'Content-Type: application/json' \\
  --data '
{{
  "inputs": [
    {{
      "from": {{
        "id": "CONTACT"
      }},
      "to": {{
        "id": "COMPANY"
      }},
      "types": [
        {{
          "associationCategory": "HUBSPOT_DEFINED",
          "associationTypeId": 1
        }}
      ]
    }}
  ]
}}
'
"""
S4 = f"""
curl --request POST \\
  --url {HOST}/crm/v4/associations/contacts/companies/batch/associate/default \\
  --header 'Authorization: Bearer <token>' \\
  --header 'Content-Type: application/json' \\
  --data '
{{
  "inputs": [
    {{
      "from": {{
        "id": "CONTACT"
      }},
      "to": {{
        "id": "COMPANY"
      }}
    }}
  ]
}}
'
"""
S5 = f"""
curl --request PUT \\
  --url {HOST}/crm/v4/objects/contacts/CONTACT/associations/companies/COMPANY \\
  --header 'Authorization: Bearer <token>' \\
  --header 'Content-Type: application/json' \\
  --data '
[
  {{
    "associationCategory": "HUBSPOT_DEFINED",
    "associationTypeId": 1
  }}
]
'
"""

Type = Callable[[str], Typed]


@pytest.fixture
def ids(live: Crm) -> tuple[str, str]:
    return live.pair()


@pytest.fixture
def type_in(live: Crm, ids: tuple[str, str]) -> Type:
    """Types a command, with our host and our records in it."""

    def type_in(command: str) -> Typed:
        contact, company = ids
        command = command.replace(HOST, live.url).replace("CONTACT", contact).replace("COMPANY", company)
        command = command.replace("<token>", "pat-na1-any").strip()
        return _with_curl(command) if shutil.which("curl") else _without_curl(command)

    return type_in


def _with_curl(command: str) -> Typed:
    shown = subprocess.run(
        ["sh", "-c", f"{command} --silent --show-error --write-out '\\n%{{http_code}}'"],
        env={**os.environ, "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=True,
    )
    text, _, status = shown.stdout.rpartition("\n")
    return Typed(int(status), text)


def _without_curl(command: str) -> Typed:
    """The same request, on a machine that has no curl."""
    _, *words = shlex.split(command.replace("\\\n", " "))
    options: dict[str, list[str]] = {}
    for name, value in zip(words[::2], words[1::2], strict=True):
        options.setdefault(name, []).append(value)
    request = urllib.request.Request(
        options["--url"][0],
        options["--data"][0].encode() if "--data" in options else None,
        dict(header.split(": ", 1) for header in options["--header"]),
        method=options["--request"][0],
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return Typed(answer.status, answer.read().decode())


def _shape(text: str) -> str:
    """An answer with its moments blotted out."""
    return re.sub(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"', '"MOMENT"', text)


def _compact(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"))


def _batch(*results: Any) -> str:
    return _compact(
        {"status": "COMPLETE", "results": results, "startedAt": "MOMENT", "completedAt": "MOMENT"}
    )


def _default(source: str, target: str, type_id: int) -> dict[str, Any]:
    return {
        "from": {"id": source},
        "to": {"id": target},
        "associationSpec": {"associationCategory": HUBSPOT, "associationTypeId": type_id},
    }


def _pair(live: Crm, contact: str, company: str, labels: list[str]) -> dict[str, Any]:
    wanted = int if live.is_observed else str
    return {
        "fromObjectTypeId": "0-1",
        "fromObjectId": wanted(contact),
        "toObjectTypeId": "0-2",
        "toObjectId": wanted(company),
        "labels": labels,
    }


@pytest.mark.parametrize("command", [S1, S2], ids=["S1", "S2"])
def test_a_default_put_answers_both_directions(live: Crm, ids, type_in: Type, command):
    contact, company = ids
    answer = type_in(command)
    assert answer.status == 200
    assert _shape(answer.text) == _batch(
        _default(contact, company, COMPANY_OF_CONTACT), _default(company, contact, CONTACT_OF_COMPANY)
    )


def test_a_labelled_batch_answers_the_pair_and_its_labels(live: Crm, ids, type_in: Type):
    answer = type_in(S3)
    assert answer.status == 201
    assert _shape(answer.text) == _batch(_pair(live, *ids, ["Primary"]))


def test_a_default_batch_answers_one_direction_per_input(live: Crm, ids, type_in: Type):
    answer = type_in(S4)
    assert answer.status == 200
    assert _shape(answer.text) == _batch(_default(*ids, COMPANY_OF_CONTACT))


def test_a_labelled_put_answers_the_pair_and_its_wrapper(live: Crm, ids, type_in: Type):
    contact, company = ids
    answer = type_in(S5)
    pair = _pair(live, contact, company, ["Primary"])
    wrapper = {
        "createdResourceId": company,
        "entity": pair,
        "location": f"/crm/v4/objects/contacts/{contact}/associations/companies/{company}",
    }
    assert answer.status == 201
    assert answer.text == _compact(pair if live.is_observed else {**pair, **wrapper})


@pytest.mark.parametrize("command", [S1, S2, S3, S4, S5], ids=["S1", "S2", "S3", "S4", "S5"])
def test_after_any_of_the_requests_the_link_reads_from_both_ends(live: Crm, ids, type_in: Type, command):
    type_in(command)
    from_contact, from_company = live.both_ends("contacts", ids[0], "companies", ids[1])
    assert COMPANY_OF_CONTACT in from_contact
    assert CONTACT_OF_COMPANY in from_company
    assert (PRIMARY_COMPANY in from_contact) == (command in (S3, S5) or not live.is_observed)


@pytest.mark.parametrize("command", [S1, S3, S5], ids=["S1", "S3", "S5"])
def test_a_request_reads_the_same_without_curl(live: Crm, ids, type_in: Type, command):
    """The stand-in for curl sends what curl sends."""
    contact, company = ids
    typed = type_in(command)
    filled = command.replace(HOST, live.url).replace("CONTACT", contact).replace("COMPANY", company).strip()
    again = _without_curl(filled)
    assert (again.status, _shape(again.text)) == (typed.status, _shape(typed.text))
