"""What `deploy/` shows can be used as it is: it parses, agrees with the settings, and names metrics that there are."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from edgewise.settings import Settings
from tests.acceptance.conftest import Start
from tests.support.crm import Crm
from tests.support.metrics import Metrics
from tests.support.server import Server

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "systemd/edgewise.service"
RULES = DEPLOY / "prometheus/edgewise-alerts.yml"
OWN = re.compile(r"\b(?:edgewise|process)_[a-z_]+\b")
OF_PROMETHEUS = {"up", "instance", "job"}
PORT = 8765
"""In every example."""

# --- names of metrics ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Metrics:
    """The metrics of a server that did a little of everything."""
    folder = tmp_path_factory.mktemp("scraped")
    with Server(folder, log_format="off") as server, Crm(server.url, "documented") as crm:
        crm.link("contacts", crm.one("contacts"), "companies", crm.one("companies"))
        assert crm.get("/crm/v3/objects/contacts/1").status_code == 404
        assert crm.post("/crm/associations/2026-03/usage/high-usage-report/7").status_code == 200
        return Metrics(crm.get("/_edgewise/metrics").text)


def expressions() -> dict[str, str]:
    """What the examples ask Prometheus, by where it stands."""
    rules = yaml.safe_load(RULES.read_text())["groups"]
    asked = {f"alert {rule['alert']}": rule["expr"] for group in rules for rule in group["rules"]}
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            asked[f"{panel['title']} {target['refId']}"] = target["expr"]
    return asked


def dashboard() -> Any:
    return json.loads((DEPLOY / "grafana/edgewise.json").read_text())


def test_every_metric_that_is_asked_for_is_there_with_its_labels(page: Metrics):
    missing = []
    for where, expression in expressions().items():
        for found in re.finditer(r"\b((?:edgewise|process)_[a-z_]+)(?:{([^}]*)})?", expression):
            samples = page.get(found[1])
            if samples is None:
                missing.append(f"{where}: {found[1]}")
                continue
            labels = {name for key in samples for name, _ in key} | OF_PROMETHEUS
            wanted = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", found[2] or ""))
            for grouped in re.findall(r"\bby \(([^)]*)\)", expression):
                wanted |= {name.strip() for name in grouped.split(",")}
            missing += [f"{where}: {found[1]} has no {label}" for label in sorted(wanted - labels)]
    assert missing == []


def test_everything_that_is_measured_is_shown_or_watched(page: Metrics):
    asked = " ".join(expressions().values())
    named = {re.sub(r"_(total|bucket|sum|count|info)$", "", name) for name in OWN.findall(asked)}
    assert {name for name in page.families if name.startswith("edgewise_")} - named == set()


def test_expressions_are_whole():
    for where, expression in expressions().items():
        for opening, closing in ("()", "{}", "[]"):
            assert expression.count(opening) == expression.count(closing), where


def test_a_panel_has_a_title_a_place_and_something_to_show():
    panels = [panel for panel in dashboard()["panels"] if panel["type"] != "row"]
    assert all(panel["targets"] and panel["title"] for panel in panels)
    assert len({panel["id"] for panel in dashboard()["panels"]}) == len(dashboard()["panels"])
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places)


def test_alerts_say_how_bad_and_what():
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        for rule in group["rules"]:
            assert rule["labels"]["severity"] in ("page", "ticket")
            assert rule["annotations"]["summary"]


def test_prometheus_scrapes_what_is_served_and_loads_the_rules():
    config = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())
    (job,) = config["scrape_configs"]
    assert (job["job_name"], job["metrics_path"]) == ("edgewise", "/_edgewise/metrics")
    assert job["static_configs"] == [{"targets": [f"127.0.0.1:{PORT}"]}]
    assert config["rule_files"] == [RULES.name]


# --- systemd -------------------------------------------------------------------------------------------------


def unit() -> dict[str, list[str]]:
    """The settings of all sections; one may be there more than once."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_starts_a_server_as_it_says(start: Start):
    environment = dict(pair.split("=", 1) for line in unit()["Environment"] for pair in line.split())
    assert environment["EDGEWISE_PORT"] == str(PORT)
    database = environment["EDGEWISE_DATABASE"].removeprefix("sqlite:///")
    assert database.startswith(f"/var/lib/{unit()['StateDirectory'][0]}/")
    command = unit()["ExecStart"][0].split()
    assert Path(command[0]).name == "edgewise"
    # As it stands but for the places that the system would make.
    environment |= {"EDGEWISE_DATABASE": "sqlite:///crm.db", "EDGEWISE_PORT": "0"}
    flags = [
        word
        for name, value in environment.items()
        for word in ("--" + name.removeprefix("EDGEWISE_").replace("_", "-").lower(), value)
    ]
    assert start(*command[1:], *flags).call("GET", "/_edgewise/ready") == (200, {"status": "ready"})


