"""Mail is sent with three settings, or not at all; calls are counted where a setting says."""

import pytest

from edgewise.settings import Settings
from edgewise.wiring import UnusableSetting, build_mailer, build_throttle

MAIL = {
    "smtp_url": "smtp://ada:secret@mail.example.org",
    "mail_from": "crm@example.org",
    "report_mail_to": "user-{userId}@example.org",
}


def test_no_mail_is_sent_without_settings():
    assert build_mailer(Settings()) is None


def test_mail_is_sent_with_all_settings():
    assert build_mailer(Settings(**MAIL)) is not None


@pytest.mark.parametrize("missing", MAIL)
def test_a_setting_that_is_missing_is_named(missing: str):
    with pytest.raises(UnusableSetting, match=f"set {missing} too") as refused:
        build_mailer(Settings(**{**MAIL, missing: None}))
    assert "secret" not in str(refused.value)


def test_all_settings_that_are_missing_are_named():
    with pytest.raises(UnusableSetting, match="set mail_from and report_mail_to too"):
        build_mailer(Settings(smtp_url=MAIL["smtp_url"]))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("smtp_url", "ada:secret@mail.example.org"),
        ("mail_from", "nobody"),
        ("report_mail_to", "{userId}"),
        ("report_mail_to", "a@example.org\r\nBcc: b@example.org"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_without_telling_the_password(setting: str, value: str):
    with pytest.raises(UnusableSetting) as refused:
        build_mailer(Settings(**{**MAIL, setting: value}))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("store", ["redis://:secret@[x", "redis://:secret@host", "memcached://:secret@host"])
def test_a_store_of_rate_limits_that_cannot_be_used_is_refused_without_telling_the_password(store: str):
    with pytest.raises(UnusableSetting, match="redis://host:port/db") as refused:
        build_throttle(Settings(rate_limit="tier", rate_limit_store=store))
    assert "secret" not in str(refused.value)
