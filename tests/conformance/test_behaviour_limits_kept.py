"""A limit holds on every way to write a link, for both directions, and for many clients at once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.conformance.errors import VALIDATION, Context, compact, item
from tests.support import paths
from tests.support.crm import ABSENT_ID, Crm, ends, labelled, spec
from tests.support.limits import Limits, limit
from tests.support.portal import DECISION_MAKER, USER

TICKETS, COMPANIES = "tickets", "companies"
PAIR, BACK = (TICKETS, COMPANIES), (COMPANIES, TICKETS)
UNLABELLED, UNLABELLED_BACK, PRIMARY, PRIMARY_BACK = 339, 340, 26, 25
LIMIT_EXCEEDED = "ASSOCIATION_LIMIT_EXCEEDED"
CLIENTS, ROOM = 64, 10

Write = Callable[[str, str, str, str], tuple[str, str, Any]]
"""Of two object types and two ids: the method, the path and the body that links."""


def _unlabelled(source: str, target: str) -> int:
    return {PAIR: UNLABELLED, BACK: UNLABELLED_BACK}[source, target]


def _default_put(source: str, source_id: str, target: str, target_id: str) -> tuple[str, str, Any]:
    return "PUT", paths.default_link("2026-03", source, source_id, target, target_id), None


def _labelled_put(source: str, source_id: str, target: str, target_id: str) -> tuple[str, str, Any]:
    return "PUT", paths.link("v4", source, source_id, target, target_id), [spec(_unlabelled(source, target))]


def _default_batch(source: str, source_id: str, target: str, target_id: str) -> tuple[str, str, Any]:
    path = paths.batch("v4", source, target, "associate/default")
    return "POST", path, {"inputs": [ends(source_id, target_id)]}


def _labelled_batch(source: str, source_id: str, target: str, target_id: str) -> tuple[str, str, Any]:
    path = paths.batch("2025-09", source, target, "create")
    types = _unlabelled(source, target)
    return "POST", path, {"inputs": [labelled(source_id, target_id, types)]}


def _named_batch(source: str, source_id: str, target: str, target_id: str) -> tuple[str, str, Any]:
    name = {PAIR: "ticket_to_company_unlabeled", BACK: "company_to_ticket_unlabeled"}[source, target]
    path = f"/crm/v3/associations/{source}/{target}/batch/create"
    return "POST", path, {"inputs": [{**ends(source_id, target_id), "type": name}]}


def _typed_put(source: str, source_id: str, target: str, target_id: str) -> tuple[str, str, Any]:
    path = f"/crm/v3/objects/{source}/{source_id}/associations/{target}/{target_id}"
    return "PUT", f"{path}/{_unlabelled(source, target)}", None


SINGLE_WRITES = [_default_put, _labelled_put, _typed_put]
WRITES = [*SINGLE_WRITES, _default_batch, _labelled_batch, _named_batch]
EACH_WRITE = pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__.strip("_"))


@pytest.fixture
def limits(live: Crm) -> Iterator[Limits]:
    limits = Limits(live)
    yield limits
    limits.clear()


def _is_done(answer: httpx2.Response) -> bool:
    """Whether a write of one link was done; else it was refused for want of room, and for nothing else."""
    body = answer.json()
    if answer.status_code < 400 and not body.get("errors"):
        return True
    (error,) = body.get("errors") or [body]
    assert error["subCategory"] == f"crm.associations.{LIMIT_EXCEEDED}", answer.text
    return False


def _context(
    kind: str, record_id: str | None, type_id: int, most: int, category: str = "HUBSPOT_DEFINED"
) -> Context:
    return {
        "limit": [str(most)],
        "associationSpec": [f"{category}={type_id}"],
        **({} if record_id is None else {"objectId": [record_id]}),
        "objectType": [kind],
    }


def _tickets_of(live: Crm, company: str) -> int:
    return len(live.links(COMPANIES, company, TICKETS))


@EACH_WRITE
def test_a_record_gets_as_many_targets_as_its_limit_allows(live: Crm, limits: Limits, write: Write):
    limits.set(*PAIR, limit(UNLABELLED, 2))
    ticket, companies = live.one(TICKETS), live.create(COMPANIES, 4)
    done = [_is_done(live.call(*write(TICKETS, ticket, COMPANIES, company))) for company in companies]
    assert done == [True, True, False, False]
    assert list(live.links(TICKETS, ticket, COMPANIES)) == companies[:2]
    assert [_tickets_of(live, company) for company in companies] == [1, 1, 0, 0]


@EACH_WRITE
def test_a_limit_of_the_inverse_holds_for_writes_from_the_other_end(live: Crm, limits: Limits, write: Write):
    limits.set(*BACK, limit(UNLABELLED_BACK, 2))
    company, tickets = live.one(COMPANIES), live.create(TICKETS, 4)
    done = [_is_done(live.call(*write(TICKETS, ticket, COMPANIES, company))) for ticket in tickets]
    assert done == [True, True, False, False]
    assert list(live.links(COMPANIES, company, TICKETS)) == tickets[:2]
    assert [len(live.links(TICKETS, ticket, COMPANIES)) for ticket in tickets] == [1, 1, 0, 0]


@EACH_WRITE
def test_a_link_that_is_there_may_be_written_again(live: Crm, limits: Limits, write: Write):
    limits.set(*PAIR, limit(UNLABELLED, 1))
    ticket, company = live.pair(*PAIR)
    assert [_is_done(live.call(*write(TICKETS, ticket, COMPANIES, company))) for _ in range(2)] == [
        True,
        True,
    ]


@pytest.mark.parametrize("write", SINGLE_WRITES, ids=lambda write: write.__name__.strip("_"))
def test_a_single_write_over_a_limit_is_refused_as_a_whole(live: Crm, limits: Limits, write: Write):
    limits.set(*PAIR, limit(UNLABELLED, 1))
    ticket, (first, second) = live.one(TICKETS), live.create(COMPANIES, 2)
    live.link(TICKETS, ticket, COMPANIES, first)
    answer = live.call(*write(TICKETS, ticket, COMPANIES, second))
    assert (answer.status_code, answer.text) == (
        400,
        compact(
            {
                "status": "error",
                "message": f"TICKET={ticket} cannot have more than 1 associations of type HUBSPOT_DEFINED=339",
                "correlationId": answer.headers["x-hubspot-correlation-id"],
                "context": _context("TICKET", ticket, UNLABELLED, 1),
                "category": VALIDATION,
                "subCategory": f"crm.associations.{LIMIT_EXCEEDED}",
            }
        ),
    )


@pytest.mark.parametrize("verb", ["create", "associate/default"])
def test_a_batch_does_what_there_is_room_for_and_tells_the_rest(live: Crm, limits: Limits, verb: str):
    limits.set(*PAIR, limit(UNLABELLED, 2))
    ticket, companies = live.one(TICKETS), live.create(COMPANIES, 4)
    inputs: list[dict[str, Any]] = [labelled(ticket, company, UNLABELLED) for company in companies]
    inputs.insert(1, labelled(ticket, ABSENT_ID, UNLABELLED))
    answer = live.batch(verb, *PAIR, inputs)
    assert answer.status_code == (207 if verb == "create" or live.is_observed else 200)
    body = answer.json()
    assert (body["status"], body["numErrors"], len(body["results"])) == ("COMPLETE", 3, 2)
    message = f"TICKET={ticket} cannot have more than 2 associations of type HUBSPOT_DEFINED=339"
    context = _context("TICKET", ticket, UNLABELLED, 2)
    assert body["errors"][0]["subCategory"] == "crm.associations.TO_OBJECT_NOT_FOUND"
    assert body["errors"][1:] == [item(live, message, context=context, sub_category=LIMIT_EXCEEDED)] * 2
    assert list(live.links(TICKETS, ticket, COMPANIES)) == companies[:2]


def test_a_label_has_a_limit_of_its_own(live: Crm, limits: Limits):
    limits.set("contacts", "companies", limit(DECISION_MAKER, 1, USER))
    contact, (first, second) = live.one("contacts"), live.create("companies", 2)
    label = [spec(DECISION_MAKER, USER)]
    done = [
        _is_done(live.put(paths.link("v4", "contacts", contact, "companies", company), label))
        for company in (first, second)
    ]
    assert done == [True, False]
    live.link("contacts", contact, "companies", second)
    assert live.links("contacts", contact, "companies").keys() == {first, second}


def test_a_write_without_room_for_its_label_writes_nothing_of_it(live: Crm, limits: Limits):
    limits.set(*BACK, limit(PRIMARY_BACK, 1))
    company, (first, second) = live.one(COMPANIES), live.create(TICKETS, 2)
    live.link(TICKETS, first, COMPANIES, company, PRIMARY)
    answer = live.put(paths.link("v4", TICKETS, second, COMPANIES, company), [spec(PRIMARY)])
    assert answer.json()["context"] == _context("COMPANY", company, PRIMARY_BACK, 1)
    assert live.links(TICKETS, second, COMPANIES) == {}


def test_a_first_company_is_linked_without_being_primary_where_it_may_not_be(live: Crm, limits: Limits):
    limits.set(*BACK, limit(PRIMARY_BACK, 1))
    company, (first, second) = live.one(COMPANIES), live.create(TICKETS, 2)
    live.link(TICKETS, first, COMPANIES, company, PRIMARY)
    live.link(TICKETS, second, COMPANIES, company)
    assert live.both_ends(TICKETS, second, COMPANIES, company) == ([UNLABELLED], [UNLABELLED_BACK])


def test_a_primary_company_moves_within_its_limit(live: Crm, limits: Limits):
    limits.set(*PAIR, limit(PRIMARY, 1), limit(UNLABELLED, 2))
    ticket, (first, second, third) = live.one(TICKETS), live.create(COMPANIES, 3)
    live.link(TICKETS, ticket, COMPANIES, first, PRIMARY)
    live.link(TICKETS, ticket, COMPANIES, second, PRIMARY)
    assert live.links(TICKETS, ticket, COMPANIES) == {first: [UNLABELLED], second: [PRIMARY, UNLABELLED]}
    answer = live.put(paths.link("v4", TICKETS, ticket, COMPANIES, third), [spec(PRIMARY)])
    assert answer.json()["context"] == _context("TICKET", ticket, UNLABELLED, 2)
    assert live.links(TICKETS, ticket, COMPANIES) == {first: [UNLABELLED], second: [PRIMARY, UNLABELLED]}


def test_a_limit_does_not_reach_back(live: Crm, limits: Limits):
    ticket, companies = live.one(TICKETS), live.create(COMPANIES, 4)
    for company in companies[:3]:
        live.link(TICKETS, ticket, COMPANIES, company)
    limits.set(*PAIR, limit(UNLABELLED, 2))
    assert list(live.links(TICKETS, ticket, COMPANIES)) == companies[:3]
    again, further = (
        live.put(paths.default_link("v4", TICKETS, ticket, COMPANIES, company)) for company in companies[2:]
    )
    assert (_is_done(again), _is_done(further)) == (True, False)


@pytest.mark.parametrize("verb", ["archive", "labels/archive"])
def test_removing_links_makes_room(live: Crm, limits: Limits, verb: str):
    limits.set(*PAIR, limit(UNLABELLED, 2))
    ticket, companies = live.one(TICKETS), live.create(COMPANIES, 3)
    write = [paths.default_link("v4", TICKETS, ticket, COMPANIES, company) for company in companies]
    assert [_is_done(live.put(path)) for path in write] == [True, True, False]
    whole = {"from": {"id": ticket}, "to": [{"id": companies[0]}]}
    part = labelled(ticket, companies[0], UNLABELLED)
    live.batch(verb, *PAIR, [whole if verb == "archive" else part])
    assert [_is_done(live.put(path)) for path in (write[2], write[0])] == [True, False]


def test_archiving_a_record_makes_room(live: Crm, limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 1))
    ticket, (first, second) = live.one(TICKETS), live.create(COMPANIES, 2)
    live.link(TICKETS, ticket, COMPANIES, first)
    live.delete(paths.record("v3", COMPANIES, first))
    live.link(TICKETS, ticket, COMPANIES, second)


def test_a_limit_holds_until_it_is_raised_or_removed(live: Crm, limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 1))
    ticket, companies = live.one(TICKETS), live.create(COMPANIES, 4)
    write = [paths.default_link("v4", TICKETS, ticket, COMPANIES, company) for company in companies]
    assert [_is_done(live.put(path)) for path in write] == [True, False, False, False]
    limits.ask("update", *PAIR, limit(UNLABELLED, 2))
    assert [_is_done(live.put(path)) for path in write] == [True, True, False, False]
    limits.ask("purge", *PAIR, limit(UNLABELLED, 0))
    assert [_is_done(live.put(path)) for path in write] == [True, True, True, True]


# Records that are created with links.


def _new(*companies: str) -> dict[str, Any]:
    links = [{"to": {"id": company}, "types": [spec(UNLABELLED)]} for company in companies]
    return {"properties": {}, "associations": links}


def test_a_record_with_as_many_links_as_allowed_is_created(live: Crm, limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 2))
    companies = live.create(COMPANIES, 2)
    created = live.post(paths.records("v3", TICKETS), _new(*companies))
    assert created.status_code == 201
    assert list(live.links(TICKETS, created.json()["id"], COMPANIES)) == companies


def test_a_record_with_more_links_than_allowed_is_not_created(live: Crm, limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 2))
    companies = live.create(COMPANIES, 3)
    answer = live.post(paths.records("v3", TICKETS), _new(*companies))
    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "TICKET cannot have more than 2 associations of type HUBSPOT_DEFINED=339"
    )
    assert answer.json()["context"] == _context("TICKET", None, UNLABELLED, 2)
    assert [_tickets_of(live, company) for company in companies] == [0, 0, 0]


def test_of_a_batch_of_records_all_are_created_or_none(live: Crm, limits: Limits):
    limits.set(*BACK, limit(UNLABELLED_BACK, 2))
    roomy, narrow = live.create(COMPANIES, 2)
    path = f"{paths.records('2026-03', TICKETS)}/batch/create"
    refused = live.post(path, {"inputs": [_new(roomy), _new(narrow), _new(narrow), _new(narrow)]})
    assert refused.status_code == 400
    assert refused.json()["context"] == _context("COMPANY", narrow, UNLABELLED_BACK, 2)
    assert refused.json()["message"] == (
        f"COMPANY={narrow} cannot have more than 2 associations of type HUBSPOT_DEFINED=340"
    )
    assert (_tickets_of(live, roomy), _tickets_of(live, narrow)) == (0, 0)
    assert live.post(path, {"inputs": [_new(roomy), _new(narrow), _new(narrow)]}).status_code == 201
    assert (_tickets_of(live, roomy), _tickets_of(live, narrow)) == (1, 2)


# Many clients at once.


async def _all_at_once(live: Crm, requests: list[tuple[str, str, Any]]) -> list[httpx2.Response]:
    """Send each request with a client of its own, all at the same time."""

    async def send(method: str, path: str, body: Any) -> httpx2.Response:
        async with httpx2.AsyncClient(
            base_url=live.url, headers=live.http.headers, trust_env=False, timeout=60
        ) as client:
            return await client.request(method, path, json=body)

    return await asyncio.gather(*(send(*request) for request in requests))


@EACH_WRITE
async def test_many_clients_leave_exactly_as_many_links_as_there_is_room_for(
    live: Crm, limits: Limits, write: Write
):
    limits.set(*PAIR, limit(UNLABELLED, ROOM))
    ticket, companies = live.one(TICKETS), live.create(COMPANIES, CLIENTS)
    answers = await _all_at_once(live, [write(TICKETS, ticket, COMPANIES, each) for each in companies])
    assert Counter(map(_is_done, answers)) == {True: ROOM, False: CLIENTS - ROOM}
    done = {company for company, answer in zip(companies, answers, strict=True) if _is_done(answer)}
    assert live.links(TICKETS, ticket, COMPANIES).keys() == done


async def test_clients_that_write_in_different_ways_from_both_ends_share_the_room(live: Crm, limits: Limits):
    limits.set(*BACK, limit(UNLABELLED_BACK, ROOM))
    company, tickets = live.one(COMPANIES), live.create(TICKETS, CLIENTS)
    requests = [
        write(TICKETS, ticket, COMPANIES, company)
        if number % 4 < 2
        else write(COMPANIES, company, TICKETS, ticket)
        for number, ticket in enumerate(tickets)
        for write in (WRITES[number % len(WRITES)],)
    ]
    answers = await _all_at_once(live, requests)
    assert Counter(map(_is_done, answers)) == {True: ROOM, False: CLIENTS - ROOM}
    assert _tickets_of(live, company) == ROOM


async def test_records_created_at_once_share_the_room_of_their_target(live: Crm, limits: Limits):
    limits.set(*BACK, limit(UNLABELLED_BACK, ROOM))
    company = live.one(COMPANIES)
    path = paths.records("2026-03", TICKETS)
    answers = await _all_at_once(live, [("POST", path, _new(company))] * CLIENTS)
    assert Counter(map(_is_done, answers)) == {True: ROOM, False: CLIENTS - ROOM}
    assert _tickets_of(live, company) == ROOM
