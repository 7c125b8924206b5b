"""Nothing that a client sends, and no password of the server's own, is in what the server writes."""

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote

from edgewise.surfaces.own import own_routes
from edgewise.wiring import routes
from tests.acceptance.program import Server
from tests.support.raw import Raw

CANARY = "Canary.of@mine"
PASSWORD = "canary-of-mine-too"
SPELLINGS = (CANARY, quote(CANARY, safe=""), "".join(f"%{ord(letter):02X}" for letter in CANARY))
BODY = f'{{"inputs":[{{"id":"{CANARY}","{CANARY}":"{CANARY}"}}],"properties":{{"{CANARY}":"{CANARY}"}}}}'


def _paths() -> Iterator[tuple[str, str]]:
    """Every method and path, with what is no one's business in each place, and paths that are not quite theirs."""
    for number, route in enumerate([*routes(), *own_routes()]):
        spelled = SPELLINGS[number % len(SPELLINGS)]
        path = re.sub(r"\{\w+\}", spelled, route.path)
        yield route.method, path
        yield route.method, re.sub(r"\{\w+\}", "contacts", route.path, count=1).replace("{", spelled)
        yield ("PUT", "DELETE", "OPTIONS", "TRACE")[number % 4], f"{path}/{spelled}"
        yield route.method, f"/{spelled}{path}".upper().replace("%2E", "%2e")


def _request(method: str, path: str) -> bytes:
    content = BODY.encode()
    lines = [
        f"{method} {path}?idProperty={CANARY}&{CANARY}={quote(CANARY)}#{CANARY} HTTP/1.1",
        "host: localhost",
        f"authorization: Bearer {CANARY}",
        f"cookie: {CANARY}={CANARY}; edgewise_browser={CANARY}",
        f"user-agent: {CANARY}",
        f"x-canary: {CANARY}",
        "content-type: application/json",
        f"content-length: {len(content)}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + content


def test_nothing_that_is_sent_is_written(start):
    server: Server = start("dev", "--port", "0", "--ephemeral", "--log-format", "json")
    with Raw(server.url) as client:
        for method, path in _paths():
            client.send(_request(method, path)).answer()
    for wrong in (
        f"{CANARY} / HTTP/1.1\r\n\r\n",
        f"GET /{CANARY} HTTP/9.{CANARY}\r\n\r\n",
        f"GET /{CANARY} HTTP/1.1\r\n{CANARY}\r\n\r\n",
        f"POST /{CANARY} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n{CANARY}\r\n\r\n",
        f"GET /{CANARY} HTTP/1.1\r\nhost: a\r\ncontent-length: {CANARY}\r\n\r\n",
        f"GET /{CANARY} HTTP/1.1\r\nhost: {CANARY}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
        f"CONNECT {CANARY}:443 HTTP/1.1\r\nhost: {CANARY}\r\n\r\n",
        f"GET http://{CANARY}/{CANARY} HTTP/1.1\r\nhost: {CANARY}\r\n\r\n",
    ):
        with Raw(server.url) as client:
            client.send(wrong.encode())
            client.socket.settimeout(1)
            with suppress(EOFError, TimeoutError):
                client.answer()
    code, rest = server.stop()
    assert code == 0
    written = server.stderr + rest
    assert written.count('"event":"request"') >= len([*_paths()])
    assert [line for line in written.splitlines() if "canary" in line.lower()] == []
    assert "Traceback" not in written


def test_no_password_of_a_setting_is_written(start, tmp_path):
    server: Server = start(
        "dev", "--port", "0", "--ephemeral", "--rate-limit", "tier",
        "--rate-limit-store", f"redis://user:{PASSWORD}@127.0.0.1:1/0",
        "--smtp-url", f"smtp://user:{PASSWORD}@127.0.0.1:1", "--mail-from", "a@b.example",
        "--report-mail-to", "c@d.example",
    )  # fmt: skip
    assert server.call("GET", "/crm/v3/objects/contacts")[0] == 200
    assert server.call("POST", "/crm/v4/associations/usage/high-usage-report/7")[0] == 200
    server.stop()
    assert "counted by this process alone" in server.stderr
    assert PASSWORD not in server.stderr
