"""The npm package `@hubspot/api-client`, as it is: only its base path is set.

Each topic is a script in `tests/clients/node/`, made of steps that each have a sentence for a name.

Awkward parts, shown there: a batch that partly failed comes as another class, named …WithErrors; a batch of default
links that partly failed is thrown when its status is 207, since the document that the package is made of has no 207
there; ids in rows have the JSON type the server sent, whatever the class declares. The package asks for Node 22;
it works with 18 and 20 as well.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.clients.oauth_server import OAuthServer
from tests.support.crm import Crm
from tests.support.installed import NODE_LOCK, leave_out, require_node
from tests.support.oauth import CLIENT, PRIVATE_TOKEN, REDIRECT_URI, SCOPES, exchanged
from tests.support.server import ROOT

SCRIPTS = Path(__file__).parent / "node"
README = ROOT / "README.md"
BASE_URL = "http://127.0.0.1:8765"
PACKAGE = "@hubspot/api-client"
TOPICS = (
    "records",
    "links",
    "batches",
    "pages",
    "errors",
    "labels",
    "dated",
    "definitions",
    "limits",
    "v3",
    "tracking",
    "schemas",
    "properties",
)


def run_script(script: str, crm: Crm, *arguments: str) -> None:
    """Run a script and fail if one of its steps did, with all that it says of it."""
    require_node()
    command = ["node", SCRIPTS / f"{script}.mjs", crm.url, crm.profile, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        pytest.fail(f"{script}.mjs ended with {done.returncode}\n{done.stdout}{done.stderr}", pytrace=False)
    told: dict[str, str | None] = json.loads(done.stdout)
    assert told, "no step ran"
    failed = [f"{step}\n{failure}" for step, failure in told.items() if failure]
    if failed:
        pytest.fail("\n\n".join([*failed, done.stderr]), pytrace=False)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_step_of_a_topic_passes(live: Crm, topic: str):
    run_script(topic, live)


def test_the_whole_life_of_an_apps_tokens_passes(oauth_server: OAuthServer):
    expired = exchanged(oauth_server.url, oauth_server.code())["access_token"]
    oauth_server.expire(expired)
    app = {**CLIENT, "redirect_uri": REDIRECT_URI, "scopes": SCOPES, "private_token": PRIVATE_TOKEN}
    given = {"app": app, "code": oauth_server.code(), "expired": expired}
    with Crm(oauth_server.url, "documented") as crm:
        run_script("oauth", crm, json.dumps(given))


def test_the_line_of_the_readme_points_it_here(live_documented: Crm):
    (line,) = re.findall(rf"^\| Node, `{PACKAGE}` \| `(.+)` \|$", README.read_text("utf-8"), re.MULTILINE)
    assert BASE_URL in line
    run_script("readme", live_documented, line.replace(BASE_URL, live_documented.url))


def test_every_script_is_run():
    assert {file.stem for file in SCRIPTS.glob("*.mjs")} == {*TOPICS, "client", "oauth", "rates", "readme"}


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_what_is_missing_skips_a_test_and_fails_it_in_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="node is not on PATH"):
        leave_out("node is not on PATH")


def test_the_package_is_pinned_to_one_version():
    wanted = json.loads((SCRIPTS / "package.json").read_text("utf-8"))["dependencies"][PACKAGE]
    locked = json.loads(NODE_LOCK.read_text("utf-8"))["packages"][f"node_modules/{PACKAGE}"]
    assert wanted == locked["version"]
    assert re.fullmatch(r"14\.\d+\.\d+", wanted)


def test_the_lock_names_no_address_and_pins_every_package_by_hash():
    text = NODE_LOCK.read_text("utf-8")
    assert "://" not in text
    _, *packages = json.loads(text)["packages"].values()
    assert [each for each in packages if not each["integrity"].startswith("sha512-")] == []
