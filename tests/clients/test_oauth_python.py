"""The Python clients through the whole life of an app's tokens, unmodified.

Awkward parts: `hubspot-api-client` sends forms, `hubspot-sdk` JSON where the document has a form; the former has no
introspection, and its model of an answer wants a refresh token, so the grant client_credentials is asked for by path.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import hubspot
import hubspot_sdk
import pytest
from hubspot.crm.contacts import ApiException as ContactsError
from hubspot.crm.contacts import SimplePublicObjectInputForCreate
from hubspot.oauth import ApiException
from hubspot.utils.oauth import get_auth_url
from urllib3.util.retry import Retry

from tests.clients.oauth_server import OAuthServer
from tests.support.oauth import CLIENT, NAME, PRIVATE_TOKEN, REDIRECT_URI, SCOPES

PORTAL_ID = 1_000_001


def _client(server: OAuthServer, access_token: str | None = None) -> hubspot.HubSpot:
    return hubspot.HubSpot(access_token=access_token, host=server.url, retry=Retry(0))


@pytest.fixture
def sdk(oauth_server: OAuthServer) -> Iterator[hubspot_sdk.HubSpot]:
    """It insists on some token, which the operations of OAuth do not look at."""
    http_client = hubspot_sdk.DefaultHttpxClient(trust_env=False)
    with hubspot_sdk.HubSpot(
        access_token="-", base_url=oauth_server.url, max_retries=0, http_client=http_client
    ) as sdk:
        yield sdk


@pytest.fixture
async def async_sdk(oauth_server: OAuthServer) -> AsyncIterator[hubspot_sdk.AsyncHubSpot]:
    http_client = hubspot_sdk.DefaultAsyncHttpxClient(trust_env=False)
    async with hubspot_sdk.AsyncHubSpot(
        access_token="-", base_url=oauth_server.url, max_retries=0, http_client=http_client
    ) as sdk:
        yield sdk


def _exchange(code: str) -> dict[str, Any]:
    return {**CLIENT, "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}


def _refresh(refresh_token: str) -> dict[str, Any]:
    return {**CLIENT, "grant_type": "refresh_token", "refresh_token": refresh_token}


def test_the_older_client_leads_to_the_page(oauth_server: OAuthServer):
    address = get_auth_url(CLIENT["client_id"], REDIRECT_URI, SCOPES, ("tickets",), "s")
    page = httpx2.get(address.replace("https://app.hubspot.com", oauth_server.url), trust_env=False)
    assert page.status_code == 200
    assert f"Connect {NAME} to a portal?" in page.text


def test_the_older_client_goes_through_the_whole_life(oauth_server: OAuthServer):
    oauth = _client(oauth_server).oauth
    tokens = oauth.tokens_api.create(**_exchange(oauth_server.code()))
    assert (tokens.token_type, tokens.expires_in) == ("bearer", 1800)

    contacts = _client(oauth_server, tokens.access_token).crm.contacts.basic_api
    assert contacts.create(SimplePublicObjectInputForCreate(properties={}, associations=[])).id
    info = oauth.access_tokens_api.get(tokens.access_token)
    assert (info.hub_id, info.scopes, info.token_type) == (PORTAL_ID, list(SCOPES), "access")
    assert (info.token, info.user) == (tokens.access_token, f"user-{info.user_id}@{info.hub_domain}")
    kept = oauth.refresh_tokens_api.get(tokens.refresh_token)
    assert (kept.client_id, kept.user_id, kept.token_type) == (CLIENT["client_id"], info.user_id, "refresh")

    oauth_server.expire(tokens.access_token)
    with pytest.raises(ContactsError) as expired:
        contacts.get_page()
    assert expired.value.status == 401
    assert "expired 75 second(s) ago" in expired.value.body
    with pytest.raises(ApiException) as unknown:
        oauth.access_tokens_api.get(tokens.access_token)
    assert '"status":"BAD_ACCESS_TOKEN"' in unknown.value.body

    again = oauth.tokens_api.create(**_refresh(tokens.refresh_token))
    assert again.refresh_token == tokens.refresh_token
    _client(oauth_server, again.access_token).crm.contacts.basic_api.get_page()

    assert oauth.refresh_tokens_api.archive(tokens.refresh_token) is None
    with pytest.raises(ApiException) as refused:
        oauth.tokens_api.create(**_refresh(tokens.refresh_token))
    assert refused.value.status == 400
    assert '"status":"BAD_REFRESH_TOKEN","message":"missing or invalid refresh token"' in refused.value.body
    _client(oauth_server, again.access_token).crm.contacts.basic_api.get_page()


def test_the_older_client_is_told_why_a_code_was_refused(oauth_server: OAuthServer):
    oauth = _client(oauth_server).oauth
    code = oauth_server.code()
    oauth.tokens_api.create(**_exchange(code))
    with pytest.raises(ApiException) as used:
        oauth.tokens_api.create(**_exchange(code))
    assert '"status":"BAD_AUTH_CODE"' in used.value.body
    with pytest.raises(ApiException) as unknown:
        oauth.tokens_api.create(**_exchange(code) | {"client_secret": "x"})
    assert '"error":"invalid_client"' in unknown.value.body


def test_the_older_client_asks_by_path_for_what_it_has_no_method_for(oauth_server: OAuthServer):
    client = _client(oauth_server)
    asked = {"method": "POST", "base_url": oauth_server.url}
    path = "/oauth/v2/private-apps/get/access-token-info"
    told = client.api_request(asked | {"path": path, "body": {"tokenKey": PRIVATE_TOKEN}})
    assert told.json()["hubId"] == PORTAL_ID
    own = CLIENT | {"grant_type": "client_credentials"}
    given = client.api_request(asked | {"path": "/oauth/v3/token", "body": own})
    assert given.json()["token_use"] == "client_credentials"


def test_the_newer_client_goes_through_the_whole_life(oauth_server: OAuthServer, sdk: hubspot_sdk.HubSpot):
    oauth = sdk.auth.oauth
    tokens = oauth.create_token(**_exchange(oauth_server.code()))
    assert (tokens.token_use, tokens.expires_in, tokens.hub_id) == ("access_token", 1800, PORTAL_ID)
    assert tokens.scopes == list(SCOPES)
    mine = sdk.with_options(access_token=tokens.access_token)
    mine.crm.objects.contacts.list()

    info = oauth.introspect_token(token=tokens.access_token, **CLIENT)
    assert (info.active, info.token_use, info.hub_id) == (True, "access_token", PORTAL_ID)
    assert (info.signed_access_token.hub_id, info.signed_access_token.app_id) == (PORTAL_ID, info.app_id)
    kept = oauth.introspect_token(token=tokens.refresh_token, **CLIENT)
    assert (kept.active, kept.token_use, kept.client_id) == (True, "refresh_token", CLIENT["client_id"])

    oauth_server.expire(tokens.access_token)
    with pytest.raises(hubspot_sdk.AuthenticationError, match="expired 75 second"):
        mine.crm.objects.contacts.list()
    assert oauth.introspect_token(token=tokens.access_token, **CLIENT).active is False

    again = oauth.create_token(**_refresh(tokens.refresh_token))
    assert again.refresh_token == tokens.refresh_token
    mine = sdk.with_options(access_token=again.access_token)
    mine.crm.objects.contacts.list()
    oauth.revoke_token(token=again.access_token, **CLIENT)
    with pytest.raises(hubspot_sdk.AuthenticationError):
        mine.crm.objects.contacts.list()
    oauth.revoke_token(token=tokens.refresh_token, **CLIENT)
    with pytest.raises(hubspot_sdk.BadRequestError) as refused:
        oauth.create_token(**_refresh(tokens.refresh_token))
    assert refused.value.body["status"] == "BAD_REFRESH_TOKEN"
    assert refused.value.body["error"] == "invalid_grant"


def test_the_newer_client_gets_a_token_of_the_apps_own_portal(
    oauth_server: OAuthServer, sdk: hubspot_sdk.HubSpot
):
    own = sdk.auth.oauth.create_token(grant_type="client_credentials", scope=SCOPES[1], **CLIENT)
    assert (own.token_use, own.scopes) == ("client_credentials", [SCOPES[1]])
    mine = sdk.with_options(access_token=own.access_token)
    mine.crm.objects.contacts.list()
    with pytest.raises(hubspot_sdk.PermissionDeniedError) as denied:
        mine.crm.objects.contacts.create(properties={}, associations=[])
    required = denied.value.body["errors"][0]["context"]["requiredGranularScopes"]
    assert "crm.objects.contacts.write" in required


def test_the_newer_client_proves_who_asked(oauth_server: OAuthServer, sdk: hubspot_sdk.HubSpot):
    verifier, challenge = (
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    )
    code = oauth_server.code("--code-challenge", challenge)
    with pytest.raises(hubspot_sdk.BadRequestError) as refused:
        sdk.auth.oauth.create_token(**_exchange(code))
    assert refused.value.body["status"] == "BAD_CODE_VERIFIER"
    assert sdk.auth.oauth.create_token(**_exchange(code), code_verifier=verifier).access_token


async def test_the_asynchronous_client_goes_through_the_whole_life(
    oauth_server: OAuthServer, async_sdk: hubspot_sdk.AsyncHubSpot
):
    oauth = async_sdk.auth.oauth
    tokens = await oauth.create_token(**_exchange(oauth_server.code()))
    mine = async_sdk.with_options(access_token=tokens.access_token)
    await mine.crm.objects.contacts.list()
    assert (await oauth.introspect_token(token=tokens.access_token, **CLIENT)).active is True
    oauth_server.expire(tokens.access_token)
    with pytest.raises(hubspot_sdk.AuthenticationError, match="expired 75 second"):
        await mine.crm.objects.contacts.list()
    again = await oauth.create_token(**_refresh(tokens.refresh_token))
    mine = async_sdk.with_options(access_token=again.access_token)
    await mine.crm.objects.contacts.list()
    await oauth.revoke_token(token=again.access_token, **CLIENT)
    assert (await oauth.introspect_token(token=again.access_token, **CLIENT)).active is False
    with pytest.raises(hubspot_sdk.AuthenticationError):
        await mine.crm.objects.contacts.list()
