"""Mail arrives as it was sent, and a password is told to nobody who may not have it."""

import sys

import pytest

from edgewise.jobs.mail import BadAddress, Mailer, MailServer, NotEncrypted, parse_smtp_url, require_address
from tests.support.smtp import MailSink


async def _send(sink: MailSink, user: str | None = None, host: str = "127.0.0.1") -> None:
    server = MailServer(host, sink.port, False, user, "secret" if user else None)
    await Mailer(server, "crm@example.org").send(
        "ada@example.org", "Hello Ädá", "See the file.\n", "report.csv", "a,b\r\nü,1\r\n"
    )


async def test_a_message_arrives_with_its_file():
    with MailSink() as sink:
        await _send(sink)
    (message,) = sink.messages
    assert (message["From"], message["To"], message["Subject"]) == (
        "crm@example.org",
        "ada@example.org",
        "Hello Ädá",
    )
    assert message["Date"]
    assert message["Message-ID"].endswith("@example.org>")
    assert sink.receivers == ["ada@example.org"]
    (attached,) = message.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/csv", "report.csv")
    assert attached.get_payload(decode=True) == "a,b\r\nü,1\r\n".encode()


async def test_a_user_is_logged_in_on_this_machine_without_encryption():
    with MailSink(extensions=("AUTH PLAIN",)) as sink:
        await _send(sink, user="ada")
    assert any(command.startswith("AUTH PLAIN") for command in sink.commands)
    assert len(sink.messages) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere this machine has the one address 127.0.0.1")
async def test_a_password_is_not_sent_to_another_machine_without_encryption():
    """Another address of this machine stands for another machine."""
    with (
        MailSink(extensions=("AUTH PLAIN",), host="127.0.0.2") as sink,
        pytest.raises(NotEncrypted, match="not sent"),
    ):
        await _send(sink, user="ada", host="127.0.0.2")
    assert not [command for command in sink.commands if command.startswith("AUTH")]


async def test_a_server_that_offers_encryption_is_asked_for_it():
    with MailSink(extensions=("STARTTLS",)) as sink, pytest.raises(OSError):  # the sink does not know how
        await _send(sink)
    assert "STARTTLS" in sink.commands
    assert sink.messages == []


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, False)),
        ("smtps://mail.example.org/", MailServer("mail.example.org", 465, True)),
        ("smtp://[::1]:2525", MailServer("::1", 2525, False)),
        (
            "smtps://ada%40example.org:p%3Aw%2F@mail.example.org:1465",
            MailServer("mail.example.org", 1465, True, "ada@example.org", "p:w/"),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(url: str, server: MailServer):
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://user:secret@host",
        "smtp://",
        "smtp://u:secret@host:99999",
        "smtp://u:secret@h/x",
    ],
)
def test_an_address_of_no_mail_server_is_refused_without_telling_the_password(url: str):
    with pytest.raises(BadAddress) as refused:
        parse_smtp_url(url)
    assert "secret" not in str(refused.value)
    assert "smtp://user:password@host:port" in str(refused.value)


def test_a_password_is_not_shown():
    assert "secret" not in repr(parse_smtp_url("smtp://ada:secret@host"))


@pytest.mark.parametrize(
    "text", ["", "ada", "@example.org", "ada@", "a b@example.org", "a@example.org\nBcc: b@x.y"]
)
def test_a_text_that_is_no_mail_address_is_refused(text: str):
    with pytest.raises(BadAddress):
        require_address(text)
    assert require_address("ada@example.org") == "ada@example.org"
