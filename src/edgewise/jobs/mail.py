"""Sends mail through an SMTP server, on a thread."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from smtplib import SMTP

TIMEOUT_S = 20
_PORTS = {"smtp": 587, "smtps": 465}
_SPELLING = "smtp_url is smtp://user:password@host:port or smtps://user:password@host:port"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class BadAddress(ValueError):
    """An address of a mail server, or of a person, that cannot be one; the text tells no password."""


class NotEncrypted(Exception):
    """A mail server that wants a password and offers no encryption to send it under."""

    def __str__(self) -> str:
        return "the mail server offers no encryption, so the password was not sent"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. is_encrypted: from the first byte; else as soon as the server offers it."""

    host: str
    port: int
    is_encrypted: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_smtp_url(url: str) -> MailServer:
    """The server of `smtp://user:password@host:port`, or of `smtps://…`; user, password and port may be left out.

    Raises: BadAddress.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress(_SPELLING) from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise BadAddress(_SPELLING)
    user, password = (None if text is None else unquote(text) for text in (parts.username, parts.password))
    return MailServer(
        parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "smtps", user or None, password
    )


def require_address(text: str) -> str:
    """An address of a person. Raises: BadAddress."""
    local, at, domain = text.rpartition("@")
    if not (at and local and domain) or any(c.isspace() or not c.isprintable() for c in text):
        raise BadAddress(f"{text!r} is not a mail address")
    return text


class Mailer:
    """Mails from one address through one server."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server = server
        self._sender = sender

    async def send(self, to: str, subject: str, text: str, file_name: str, csv: str) -> None:
        """Send a text with a CSV file; done when the server has taken it over.

        Raises: NotEncrypted, and what smtplib, ssl and sockets raise.
        """
        await asyncio.to_thread(self._send, to, subject, text, file_name, csv)

    def _send(self, to: str, subject: str, text: str, file_name: str, csv: str) -> None:
        from email.message import EmailMessage
        from email.utils import formatdate, make_msgid

        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = to
        message["Subject"] = subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message.set_content(text)
        message.add_attachment(csv.encode(), maintype="text", subtype="csv", filename=file_name)
        with self._connect() as connection:
            connection.send_message(message)

    def _connect(self) -> SMTP:
        """A connection that may send: encrypted where that is possible, and logged in where there is a user."""
        import smtplib
        import ssl

        server, trusted = self._server, ssl.create_default_context()
        connection: SMTP
        if server.is_encrypted:
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=trusted)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        try:
            is_encrypted = server.is_encrypted
            connection.ehlo()
            if not is_encrypted and connection.has_extn("starttls"):
                connection.starttls(context=trusted)
                connection.ehlo()
                is_encrypted = True
            if server.user is not None:
                if not is_encrypted and server.host not in _LOOPBACK:
                    raise NotEncrypted
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection
