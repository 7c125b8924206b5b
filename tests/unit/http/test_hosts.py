"""Who may ask an open server by name: those of its machine, addresses where others reach it, and names it is told."""

import re

import pytest

from edgewise.http.hosts import Hosts
from edgewise.settings import Settings
from edgewise.stores.memory import MemoryStore
from edgewise.surfaces.surface import Route
from edgewise.wire.refusals import HostRefused
from edgewise.wiring import build_application, build_hosts
from tests.unit.http.asgi import EVERY_ROUTE, ask

OF_THIS_MACHINE = (
    "localhost", "localhost:8765", "LOCALHOST:1", "crm.localhost", "localhost.:80", "127.0.0.1", "127.0.0.1:8765",
    "127.9.9.9", "[::1]", "[::1]:8765",
)  # fmt: skip
ADDRESSES = ("10.0.0.7", "192.168.1.9:8765", "[2001:db8::7]:8765")
OF_A_WEB_PAGE = (
    "evil.example", "evil.example:8765", "localhost.evil.example", "127.0.0.1.evil.example", "evil-localhost",
    "127.1", "0x7f.0.0.1", "edgewise", "crm.test.evil.example", "", ":8765", "a b", "localhost:80:80", "[::1",
    "localhost@evil.example", "é", "evil.example/.localhost", "evil.example#.localhost",
)  # fmt: skip


def _is_taken(hosts: Hosts, host: str) -> bool:
    try:
        for _ in range(2):
            hosts.require([(b"accept", b"*/*"), (b"host", host.encode("latin-1"))])
    except HostRefused:
        return False
    return True


def test_on_this_machine_alone_only_its_own_names_are_taken():
    hosts = Hosts((), has_others=False)
    assert [_is_taken(hosts, host) for host in OF_THIS_MACHINE] == [True] * len(OF_THIS_MACHINE)
    assert [host for host in (*ADDRESSES, *OF_A_WEB_PAGE) if _is_taken(hosts, host)] == []


def test_where_others_reach_it_any_address_is_taken_and_no_name():
    hosts = Hosts((), has_others=True)
    assert [host for host in (*OF_THIS_MACHINE, *ADDRESSES) if not _is_taken(hosts, host)] == []
    assert [host for host in OF_A_WEB_PAGE if _is_taken(hosts, host)] == []


def test_a_name_that_was_allowed_is_taken_with_any_port():
    hosts = Hosts(("CRM.test.", "edgewise"), has_others=False)
    assert [_is_taken(hosts, host) for host in ("crm.test", "crm.TEST.:9", "edgewise:8765")] == [True] * 3
    assert not _is_taken(hosts, "evil.example")


def test_each_of_several_hosts_must_be_allowed():
    with pytest.raises(HostRefused, match="evil"):
        Hosts((), has_others=False).require([(b"host", b"localhost"), (b"host", b"evil.example")])


def test_without_a_host_no_browser_asks():
    Hosts((), has_others=False).require([(b"accept", b"*/*")])


@pytest.mark.parametrize(
    ("host", "taken"),
    [
        ("127.0.0.1", {"localhost"}),
        ("::1", {"localhost"}),
        ("localhost", {"localhost"}),
        ("0.0.0.0", {"localhost", "10.0.0.7"}),
        ("10.0.0.7", {"localhost", "10.0.0.7"}),
        ("box.lan", {"localhost", "10.0.0.7", "box.lan"}),
    ],
)
def test_where_it_listens_decides(host: str, taken: set[str]):
    hosts = build_hosts(Settings(is_open=True, host=host))
    assert hosts is not None
    assert {
        each for each in ("localhost", "10.0.0.7", "box.lan", "evil.example") if _is_taken(hosts, each)
    } == taken


async def test_a_page_that_gives_its_name_the_address_of_this_machine_reads_and_writes_nothing():
    store = MemoryStore()
    await store.start()
    app = build_application(Settings(is_open=True, allowed_hosts=["crm.test"]), store, None)
    for method, path in (
        ("GET", "/crm/v3/objects/contacts"),
        ("POST", "/crm/v3/objects/contacts"),
        ("GET", "/_edgewise/health"),
        ("GET", "/oauth/authorize"),
        ("GET", "/nowhere"),
    ):
        answer = await ask(app, method, path, {"properties": {}}, headers=(("host", "evil.example:8765"),))
        assert answer.status == 421
        assert answer.json()["message"].endswith("edgewise dev --allow-host evil.example")
    answer = await ask(app, "GET", "/_edgewise/health", headers=(("host", "crm.test"),))
    assert answer.status == 200


@pytest.mark.parametrize("route", EVERY_ROUTE, ids=lambda route: f"{route.method} {route.path}")
async def test_a_page_of_another_origin_can_send_nothing_that_counts(route: Route):
    """Without asking first a page may send a form or a text, and no token; and asking first is never allowed."""
    store = MemoryStore()
    await store.start()
    app = build_application(Settings(is_open=True), store, None)
    origin = (("host", "localhost:8765"), ("origin", "http://evil.example"))
    path = re.sub(r"\{\w+\}", "contacts", route.path)
    asked = (*origin, ("access-control-request-method", route.method))
    preflight = await ask(app, "OPTIONS", path, headers=asked, token=None)
    assert preflight.status >= 400
    answers = [preflight]
    for kind in ("text/plain", "text/plain; a=json", "application/x-www-form-urlencoded", None):
        headers = origin if kind is None else (*origin, ("content-type", kind))
        answers.append(await ask(app, "POST", path, {"inputs": []}, headers=headers, token=None))
        assert answers[-1].status >= 400
        assert route.operation.is_public or answers[-1].status in (401, 404, 405)
    for answer in answers:
        assert [name for name, _ in answer.headers if name.startswith(b"access-control")] == []


async def test_a_server_that_asks_for_tokens_takes_any_name():
    store = MemoryStore()
    await store.start()
    app = build_application(Settings(), store, None)
    answer = await ask(app, "GET", "/_edgewise/health", headers=(("host", "crm.example"),))
    assert answer.status == 200