def test_the_unit_waits_longer_than_a_server_takes_to_stop():
    assert int(unit()["TimeoutStopSec"][0]) > Settings().stop_timeout_s
    assert int(unit()["LimitNOFILE"][0]) >= 2 * Settings().connections_max


@pytest.mark.parametrize(
    "setting",
    ["NoNewPrivileges=yes", "ProtectSystem=strict", "Restart=on-failure", "MemoryMax=1G", "User=edgewise"],
)
def test_the_unit_is_hardened(setting: str):
    name, value = setting.split("=")
    assert unit()[name] == [value]


def test_systemd_takes_the_unit(tmp_path: Path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("there is no systemd here")
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace("/opt/edgewise/bin/edgewise", sys.executable))
    said = subprocess.run(
        [verify, "verify", str(copy)], capture_output=True, text=True, check=False, timeout=60
    )
    assert [line for line in said.stderr.splitlines() if UNIT.name in line] == []


# --- nginx and Caddy -----------------------------------------------------------------------------------------


def test_caddy_speaks_to_the_server_within_its_limits():
    text = (DEPLOY / "caddy/Caddyfile").read_text()
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    words = {line.split()[0] for line in lines} - {"{", "}"}
    assert words == {
        "servers", "max_header_size", "timeouts", "read_header", "read_body", "write", "idle",
        "crm.example.com", "header", "@inside", "respond", "request_body", "max_size", "reverse_proxy",
        "health_uri", "health_interval", "health_timeout", "request_buffers", "transport", "keepalive",
        "dial_timeout", "response_header_timeout", "handle_errors", "@gone",
    }  # fmt: skip
    assert text.count("{\n") == sum(line.strip() == "}" for line in text.splitlines())
    assert f"reverse_proxy 127.0.0.1:{PORT} {{" in lines
    assert "@inside path /_edgewise/metrics /_edgewise/metrics/*" in lines
    assert "health_uri /_edgewise/health" in lines  # a full disk takes no reads away
    assert "@gone expression `{err.status_code} in [502, 503, 504]`" in lines
    assert "max_size 9MiB" in lines


