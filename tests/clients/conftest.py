"""The Python clients, each as it is: only its base URL is set."""

import gc
import warnings
from collections.abc import AsyncIterator, Iterator

import hubspot
import hubspot_sdk
import pytest
from urllib3 import PoolManager
from urllib3.util.retry import Retry

from tests.clients.oauth_server import OAuthServer, running
from tests.support.crm import Crm

TOKEN = "pat-na1-any"


@pytest.fixture(scope="module", autouse=True)
def _closed_connections() -> Iterator[None]:
    """Close what `hubspot-api-client` leaves to the garbage collector, or a later test is blamed for it."""
    yield
    for pools in [each for each in gc.get_objects() if isinstance(each, PoolManager)]:
        pools.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="module")
def oauth_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OAuthServer]:
    """A server that lets in nobody but whom an app's tokens open it for."""
    with running(tmp_path_factory.mktemp("oauth")) as server:
        yield server


@pytest.fixture
def client(live: Crm) -> hubspot.HubSpot:
    """`hubspot-api-client`."""
    return hubspot.HubSpot(access_token=TOKEN, host=live.url, retry=Retry(0))


@pytest.fixture
def sdk(live: Crm) -> Iterator[hubspot_sdk.HubSpot]:
    """`hubspot-sdk`."""
    http_client = hubspot_sdk.DefaultHttpxClient(trust_env=False)
    with hubspot_sdk.HubSpot(
        access_token=TOKEN, base_url=live.url, max_retries=0, http_client=http_client
    ) as sdk:
        yield sdk


@pytest.fixture
async def async_sdk(live: Crm) -> AsyncIterator[hubspot_sdk.AsyncHubSpot]:
    """`hubspot-sdk`, its asynchronous half."""
    http_client = hubspot_sdk.DefaultAsyncHttpxClient(trust_env=False)
    async with hubspot_sdk.AsyncHubSpot(
        access_token=TOKEN, base_url=live.url, max_retries=0, http_client=http_client
    ) as sdk:
        yield sdk
