"""The command line as its user meets it: real processes, real signals, a real terminal."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest

from tests.acceptance.program import COMMAND, PATIENCE_S, edgewise, environment
from tests.acceptance.terminal import on_a_terminal

HEAVY = ("apsw", "edgewise.wiring", "httptools", "msgspec", "pydantic", "rich", "uvicorn", "uvloop")
CONTACTS = "/crm/v3/objects/contacts"


def _contacts(server, **options) -> list[str]:
    status, page = server.call("GET", f"{CONTACTS}?limit=100", **options)
    assert status == 200, page
    return [record["id"] for record in page["results"]]


# --- dev ---------------------------------------------------------------------------------------------------


def test_dev_says_one_line_when_it_is_ready(start):
    server = start("dev", "--port", "0", "--ephemeral")
    assert server.ready_line == f"Edgewise dev is ready on {server.url}\n"
    assert server.call("GET", "/_edgewise/health")[1]["status"] == "ok"
    assert _contacts(server, token="whatever"), "a sample CRM"
    assert server.stop() == (0, "")


def test_dev_takes_the_port_it_is_told(start):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert start("dev", "--port", str(port), "--ephemeral").port == port


@pytest.mark.parametrize("command", [("dev", "--ephemeral"), ("serve", "--database", "sqlite:///crm.db")])
def test_a_busy_port_is_one_clear_line(tmp_path, command):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        ran = edgewise(*command, "--port", port, folder=tmp_path)
    assert ran.returncode == 78
    assert ran.stdout == ""
    assert ran.stderr == (
        f"error: cannot listen on 127.0.0.1 port {port}: Address already in use; --port 0 picks a free port\n"
    )


def test_dev_keeps_its_data_and_loads_the_sample_once(start, tmp_path):
    first = start("dev", "--port", "0")
    sample = _contacts(first)
    created = first.call("POST", CONTACTS, {"properties": {"firstname": "Ada"}})[1]["id"]
    assert first.call("DELETE", f"{CONTACTS}/{sample[0]}")[0] in (200, 204)
    first.stop()
    assert (tmp_path / ".edgewise/dev.db").is_file()
    assert _contacts(start("dev", "--port", "0")) == [*sample[1:], created]


def test_dev_in_memory_leaves_nothing_behind(start, tmp_path):
    start("dev", "--port", "0", "--ephemeral").stop()
    assert [file.name for file in tmp_path.iterdir()] == ["stderr.txt"]


def _warnings_of_dev(folder: Path, host: str, **variables: str) -> list[str]:
    """What a server in memory says between its start and its end."""
    with subprocess.Popen(
        [*COMMAND, "dev", "--port", "0", "--ephemeral", "--host", host],
        cwd=folder,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"Edgewise dev is ready on http://{host}:")
        process.terminate()
        _, errors = process.communicate(timeout=PATIENCE_S)
    return [json.loads(line)["message"] for line in errors.splitlines()]


def test_dev_warns_when_other_machines_may_reach_it(tmp_path):
    """Listening on every address, it is still answered on this one."""
    [warning] = _warnings_of_dev(tmp_path, "0.0.0.0")
    assert "any bearer token opens this server" in warning


def test_a_server_says_which_variables_it_does_not_read(tmp_path):
    variables = {"EDGEWISE_LOGFORMAT": "text", "EDGEWISE_METRICS": "off", "EDGEWISE_SERVICE_HOST": "10.0.0.1"}
    assert _warnings_of_dev(tmp_path, "127.0.0.1", **variables) == [
        "edgewise dev does not read the variable EDGEWISE_LOGFORMAT; did you mean EDGEWISE_LOG_FORMAT?"
    ]


def test_implicit_records_are_made_on_first_mention(start):
    link = "/crm/objects/2026-03/contacts/77/associations/default/companies/78"
    assert start("dev", "--port", "0", "--ephemeral", "--records", "strict").call("PUT", link)[0] == 400
    assert start("dev", "--port", "0", "--ephemeral", "--records", "implicit").call("PUT", link)[0] == 200


# --- serve and its tokens ----------------------------------------------------------------------------------


def test_serve_asks_for_a_token_and_takes_one_that_is_made_while_it_runs(start, tmp_path):
    server = start("serve", "--port", "0", "--database", "sqlite:///crm.db")
    assert server.ready_line == f"Edgewise is ready on {server.url}\n"
    assert "edgewise token create --database sqlite:///crm.db" in server.stderr
    assert server.call("GET", CONTACTS, token="pat-na1-guessed")[0] == 401
    made = edgewise("token", "create", "--database", "sqlite:///crm.db", folder=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    token = made.stdout.strip()
    assert _contacts(server, token=token) == [], "no sample CRM"
    status, _ = server.call("POST", CONTACTS, {"properties": {}}, token=token)
    assert status == 201
    assert token not in server.stderr


def test_serve_does_not_warn_when_there_is_a_token(start, tmp_path):
    edgewise("token", "create", "--database", "sqlite:///crm.db", folder=tmp_path)
    warnings = start("serve", "--port", "0", "--database", "sqlite:///crm.db").stderr.splitlines()
    assert [line for line in warnings if "as root" not in line] == []


def _make_newer(database: Path) -> None:
    connection = apsw.Connection(str(database))
    connection.execute(
        "INSERT INTO schema_migration SELECT 9999, name, checksum, applied_at FROM schema_migration LIMIT 1"
    )
    connection.close()


def test_serve_says_what_is_unsafe_about_who_reaches_it_and_its_files(start, tmp_path):
    edgewise("token", "create", "--database", "sqlite:///crm.db", folder=tmp_path)
    (tmp_path / "crm.db").chmod(0o644)
    tmp_path.chmod(0o777)
    server = start("serve", "--port", "0", "--database", "sqlite:///crm.db", "--host", "0.0.0.0")
    tmp_path.chmod(0o700)
    lines = [json.loads(line) for line in server.stderr.splitlines()]
    assert {line["level"] for line in lines} == {"warning"}
    told = "\n".join(line["message"] for line in lines)
    assert "other machines reach 0.0.0.0, and the server speaks HTTP without TLS" in told
    assert "crm.db is open to everybody on this machine (0644); chmod 600" in told
    assert "is writable to them (0777); chmod go-w" in told
    assert ("the server runs as root" in told) == (os.geteuid() == 0)


def test_a_second_server_over_one_database_says_so(start, tmp_path):
    edgewise("token", "create", "--database", "sqlite:///crm.db", folder=tmp_path)
    serve = ("serve", "--port", "0", "--database", "sqlite:///crm.db")
    told = "another program has this database open: sqlite:///crm.db; run one server per file"
    first = start(*serve)
    assert told not in first.stderr
    second = start(*serve)
    assert second.stderr.count(told) == 1
    second.stop()
    first.stop()
    assert told not in start(*serve).stderr


def test_serve_says_nothing_of_what_is_safe(start, tmp_path):
    edgewise("token", "create", "--database", "sqlite:///crm.db", folder=tmp_path)
    server = start("serve", "--port", "0", "--database", "sqlite:///crm.db")
    assert [line for line in server.stderr.splitlines() if "as root" not in line] == []


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("token", "create")], ids=" ".join)
def test_a_newer_database_is_refused(tmp_path, command):
    edgewise("token", "create", "--database", "sqlite:///crm.db", folder=tmp_path)
    _make_newer(tmp_path / "crm.db")
    ran = edgewise(*command, "--database", "sqlite:///crm.db", folder=tmp_path)
    assert ran.returncode == 3
    assert ran.stdout == ""
    assert "the database has schema version 9999" in ran.stderr
    assert "use a newer edgewise" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


# --- stopping ----------------------------------------------------------------------------------------------


def _accepts_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    except ConnectionResetError:  # the listening socket was closed while this one waited to be accepted
        return True
    return True


def test_a_stopping_server_finishes_what_it_accepted(start):
    server = start("dev", "--port", "0", "--ephemeral")
    body = b'{"properties": {"firstname": "Slow"}}'
    head = (
        f"POST {CONTACTS} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer x\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\nexpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as slow:
        slow.sendall(head.encode())
        assert slow.recv(1024).startswith(b"HTTP/1.1 100 "), "the server waits for the body"
        server.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE_S
        while _accepts_connections(server.port):
            assert time.monotonic() < until
        assert server.process.poll() is None
        slow.sendall(body)
        answer = slow.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 201 ")
    assert b'"firstname":"Slow"' in answer
    assert server.process.wait(PATIENCE_S) == 0


def test_ctrl_c_stops_a_server_with_130(start):
    server = start("dev", "--port", "0", "--ephemeral")
    assert server.stop(signal.SIGINT) == (130, "")
    assert "Traceback" not in server.stderr


# --- demo --------------------------------------------------------------------------------------------------

STORY = {
    "Create a contact": "201 Created",
    "Create two companies": "201 Created",
    "default type": "200 OK",
    "with a label": "201 Created",
    "one bad item": "207 Multi-Status",
    "Read from the contact's end": "200 OK",
    "Read from a company's end": "200 OK",
    "Read page by page": "200 OK",
    "Remove every link": "204 No Content",
}


def test_the_demo_tells_its_story_and_leaves_nothing_behind(tmp_path):
    ran = edgewise("demo", "--once", folder=tmp_path, variables={"TMPDIR": str(tmp_path)})
    assert (ran.returncode, ran.stderr) == (0, "")
    steps = re.split(r"^(?=\d+\. )", ran.stdout, flags=re.MULTILINE)[1:]
    assert len(steps) == len(STORY)
    for step, (heading, status) in zip(steps, STORY.items(), strict=True):
        assert heading in step.partition("\n")[0]
        assert "\ncurl " in step
        assert f"\n{status}\n" in step
    assert "\x1b" not in ran.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_demo_is_not_changed_by_the_settings_of_a_server(tmp_path):
    variables = {"EDGEWISE_EPHEMERAL": "1", "EDGEWISE_PROFILE": "observed", "EDGEWISE_PORT": "1"}
    assert edgewise("demo", "--once", folder=tmp_path, variables=variables).returncode == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_stopped_demo_takes_its_server_and_its_data_along(tmp_path, number, code):
    with subprocess.Popen(
        [*COMMAND, "demo"],
        cwd=tmp_path,
        env=environment(TMPDIR=str(tmp_path), PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        shown = ""
        while "Press Ctrl-C to stop" not in shown:
            line = process.stdout.readline()
            assert line, shown
            shown += line
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)", shown)[1])
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == code
    assert "demo" in shown.splitlines()[-2], "the token"
    assert not _accepts_connections(port)
    assert list(tmp_path.iterdir()) == []


# --- looks -------------------------------------------------------------------------------------------------


def test_dev_shows_a_banneron_a_terminal(tmp_path):
    shown = on_a_terminal("dev", "--port", "0", folder=tmp_path, until="Ctrl-C")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    url = re.search(r"Edgewise dev is ready on (\S+)\r\n", plain)[1]
    assert f"{url}/_edgewise/health" in plain
    assert ".edgewise/dev.db" in plain
    assert "any bearer token works" in plain
    assert f"curl -H 'Authorization: Bearer dev' '{url}" in plain
    assert plain.endswith("Stopped.\r\n")


@pytest.mark.parametrize("arguments", [("--help",), ("dev", "--help"), ("quirks",), ("demo", "--once")])
def test_colour_on_a_terminal_unless_nobody_wants_it(tmp_path, arguments):
    colour = re.compile(r"\x1b\[(\d+;)*3\d[;m]")
    assert colour.search(on_a_terminal(*arguments, folder=tmp_path))
    assert not colour.search(on_a_terminal(*arguments, folder=tmp_path, NO_COLOR="1"))


@pytest.mark.parametrize("command", ["routes", "quirks"])
def test_json_is_never_coloured(tmp_path, command):
    assert json.loads(on_a_terminal(command, "--json", folder=tmp_path))


def test_a_reader_that_leaves_early_is_no_accident(tmp_path):
    with subprocess.Popen(
        [*COMMAND, "openapi"], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""


# --- start -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["dev", "--help"],
        ["serve", "--help"],
        ["token", "create", "-h"],
        ["portal", "delete", "-h"],
    ],
)
def test_help_imports_nothing_heavy(tmp_path, arguments):
    program = (
        "import sys, edgewise.cli\n"
        f"edgewise.cli.main({arguments})\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("Usage: edgewise")
    assert ran.stderr == "[]\n"
