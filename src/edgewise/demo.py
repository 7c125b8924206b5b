"""The demo: a server of its own, and the story of a few associations told request by request."""

from __future__ import annotations

import http.client
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from edgewise import __version__

TOKEN = "demo"
READY_WITHIN_S = 30
STOP_WITHIN_S = 10
LINE_WIDTH = 100


class Unexpected(Exception):
    """The server did not do what the story says; the text tells what it did."""


class Answer(NamedTuple):
    """What a server answered. body: the JSON, or None where there was none."""

    status: int
    reason: str
    body: Any


def run_demo(is_once: bool) -> None:
    """Start a server, tell the story, and keep the server until Ctrl-C, unless `is_once`. Raises: Unexpected."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # unwinds, so that nothing is left behind
    console = Console(highlight=False, soft_wrap=True)
    with (
        tempfile.TemporaryDirectory(prefix="edgewise-demo-") as folder,
        _server(Path(folder)) as (server, url),
    ):
        console.print(
            f"[bold]Edgewise {__version__}[/] runs on [bold]{url}[/], its data in a temporary folder."
        )
        console.print("Below are requests you can paste into another terminal, and what was really answered.")
        tell_story(Storyteller(url, console))
        if is_once:
            console.print(
                "\n[bold green]That is the story.[/] To keep the server and try it, leave out --once."
            )
            return
        console.print("\n[bold green]Your turn.[/]")
        console.print(f"  Server  [bold]{url}[/]\n  Token   [bold]{TOKEN}[/], or any other")
        console.print("  Press Ctrl-C to stop; what you made goes with it.")
        server.wait()
        raise Unexpected(f"the server stopped by itself, with exit code {server.returncode}")


class Storyteller:
    """Makes the requests of the story and shows them.

    Raises: Unexpected, when an answer has another status than the story says.
    """

    def __init__(self, url: str, console: Console) -> None:
        self._url = url
        self._console = console
        self._steps = 0

    def step(self, heading: str, method: str, path: str, status: int, body: Any = None) -> Any:
        """One request under a heading; answers the JSON it got."""
        self._steps += 1
        self._console.print(f"\n[bold cyan]{self._steps}. {heading}[/]")
        return self.request(method, path, status, body)

    def request(self, method: str, path: str, status: int, body: Any = None) -> Any:
        """One request; answers the JSON it got."""
        command, options = curl(self._url, method, path, body)
        self._console.print()
        self._console.print(Text(command, style="bold"), Text(options, style="dim"), sep="")
        answer = call(self._url, method, path, body)
        style = "bold red" if answer.status != status else "bold yellow" if status == 207 else "bold green"
        self._console.print(Text(f"{answer.status} {answer.reason}", style=style))
        if answer.body is not None:
            self._console.print(JSONHighlighter()(Text(readable(answer.body))))
        if answer.status != status:
            raise Unexpected(f"{method} {path} was answered with {answer.status}; the story says {status}")
        return answer.body


def tell_story(story: Storyteller) -> None:
    """Create, link, label, fail in part, read from both ends, page, remove. Raises: Unexpected."""
    contact = story.step(
        "Create a contact",
        "POST",
        "/crm/v3/objects/contacts",
        201,
        {"properties": {"email": "ada@analytical.example", "firstname": "Ada", "lastname": "Byron"}},
    )["id"]
    companies = story.step(
        "Create two companies in one call",
        "POST",
        "/crm/v3/objects/companies/batch/create",
        201,
        {"inputs": [{"properties": {"name": "Analytical Engines"}}, {"properties": {"name": "Loom & Card"}}]},
    )["results"]
    engines, loom = (company["id"] for company in companies)
    story.step(
        "Link the contact to the first company; no label, so the default type of the pair is used",
        "PUT",
        f"/crm/objects/2026-03/contacts/{contact}/associations/default/companies/{engines}",
        200,
    )
    story.step(
        "Link the contact to the second company with a label, Billing Contact",
        "PUT",
        f"/crm/v4/objects/contacts/{contact}/associations/companies/{loom}",
        201,
        [_type(931)],
    )
    story.step(
        "Send a batch with one bad item: the good one is kept, the bad one is explained, the answer is 207",
        "POST",
        "/crm/associations/2025-09/contacts/companies/batch/create",
        207,
        {"inputs": [_input(contact, engines, _type(931)), _input(contact, "999", _type(931))]},
    )
    story.step(
        "Read from the contact's end: two companies, each with its types",
        "GET",
        f"/crm/v4/objects/contacts/{contact}/associations/companies",
        200,
    )
    story.step(
        "Read from a company's end: the same link, under the ids that the other direction has",
        "GET",
        f"/crm/v4/objects/companies/{engines}/associations/contacts",
        200,
    )
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies?limit=1"
    page = story.step("Read page by page: the first page says where the next one starts", "GET", path, 200)
    story.request("GET", f"{path}&after={page['paging']['next']['after']}", 200)
    story.step(
        "Remove every link between the contact and the first company",
        "DELETE",
        f"/crm/v4/objects/contacts/{contact}/associations/companies/{engines}",
        204,
    )
    story.request("GET", f"/crm/v4/objects/companies/{engines}/associations/contacts", 200)


def _type(type_id: int) -> dict[str, Any]:
    return {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}


def _input(source_id: str, target_id: str, *types: dict[str, Any]) -> dict[str, Any]:
    return {"from": {"id": source_id}, "to": {"id": target_id}, "types": list(types)}


def call(url: str, method: str, path: str, body: Any) -> Answer:
    """Make one request. Raises: Unexpected when there is no answer, or one that is not JSON."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        content = None if body is None else json.dumps(body)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, content, headers)
        response = connection.getresponse()
        text = response.read()
        return Answer(response.status, response.reason, json.loads(text) if text else None)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unexpected(f"{method} {path} got no answer that can be read: {error}") from error
    finally:
        connection.close()