def test_proxies_give_up_an_idle_connection_before_the_server_does():
    environment = " ".join(unit()["Environment"])
    kept = int(re.findall(r"EDGEWISE_KEEP_ALIVE=(\d+)", environment)[0])
    in_nginx = int(re.findall(r"keepalive_timeout (\d+)s", (DEPLOY / "nginx/edgewise.conf").read_text())[0])
    in_caddy = int(re.findall(r"keepalive (\d+)s", (DEPLOY / "caddy/Caddyfile").read_text())[0])
    assert max(in_nginx, in_caddy) < kept


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def is_open(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


class Proxy:
    """nginx with the example as its configuration, before a server of its own."""

    def __init__(self, folder: Path, nginx: str, upstream: str) -> None:
        self.port, plain = free_port(), free_port()
        self.certificate = folder / "cert.pem"
        key = folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=crm.example.com",
             "-addext", "subjectAltName=DNS:crm.example.com", "-keyout", key, "-out", self.certificate],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        text = (DEPLOY / "nginx/edgewise.conf").read_text()
        for old, new in (
            (f"127.0.0.1:{PORT}", upstream),
            ("listen [::]:443 ssl http2;", ""),
            ("listen [::]:80;", ""),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("/etc/edgewise/tls/fullchain.pem", str(self.certificate)),
            ("/etc/edgewise/tls/privkey.pem", str(key)),
        ):
            assert old in text
            text = text.replace(old, new)
        (folder / "edgewise.conf").write_text(text)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = folder / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        main.write_text(
            f"{user} pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}} "
            f"http {{ access_log off; {temporary} include {folder}/edgewise.conf; }}"
        )
        command = [nginx, "-p", str(folder), "-c", str(main), "-e", str(folder / "error.log")]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False, timeout=60)
        assert tested.returncode == 0, tested.stderr
        self.process = subprocess.Popen([*command, "-g", "daemon off;"])
        give_up_at = monotonic() + 20
        while not is_open(self.port):
            assert monotonic() < give_up_at, (folder / "error.log").read_text()
            sleep(0.05)

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, str, dict[str, Any]]:
        """Status, content type, and what the JSON says."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.check_hostname = False  # it is asked for by an address
        connection = HTTPSConnection("127.0.0.1", self.port, context=context)
        headers = {"host": "crm.example.com", "authorization": "Bearer x", "content-type": "application/json"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        kind = answer.headers.get_content_type()
        return answer.status, kind, json.loads(content) if kind == "application/json" else {}

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, Server]]:
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        reason = "nginx or openssl is not installed: apt-get install nginx-light openssl"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("nginx")
    with Server(tmp_path_factory.mktemp("behind"), allowed_hosts=("crm.example.com",)) as server:
        running = Proxy(folder, nginx, urlsplit(server.url).netloc)
        try:
            yield running, server
        finally:
            running.close()


def test_nginx_passes_requests_on_and_hides_the_metrics(proxy: tuple[Proxy, Server]):
    behind, server = proxy
    assert behind.ask("GET", "/_edgewise/ready")[0] == 200
    made = behind.ask("POST", "/crm/objects/2026-03/contacts", b'{"properties": {"lastname": "Ada"}}')
    assert made[0] == 201
    assert behind.ask("GET", f"/crm/objects/2026-03/contacts/{made[2]['id']}")[0] == 200
    assert behind.ask("GET", "/_edgewise/metrics")[0] == 404
    with Crm(server.url, "documented") as direct:
        assert direct.get("/_edgewise/metrics").status_code == 200


def test_links_behind_nginx_are_those_of_its_clients(proxy: tuple[Proxy, Server]):
    behind, _ = proxy
    for name in (b"Ada", b"Bea"):
        behind.ask("POST", "/crm/objects/2026-03/contacts", b'{"properties": {"lastname": "%s"}}' % name)
    page = behind.ask("GET", "/crm/objects/2026-03/contacts?limit=1")[2]
    assert page["paging"]["next"]["link"].startswith("https://crm.example.com/crm/objects/2026-03/contacts?")


def test_a_body_that_is_a_little_too_large_is_refused_in_the_words_of_the_api(proxy: tuple[Proxy, Server]):
    behind, _ = proxy
    path = "/crm/objects/2026-03/contacts"
    status, kind, told = behind.ask("POST", path, b" " * (Settings().body_bytes_max + 1))
    assert (status, kind) == (413, "application/json")
    assert told["correlationId"]
    status, kind, told = behind.ask("POST", path, b" " * (10 * 1024 * 1024))
    assert (status, kind, told["status"]) == (413, "application/json", "error")


def test_nginx_answers_in_json_when_the_server_is_gone(tmp_path: Path, proxy: tuple[Proxy, Server]):
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert nginx is not None
    alone = Proxy(tmp_path, nginx, f"127.0.0.1:{free_port()}")
    try:
        status, kind, told = alone.ask("GET", "/crm/objects/2026-03/contacts")
    finally:
        alone.close()
    assert (status, kind, told["category"]) == (503, "application/json", "SERVICE_UNAVAILABLE")
