"""The pieces of the demo: requests one can paste, answers one can read, and a story that notices when it is wrong."""

import io
import json
import shlex
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from edgewise import demo

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda below: st.lists(below, max_size=5) | st.dictionaries(st.text(max_size=20), below, max_size=5),
    max_leaves=20,
)


@given(json_values)
def test_readable_json_is_the_same_json(value):
    assert json.loads(demo.readable(value)) == value


def test_what_fits_on_a_line_stands_on_one_line():
    assert demo.readable({"a": [1, {"b": None}], "c": {}}) == '{"a": [1, {"b": null}], "c": {}}'


def test_what_does_not_fit_is_broken_at_its_outermost_brackets():
    item = {"name": "x" * 60}
    assert demo.readable([item, item]) == f"[\n  {json.dumps(item)},\n  {json.dumps(item)}\n]"


@given(json_values)
def test_a_shell_takes_a_curl_apart_into_the_request(body):
    command, options = demo.curl("http://127.0.0.1:1", "POST", "/a?b=1&c=2", body)
    words = [word for word in shlex.split(command + options) if word != "\n"]
    assert words[:4] == ["curl", "-X", "POST", "http://127.0.0.1:1/a?b=1&c=2"]
    assert words[4:6] == ["-H", "Authorization: Bearer demo"]
    if body is not None:
        assert words[6:8] == ["-H", "Content-Type: application/json"]
        assert words[8] == "-d"
        assert json.loads(words[9]) == body


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = b'{"status": "error", "message": "internal error"}'
        self.send_response(500)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def refusing() -> Iterator[str]:
    """The address of a server that can do nothing."""
    server = HTTPServer(("127.0.0.1", 0), _Refusing)
    Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_story_ends_at_an_answer_it_does_not_expect(refusing):
    shown = io.StringIO()
    with pytest.raises(demo.Unexpected, match="answered with 500; the story says 201"):
        demo.tell_story(demo.Storyteller(refusing, Console(file=shown)))
    assert "1. Create a contact" in shown.getvalue()
    assert '"message": "internal error"' in shown.getvalue()
    assert "2." not in shown.getvalue()


def test_the_story_ends_when_nobody_answers(refusing):
    with pytest.raises(demo.Unexpected, match="no answer that can be read"):
        demo.call("http://127.0.0.1:1", "GET", "/", None)


def test_a_server_that_does_not_start_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'no such luck' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(demo.Unexpected, match="did not start:\nno such luck"), demo._server(tmp_path):
        pass