def curl(url: str, method: str, path: str, body: Any) -> tuple[str, str]:
    """A request as one types it into a shell: the command, and the options on the lines after it."""
    verb = "" if method == "GET" else f"-X {method} "
    options = [f"-H 'Authorization: Bearer {TOKEN}'"]
    if body is not None:
        options += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(readable(body))}"]
    return f"curl {verb}{shlex.quote(url + path)}", "".join(f" \\\n  {option}" for option in options)


def readable(value: Any, indent: str = "") -> str:
    """JSON in which what fits on a line stands on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= LINE_WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    deeper = f"{indent}  "
    if isinstance(value, dict):
        parts = [f"{deeper}{json.dumps(key)}: {readable(item, deeper)}" for key, item in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [f"{deeper}{readable(item, deeper)}" for item in value]
        opening, closing = "[", "]"
    return "\n".join([opening, ",\n".join(parts), indent + closing])


@contextmanager
def _server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address; stopped at the end. Raises: Unexpected."""
    log = folder / "server.log"
    command = [sys.executable, "-m", "edgewise", "dev", "--port", "0", "--data", str(folder / "demo.db")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("EDGEWISE_")}
    with log.open("w") as log_file:
        server = subprocess.Popen(
            [*command, "--log-format", "off"],
            stdout=subprocess.PIPE,
            stderr=log_file,
            env=environment,
            text=True,
        )
    try:
        yield server, _ready_address(server, log)
    finally:
        server.terminate()
        try:
            server.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        if server.stdout is not None:
            server.stdout.close()


def _ready_address(server: subprocess.Popen[str], log: Path) -> str:
    assert server.stdout is not None
    too_late = threading.Timer(READY_WITHIN_S, server.kill)
    too_late.start()
    try:
        line = server.stdout.readline()
    finally:
        too_late.cancel()
    if " is ready on " not in line:
        with suppress(subprocess.TimeoutExpired):
            server.wait(STOP_WITHIN_S)
        raise Unexpected(f"the server did not start:\n{log.read_text('utf-8').strip()}")
    return line.rpartition(" ")[2].strip()
