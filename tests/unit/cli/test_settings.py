"""Where an option comes from: a flag, else the environment, else the file of --config, else its default."""

import pytest

from edgewise.cli import failures
from edgewise.settings import Settings


def test_dev_is_open_quick_and_has_a_sample(settings_of):
    assert settings_of("dev") == Settings(
        database="sqlite:///.edgewise/dev.db",
        port=8765,
        is_open=True,
        is_durable=False,
        is_audited=False,
        has_sample_data=True,
    )


def test_serve_is_strict_durable_and_empty_and_has_rates(settings_of):
    assert settings_of("serve", "--database", "sqlite:////tmp/crm.db") == Settings(
        database="sqlite:////tmp/crm.db", rate_limit="tier"
    )


def test_serve_may_trade_durability_for_speed(settings_of):
    assert not settings_of("serve", "--database", "sqlite:///crm.db", "--durability", "normal").is_durable


def test_serve_keeps_who_changed_what_unless_told_otherwise(settings_of, monkeypatch):
    database = ("--database", "sqlite:///crm.db")
    assert not settings_of("serve", *database, "--no-audit").is_audited
    monkeypatch.setenv("EDGEWISE_AUDIT", "0")
    assert not settings_of("serve", *database).is_audited
    assert settings_of("serve", *database, "--audit").is_audited


def test_dev_makes_the_folder_of_its_data_and_keeps_it_out_of_version_control(settings_of, tmp_path):
    settings_of("dev")
    assert (tmp_path / ".edgewise/.gitignore").read_text() == "*\n"


@pytest.mark.parametrize("arguments", [("--ephemeral",), ("--data", "crm.db")])
def test_dev_makes_no_folder_that_it_does_not_use(settings_of, tmp_path, arguments):
    settings_of("dev", *arguments)
    assert not (tmp_path / ".edgewise").exists()


def test_dev_keeps_its_data_where_it_is_told(settings_of):
    assert settings_of("dev", "--data", "crm.db").database == "sqlite:///crm.db"
    assert settings_of("dev", "--data", "/var/crm.db").database == "sqlite:////var/crm.db"
    assert settings_of("dev", "--ephemeral").database == "memory://"


def test_every_option_reaches_the_settings(settings_of):
    options = "--port 0 --host ::1 --profile observed --records implicit --log-format json"
    limits = "--association-limit 9 --labels-per-pair 7"
    rates = "--rate-limit tier --rate-limit-store redis://localhost:6379/1"
    patience = "--connections-max 40 --head-timeout 3 --body-timeout 7.5 --keep-alive 65 --query-timeout 2"
    mail = "--smtp-url smtp://mail --mail-from a@x.y --report-mail-to b@x.y"
    hosts = "--allow-host crm.test --allow-host mac"
    quirks = "--quirk record_ids=string --quirk labelled_write=append"
    assert settings_of(
        "dev",
        "--ephemeral",
        *options.split(),
        *limits.split(),
        *rates.split(),
        *patience.split(),
        *mail.split(),
        *quirks.split(),
        *hosts.split(),
        "--audit",
    ) == Settings(
        host="::1",
        port=0,
        is_open=True,
        allowed_hosts=("crm.test", "mac"),
        is_durable=False,
        has_sample_data=True,
        profile="observed",
        quirks={"record_ids": "string", "labelled_write": "append"},
        records="implicit",
        association_limit=9,
        labels_per_pair_max=7,
        log_format="json",
        smtp_url="smtp://mail",
        mail_from="a@x.y",
        report_mail_to="b@x.y",
        rate_limit="tier",
        rate_limit_store="redis://localhost:6379/1",
        connections_max=40,
        head_timeout_s=3.0,
        body_timeout_s=7.5,
        keep_alive_s=65.0,
        query_timeout_s=2.0,
    )


