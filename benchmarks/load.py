"""Load by wrk: one thread, many connections, a script that writes each request."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import NamedTuple

from benchmarks.dataset import SHIFT, STRIDE, Dataset
from benchmarks.figures import Unmeasured
from benchmarks.machine import pinned_to
from benchmarks.servers import Server

HOW_TO_GET_WRK = """wrk is missing; it makes the load. To get it:
    Debian, Ubuntu:  sudo apt-get install wrk
    Fedora:          sudo dnf install wrk
    Alpine:          sudo apk add wrk"""

LIST_PATH = "/crm/v4/objects/contacts/%d/associations/companies"
PUT_PATH = "/crm/v4/objects/contacts/%d/associations/default/companies/%d"

_MARK = "figures of the run: "
_TIMEOUT_S = 60
_ERRORS = ("status", "connect", "read", "write", "timeout")

_LIST = Template(
    """\
local number = $first - 1
function request()
  number = number + 1
  local contact = number * $stride % $contacts
  return string.format("GET $path HTTP/1.1\\r\\n$headers\\r\\n", $first_contact + contact)
end
"""
)

_PUT = Template(
    """\
local number = $first - 1
function request()
  number = number + 1
  local contact = number * $stride % $contacts
  local turn = math.floor(number / $contacts)
  local company = 2 * ((contact * $shift + turn) % ($companies / 2)) + 1 - contact % 2
  return string.format("PUT $path HTTP/1.1\\r\\n$headers\\r\\n", $first_contact + contact, $first_company + company)
end
"""
)

DONE = """
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\n%s{"requests":%%d,"duration_us":%%d,"p50_us":%%d,"p99_us":%%d,' ..
    '"status":%%d,"connect":%%d,"read":%%d,"write":%%d,"timeout":%%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
""".replace("%s", _MARK).replace("%%", "%")

Script = Callable[[Server, int], str]
"""What wrk sends to a server, the first request with the given number."""


class Load(NamedTuple):
    """What one window of load came to; every request was answered 2xx."""

    requests: int
    duration_s: float
    p50_us: float
    p99_us: float

    @property
    def per_s(self) -> float:
        return self.requests / self.duration_s


def has_wrk() -> bool:
    """Whether load can be made here."""
    return shutil.which("wrk") is not None


def put_script(dataset: Dataset) -> Script:
    """PUT default: two existing records that are not linked yet, with every request."""
    return lambda server, first: _fill(_PUT, dataset, server, first, PUT_PATH, "Content-Length: 0\\r\\n")


def list_script(dataset: Dataset) -> Script:
    """GET list: another contact with every request, all over the database."""
    return lambda server, first: _fill(_LIST, dataset, server, first, LIST_PATH, "")


def run_wrk(
    server: Server, script: Script, first: int, seconds: int, connections: int, folder: Path, core: int | None
) -> Load:
    """Load a server for some time. Raises: Unmeasured when one request failed."""
    file = folder / "load.lua"
    file.write_text(script(server, first), "utf-8")
    url = f"http://127.0.0.1:{server.port}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(file), url]
    with pinned_to(core):
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    if ran.returncode != 0:
        raise Unmeasured(f"wrk failed: {ran.stderr.strip() or ran.stdout.strip()}")
    return parse(ran.stdout)


def parse(output: str) -> Load:
    """What wrk says at its end. Raises: Unmeasured when it saw an error, or any answer but 2xx."""
    _, mark, rest = output.rpartition(_MARK)
    if not mark:
        raise Unmeasured(f"wrk said nothing that is understood: {output.strip()[-500:]}")
    told = json.loads(rest.partition("\n")[0])
    errors = {name: told[name] for name in _ERRORS if told[name]}
    if errors or not told["requests"]:
        raise Unmeasured(
            f"of {told['requests']} requests some failed: {errors} (status: answers that are not 2xx)"
        )
    return Load(told["requests"], told["duration_us"] / 1e6, told["p50_us"], told["p99_us"])


def _fill(template: Template, dataset: Dataset, server: Server, first: int, path: str, headers: str) -> str:
    return (
        template.substitute(
            first=first,
            stride=STRIDE,
            shift=SHIFT,
            contacts=dataset.contacts,
            companies=dataset.companies,
            first_contact=dataset.contact_id(0),
            first_company=dataset.company_id(0),
            path=path,
            headers=f"Host: 127.0.0.1:{server.port}\\r\\nAuthorization: Bearer {server.token}\\r\\n"
            f"Accept: application/json\\r\\n{headers}",
        )
        + DONE
    )
