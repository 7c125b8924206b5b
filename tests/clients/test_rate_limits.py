"""The clients' own retries get through a limit that they have reached.

A token allows two calls a second, so that none waits for the ten seconds of an app's usual window.
"""

import json
from collections.abc import Iterator
from time import time_ns

import httpx2
import hubspot
import hubspot_sdk
import pytest
from hubspot.crm.contacts import ApiException
from urllib3.util.retry import Retry

from edgewise.domain.accounts import RateLimit, Token
from edgewise.http.auth import token_digest
from tests.clients.test_hubspot_node import run_script
from tests.support.crm import Crm
from tests.support.oauth import define_apps
from tests.support.server import Server, database_of

PORTAL_ID = 1_000_001
CALLS = 5
LIMIT = RateLimit(2, 1)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A strict server; each client has a token of its own, so that none waits for another."""
    folder = tmp_path_factory.mktemp("limited")
    at = time_ns() // 1_000_000
    names = ("plain", "without", "api-client", "sdk", "async", "node")
    tokens = [Token(token_digest(_token(n)), PORTAL_ID, n, at, rate_limit=LIMIT) for n in names]
    define_apps(database_of(folder), tokens)
    with Server(folder, is_open=False, is_durable=False) as server:
        yield server.url


def _token(name: str) -> str:
    return f"pat-na1-limited-{name}"


def test_the_limit_refuses_whoever_does_not_wait(url: str):
    headers = {"authorization": f"Bearer {_token('plain')}"}
    with httpx2.Client(base_url=url, headers=headers, trust_env=False) as client:
        answers = [client.get("/crm/v3/objects/contacts") for _ in range(CALLS)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    body = refused[0].json()
    assert (body["policyName"], body["message"], body["errorType"]) == (
        "SECONDLY",
        "You have reached your secondly limit.",
        "RATE_LIMIT",
    )


def test_the_older_client_without_retries_is_told(url: str):
    client = hubspot.HubSpot(access_token=_token("without"), host=url, retry=Retry(0))
    with pytest.raises(ApiException) as caught:
        for _ in range(CALLS):
            client.crm.contacts.basic_api.get_page(limit=1)
    assert caught.value.status == 429
    assert json.loads(caught.value.body)["policyName"] == "SECONDLY"


def test_the_older_client_retries_as_its_readme_has_it(url: str):
    retry = Retry(total=5, backoff_factor=0.5, status_forcelist=(429,))
    client = hubspot.HubSpot(access_token=_token("api-client"), host=url, retry=retry)
    for _ in range(CALLS):
        assert client.crm.contacts.basic_api.get_page(limit=1).results == []


def test_the_newer_client_retries_by_itself(url: str):
    http_client = hubspot_sdk.DefaultHttpxClient(trust_env=False)
    with hubspot_sdk.HubSpot(
        access_token=_token("sdk"), base_url=url, max_retries=5, http_client=http_client
    ) as sdk:
        for _ in range(CALLS):
            assert sdk.crm.objects.contacts.list(limit=1).results == []


async def test_the_newer_client_retries_asynchronously_too(url: str):
    http_client = hubspot_sdk.DefaultAsyncHttpxClient(trust_env=False)
    async with hubspot_sdk.AsyncHubSpot(
        access_token=_token("async"), base_url=url, max_retries=5, http_client=http_client
    ) as sdk:
        for _ in range(CALLS):
            assert (await sdk.crm.objects.contacts.list(limit=1)).results == []


def test_the_node_client_retries_on_the_text_it_knows(url: str):
    with Crm(url, "documented") as crm:
        run_script("rates", crm, _token("node"))
