"""A request that its token does not allow is refused before its body is read, and changes nothing."""

from typing import Any

import pytest

from edgewise.stores.memory import MemoryStore
from tests.unit.http.asgi import Answer, add_token, application, ask

CONTACTS = "/crm/v3/objects/contacts"
LINK = "/crm/v4/objects/contacts/1/associations/default/companies/2"


async def _ask(method: str, path: str, body: Any = None, is_open: bool = False, **token: Any) -> Answer:
    """Ask with a token of which `token` is kept."""
    store = MemoryStore()
    await add_token(store, **token)
    return await ask(application(store, is_open), method, path, body)


def _required(answer: Answer) -> list[str]:
    body = answer.json()
    assert (answer.status, body["category"]) == (403, "MISSING_SCOPES")
    assert body["correlationId"] == answer.header("x-hubspot-correlation-id")
    (error,) = body["errors"]
    scopes: list[str] = error["context"]["requiredGranularScopes"]
    return scopes


async def test_a_token_with_the_scope_is_let_through():
    answer = await _ask("POST", CONTACTS, {"properties": {}}, scopes=("crm.objects.contacts.write",))
    assert answer.status == 201
    assert (await _ask("PUT", LINK, scopes=("crm.objects.companies.write",))).status == 200


async def test_a_token_without_it_is_told_which_it_needs_and_what_to_run():
    answer = await _ask("PUT", LINK, scopes=("crm.objects.contacts.read",))
    assert _required(answer)[:2] == ["crm.objects.contacts.write", "crm.objects.companies.write"]
    assert answer.header("x-edgewise-hint") == (
        "The token has crm.objects.contacts.read. "
        "One that may: edgewise token create --scopes crm.objects.contacts.write"
    )


async def test_a_token_without_any_scope_may_do_nothing():
    assert _required(await _ask("GET", CONTACTS, scopes=()))[0] == "crm.objects.contacts.read"


async def test_a_read_only_token_reads_and_does_not_write():
    assert (await _ask("GET", CONTACTS, is_read_only=True)).status == 200
    answer = await _ask("POST", CONTACTS, {"properties": {}}, is_read_only=True)
    assert "crm.objects.contacts.write" in _required(answer)


@pytest.mark.parametrize("token", [{"scopes": ()}, {"is_read_only": True}], ids=["no scope", "read-only"])
async def test_an_unknown_object_type_comes_before_the_scope_and_the_scope_before_the_body(token: Any):
    answer = await _ask("POST", "/crm/v3/objects/butterflies", b"{", **token)
    assert (answer.status, answer.json()["message"]) == (400, "Unable to infer object type from: butterflies")
    assert _required(await _ask("POST", CONTACTS, b"{", **token))
    assert _required(await _ask("POST", CONTACTS, b"x" * 2_000, **token))


async def test_an_open_server_keeps_a_token_that_it_knows_to_its_scopes():
    assert _required(await _ask("GET", CONTACTS, is_open=True, scopes=("tickets",)))
