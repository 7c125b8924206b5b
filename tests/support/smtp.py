"""A mail server of a few lines, on a free port of this machine: it takes what it is given and keeps it."""

import asyncio
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self


class MailSink:
    """Runs on a thread of its own until its block ends.

    port: 0 for a free one. answers: False to take a connection and never say a word. extensions: what it offers.
    """

    def __init__(
        self, port: int = 0, answers: bool = True, extensions: tuple[str, ...] = (), host: str = "127.0.0.1"
    ) -> None:
        self.port = port
        self.messages: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.commands: list[str] = []
        self.is_reached = threading.Event()
        self._host = host
        self._answers = answers
        self._extensions = extensions
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._serve, self._host, self.port))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.is_reached.set()
            if not self._answers:
                await asyncio.Event().wait()
            writer.write(b"220 sink\r\n")
            while command := (await reader.readline()).decode().rstrip():
                self.commands.append(command)
                writer.write(await self._answer(command, reader, writer))
        finally:
            writer.close()

    async def _answer(
        self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes:
        verb = command.partition(" ")[0].upper()
        if verb == "EHLO":
            lines = ["sink", *self._extensions]
            return "".join(f"250{'-' if line is not lines[-1] else ' '}{line}\r\n" for line in lines).encode()
        if verb == "RCPT":
            self.receivers.append(command.partition("<")[2].rstrip(">"))
        if verb == "DATA":
            writer.write(b"354 go on\r\n")
            content = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.messages.append(message)
        return {"AUTH": b"235 welcome\r\n", "QUIT": b"221 bye\r\n"}.get(verb, b"250 fine\r\n")
