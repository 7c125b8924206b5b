"""A connector under test reaches the server under test and nothing else, whatever it was built to call."""

import subprocess
from pathlib import Path

import pytest

from tests.connectors.job import environment
from tests.support.installed import require_etl, require_node
from tests.support.server import Server

STRANGER = "192.0.2.1"
"""An address that nobody has. Source: RFC 5737."""

PYTHON = {
    "requests": f"import requests; requests.get('http://{STRANGER}/', timeout=5)",
    "a name": "import socket; socket.getaddrinfo('api.hubapi.com', 443)",
    "a connection": f"import socket; socket.create_connection(('{STRANGER}', 443), timeout=5)",
    "a datagram": f"import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('{STRANGER}', 53))",
}
NODE = {
    "fetch": "await fetch('https://api.hubapi.com/');",
    "http": f"require('node:http').get('http://{STRANGER}/');",
    "a connection": f"require('node:net').connect(443, '{STRANGER}');",
    "a name": "await require('node:dns').promises.lookup('api.hubapi.com');",
}
CALL = "import requests; print(requests.get('https://api.hubapi.com/crm/v3/objects/contacts?limit=1').status_code)"


def _run(command: list[str | Path], url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment(url, folder), capture_output=True, text=True, check=False, timeout=60
    )


def test_a_call_to_hubspot_arrives_at_the_server(server: Server, tmp_path: Path):
    done = _run([require_etl() / "bin/python", "-c", CALL], server.url, tmp_path)
    assert done.stdout == "401\n", done.stderr  # it names no token
    assert [each[:2] for each in server.take_requests()] == [("GET", "/crm/v3/objects/contacts")]


@pytest.mark.parametrize("url", ["", "https://api.hubapi.com", f"http://{STRANGER}"])
def test_without_an_address_of_this_machine_it_is_refused(tmp_path: Path, url: str):
    done = _run([require_etl() / "bin/python", "-c", CALL], url, tmp_path)
    assert done.returncode == 1
    assert "PermissionError: refused: HUBSPOT_BASE_URL is no address of this machine" in done.stderr


@pytest.mark.parametrize("way", PYTHON)
def test_a_python_client_reaches_nobody_else(tmp_path: Path, way: str):
    done = _run([require_etl() / "bin/python", "-c", PYTHON[way]], "http://127.0.0.1:9", tmp_path)
    assert done.returncode == 1
    assert "PermissionError: refused: " in done.stderr


@pytest.mark.parametrize("way", NODE)
def test_a_node_client_reaches_nobody_else(tmp_path: Path, way: str):
    require_node()
    done = _run(["node", "-e", f"(async () => {{ {NODE[way]} }})()"], "http://127.0.0.1:9", tmp_path)
    assert done.returncode == 1
    assert "refused: " in done.stderr
