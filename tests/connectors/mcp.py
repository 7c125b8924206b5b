"""A client of an MCP server that speaks over its standard input and output: JSON-RPC, one message a line."""

import json
import select
import subprocess
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Self

ANSWER_S = 30
PROTOCOL = "2025-06-18"


class McpServer:
    """An MCP server from its greeting until its block ends."""

    def __init__(self, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> None:
        self._ids = count(1)
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        about = {"name": "tests", "version": "1"}
        self._ask("initialize", {"protocolVersion": PROTOCOL, "capabilities": {}, "clientInfo": about})
        self._send({"method": "notifications/initialized"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def tools(self) -> list[str]:
        """The names of its tools."""
        return [tool["name"] for tool in self._ask("tools/list", {})["tools"]]

    def call(self, tool: str, **arguments: Any) -> Any:
        """Call a tool; answers the JSON that it tells last. Raises: AssertionError when it tells of an error."""
        result = self._ask("tools/call", {"name": tool, "arguments": arguments})
        text: str = result["content"][-1]["text"]
        assert not result.get("isError"), text
        return json.loads(text[text.index("{") :])

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        while (message := self._receive()).get("id") != number:
            pass
        assert "error" not in message, message["error"]
        return message["result"]

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def _receive(self) -> Any:
        output = self._process.stdout
        assert output is not None
        is_ready, _, _ = select.select([output], [], [], ANSWER_S)
        line = output.readline() if is_ready else b""
        assert line, "the MCP server ended, or told nothing in time"
        return json.loads(line)
