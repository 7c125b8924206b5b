"""Every command of the README is run, against a server started as it says, and answers what it prints."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import hubspot_sdk
import pytest

from tests.acceptance.program import Server, edgewise
from tests.repo.documents import blocks, commands, inline_code, read, table_rows
from tests.repo.project import ROOT

README = read("README.md")
BLOCKS = blocks(README)
SHELL = [command for block in BLOCKS if block.language == "sh" for command in commands(block)]
BASE_URL = "http://127.0.0.1:8765"
LEFT_OUT = "…"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
PYTHON_CLIENTS = ("hubspot-api-client", "hubspot-sdk")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the README's commands are for a POSIX shell")


def _words(command: str) -> list[str]:
    """The arguments of a command of the README, which begins with `edgewise`."""
    name, *arguments = shlex.split(command)
    assert name == "edgewise"
    return arguments


def _run(command: str, folder: Path) -> str:
    done = edgewise(*_words(command), folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def _server(command: str, folder: Path) -> Iterator[Server]:
    """A server as the README starts it, but on a free port."""
    server = Server(*_words(command), "--port", "0", "--log-format", "off", folder=folder)
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`edgewise dev`, in a folder of its own."""
    assert "edgewise dev" in SHELL
    with _server("edgewise dev", tmp_path_factory.mktemp("readme")) as server:
        yield server


def _send(curl: str) -> tuple[int, Any]:
    """Run a curl; where none is installed, make the request that it describes."""
    arguments = shlex.split(curl)
    if shutil.which("curl"):
        plain = ["--silent", "--show-error", "--noproxy", "*", "--write-out", "\n%{http_code}"]
        done = subprocess.run([*arguments, *plain], capture_output=True, text=True, check=True, timeout=30)
        body, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(body)
    given = list(zip(arguments[1::2], arguments[2::2], strict=True))
    options = dict(given)
    assert options.keys() <= {"--request", "--url", "--header", "--data"}
    headers = dict(text.split(": ", 1) for name, text in given if name == "--header")
    with httpx2.Client(trust_env=False, timeout=30) as client:
        answer = client.request(
            options.get("--request", "GET"), options["--url"], headers=headers, content=options.get("--data")
        )
    return answer.status_code, answer.json()


def _is_printed(printed: Any, real: Any) -> bool:
    """Whether an answer is the one printed: other moments are the same, and what is left out may be anything."""
    if printed == LEFT_OUT:
        return True
    if isinstance(printed, dict) and isinstance(real, dict):
        return list(printed) == list(real) and all(_is_printed(printed[name], real[name]) for name in printed)
    if isinstance(printed, list) and isinstance(real, list):
        if printed and printed[-1] == LEFT_OUT:
            printed = printed[:-1]
            real = real[: len(printed)]
        return len(printed) == len(real) and all(map(_is_printed, printed, real))
    if isinstance(printed, str) and isinstance(real, str) and MOMENT.fullmatch(printed):
        return MOMENT.fullmatch(real) is not None
    return type(printed) is type(real) and printed == real


def test_every_curl_is_answered_as_printed(dev):
    """In the order of the README, since later answers may depend on earlier requests."""
    told = []
    for block, answer in zip(BLOCKS, [*BLOCKS[1:], None], strict=True):
        if block.language != "sh" or not block.text.startswith("curl "):
            continue
        assert answer is not None
        (curl,) = commands(block)
        status, real = _send(curl.replace(BASE_URL, dev.url))
        promised = re.match(r"Answer, status (\d+)", answer.lead)
        assert promised, f"README.md:{answer.line}: no line says `Answer, status …`"
        printed = json.loads(answer.text.replace(BASE_URL, dev.url))
        if int(promised[1]) != status or not _is_printed(printed, real):
            told.append(
                f"README.md:{answer.line}: status {status}\n{json.dumps(real, indent=2, ensure_ascii=False)}"
            )
    if told:
        pytest.fail("\n\n".join(told), pytrace=False)


def test_the_ready_line_is_the_one_printed(dev):
    printed = next(block.text.strip() for block in BLOCKS if block.language == "text")
    assert dev.ready_line.strip() == printed.replace(BASE_URL, dev.url)


@pytest.mark.parametrize("package", PYTHON_CLIENTS)
def test_the_line_for_a_python_client_points_it_here(dev, package, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    (line,) = [cells[1] for cells in table_rows(README) if cells[0] == f"Python, `{package}`"]
    expression, importing, *_ = inline_code(line)
    names: dict[str, Any] = {}
    exec(importing, names)
    client = eval(expression.replace(BASE_URL, dev.url), names)
    if package == "hubspot-sdk":
        page = client.crm.associations.list(
            object_type="contacts", object_id="30000000008", to_object_type="companies"
        )
        client.close()
    else:
        api = client.crm.associations.v4.basic_api
        page = api.get_page("contacts", "30000000008", "companies")
        api.api_client.rest_client.pool_manager.clear()
    assert [str(row.to_object_id) for row in page.results] == ["30000000001", "30000000002"]


def test_the_variable_for_the_newer_python_client_points_it_here(monkeypatch):
    monkeypatch.setenv("HUBSPOT_BASE_URL", BASE_URL)
    assert "`HUBSPOT_BASE_URL` in the environment" in README
    with hubspot_sdk.HubSpot(access_token="dev") as client:
        assert str(client.base_url).rstrip("/") == BASE_URL


def test_a_token_opens_serve_and_what_it_wrote_outlives_a_kill(tmp_path):
    create, serve = (
        next(command for command in SHELL if command.startswith(start))
        for start in ("edgewise token create ", "edgewise serve ")
    )
    token = _run(create, tmp_path).strip()
    serve = serve.replace(" --port 8080", "")
    contacts = "/crm/v3/objects/contacts"
    with _server(serve, tmp_path) as server:
        assert server.call("GET", "/_edgewise/health", token="")[1]["status"] == "ok"
        assert server.call("GET", contacts, token="another")[0] == 401
        status, made = server.call("POST", contacts, {"properties": {"email": "a@example.com"}}, token)
        assert status == 201
    with _server(serve, tmp_path) as server:
        assert (
            server.call("GET", f"{contacts}/{made['id']}", token=token)[1]["properties"]["email"]
            == "a@example.com"
        )
        assert server.stop()[0] == 0


def test_the_demo_tells_its_story(tmp_path):
    assert "./dev demo" in SHELL
    assert _run("edgewise demo --once", tmp_path)


@pytest.mark.parametrize(
    "command", [command for command in SHELL if command in ("edgewise quirks", "edgewise routes")]
)
def test_a_listing_lists(command, tmp_path):
    assert len(_run(command, tmp_path).splitlines()) > 10


def test_every_command_is_one_that_a_test_here_runs():
    known = re.compile(
        r"curl |edgewise (dev|quirks|routes)$|edgewise (token create|serve) --database sqlite:///crm\.db|\./dev \w+$"
    )
    verbs = set(
        re.findall(r"^  (\w+) ", subprocess.check_output([ROOT / "dev", "help"], text=True), re.MULTILINE)
    )
    assert [command for command in SHELL if not known.match(command)] == []
    assert {command.split()[1] for command in SHELL if command.startswith("./dev ")} <= verbs