def test_a_flag_comes_before_the_environment_and_that_before_the_file(settings_of, tmp_path, monkeypatch):
    file = tmp_path / "edgewise.toml"
    file.write_text('port = 1\nhost = "::1"\nrecords = "implicit"\nlog-format = "json"\n')
    monkeypatch.setenv("EDGEWISE_PORT", "2")
    monkeypatch.setenv("EDGEWISE_HOST", "0.0.0.0")
    found = settings_of("dev", "--ephemeral", "--config", str(file), "--port", "3")
    assert (found.port, found.host, found.records, found.log_format) == (3, "0.0.0.0", "implicit", "json")


def test_everything_may_come_from_the_environment(settings_of, tmp_path, monkeypatch):
    (tmp_path / "edgewise.toml").write_text('database = "sqlite:///crm.db"\nquirk = ["record_ids=number"]\n')
    monkeypatch.setenv("EDGEWISE_CONFIG", "edgewise.toml")
    monkeypatch.setenv("EDGEWISE_DURABILITY", "normal")
    found = settings_of("serve")
    assert (found.database, found.is_durable) == ("sqlite:///crm.db", False)
    assert found.quirks == {"record_ids": "number"}


def test_one_file_may_serve_both_commands(settings_of, tmp_path):
    (tmp_path / "edgewise.toml").write_text('database = "sqlite:///crm.db"\nephemeral = true\nport = 5\n')
    assert settings_of("serve", "--config", "edgewise.toml").port == 5
    assert settings_of("dev", "--config", "edgewise.toml").database == "memory://"


def test_the_port_that_kubernetes_sets_beside_a_service_is_not_ours(settings_of, monkeypatch):
    monkeypatch.setenv("EDGEWISE_PORT", "tcp://10.0.0.7:8765")
    assert settings_of("dev", "--ephemeral").port == 8765


BAD_FILES = {
    "prot = 1": "did you mean port?",
    "frobnicate = 1": "the options are",
    "config = 'other.toml'": "no option is named config",
    "[serve]\nport = 1": "no option is named serve",
    "port = {low = 1}": "port is a table",
    "port = ": "is not TOML",
    "port = 'many'": "That value comes from the file",
    "log-format = 'xml'": "That value comes from the file",
}


@pytest.mark.parametrize("text", BAD_FILES)
def test_a_bad_file_is_bad_configuration_and_says_why(run, tmp_path, text):
    file = tmp_path / "edgewise.toml"
    file.write_text(text)
    ran = run("dev", "--ephemeral", "--config", str(file))
    assert ran.code == failures.BAD_CONFIG
    assert BAD_FILES[text] in ran.err
    assert str(file) in ran.err


def test_a_file_that_is_not_there_is_bad_configuration(run):
    ran = run("dev", "--config", "nowhere.toml")
    assert ran.code == failures.BAD_CONFIG
    assert "cannot read nowhere.toml" in ran.err


def test_a_bad_environment_is_bad_configuration_and_names_the_variable(run, monkeypatch):
    monkeypatch.setenv("EDGEWISE_LOG_FORMAT", "xml")
    ran = run("dev", "--ephemeral")
    assert ran.code == failures.BAD_CONFIG
    assert "EDGEWISE_LOG_FORMAT" in ran.err


def test_the_mail_server_comes_from_the_environment_and_is_not_shown(settings_of, monkeypatch):
    monkeypatch.setenv("EDGEWISE_SMTP_URL", "smtp://ada:secret@mail")
    found = settings_of("dev", "--ephemeral")
    assert found.smtp_url == "smtp://ada:secret@mail"
    assert "secret" not in repr(found)


def test_the_store_of_rate_limits_comes_from_the_environment_and_is_not_shown(settings_of, monkeypatch):
    monkeypatch.setenv("EDGEWISE_RATE_LIMIT_STORE", "redis://:secret@redis:6379/0")
    found = settings_of("serve", "--database", "sqlite:///crm.db")
    assert found.rate_limit_store == "redis://:secret@redis:6379/0"
    assert "secret" not in repr(found)
