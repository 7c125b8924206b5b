"""HEAD is answered wherever GET is: the same status and headers, and no body. Source: RFC 9110, section 9.3.2."""

import re
from pathlib import Path

import pytest

from edgewise.surfaces.own import own_routes
from edgewise.wiring import routes
from tests.support.raw import Raw, head
from tests.support.server import Server

CHANGING = ("date", "x-hubspot-correlation-id")
PATHS = sorted(
    {
        re.sub(r"\{\w+\}", "contacts", route.path)
        for route in [*routes(), *own_routes()]
        if route.method == "GET"
    }
    | {"/_edgewise/health", "/_edgewise/openapi.json", "/crm/v3/objects/contacts", "/nowhere"}
)


@pytest.mark.parametrize("token", ["any", None])
def test_head_is_get_without_a_body(tmp_path: Path, token: str | None):
    with Server(tmp_path, database="memory://", has_sample_data=True) as server, Raw(server.url) as client:
        for path in PATHS:
            got = client.send(head("GET", path, token=token)).answer()
            client.send(head("HEAD", path, token=token) + head("GET", "/_edgewise/health"))
            asked, following = client.answer(has_body=False), client.answer()
            assert asked.status == got.status, path
            for name in {*got.headers, *asked.headers} - {*CHANGING, "set-cookie"}:
                assert asked.headers[name] == got.headers[name], (path, name)
            assert following.status == 200, "what follows is the next answer, so there was no body"


def test_head_is_offered_where_get_is_and_nowhere_else(tmp_path: Path):
    with Server(tmp_path, database="memory://") as server, Raw(server.url) as client:
        refused = client.send(head("PUT", "/crm/v3/objects/contacts")).answer()
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, POST")
        client.send(head("HEAD", "/crm/v3/objects/contacts/batch/read"))
        refused = client.answer(has_body=False)
        assert (refused.status, refused.headers["allow"]) == (405, "POST")
