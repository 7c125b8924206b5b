"""The help names every command, shows how each is used, and says what the exit codes mean."""

import sys
from typing import get_args

import pytest

from edgewise import __version__, settings
from edgewise.cli import failures, options, portals
from edgewise.domain.accounts import Tier
from edgewise.http.auth import REMEMBERED_S
from edgewise.wire import quirks

COMMANDS = ("demo", "dev", "serve", "portal", "token", "jobs", "routes", "quirks", "openapi")
GROUPS = {"portal": ("create", "list", "show", "delete"), "token": ("create", "list", "revoke")}
OF_GROUPS = [(group, command) for group, commands in GROUPS.items() for command in commands]
CODES = {name: value for name, value in vars(failures).items() if name.isupper() and isinstance(value, int)}


def test_help_mentions_each_command(run):
    ran = run("--help")
    assert (ran.code, ran.err) == (0, "")
    assert all(f"\n  {command} " in ran.out for command in COMMANDS)


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", [*((name,) for name in COMMANDS if name not in GROUPS), *OF_GROUPS])
def test_the_help_of_a_command_has_an_example(run, command, option):
    ran = run(*command, option)
    assert ran.code == 0
    assert "Examples:\n" in ran.out
    assert f"    edgewise {' '.join(command)}" in ran.out


@pytest.mark.parametrize("group", GROUPS)
def test_the_help_of_a_group_mentions_each_of_its_commands(run, group):
    shown = run(group, "--help").out
    assert all(f"\n  {command} " in shown for command in GROUPS[group])


@pytest.mark.parametrize("code", sorted(CODES.values()))
def test_help_explains_every_exit_code(run, code):
    assert f"\n    {code:<4} " in run("--help").out


def test_no_command_is_wrong_usage_and_shows_the_help(run):
    ran = run()
    assert ran.code == failures.USAGE
    assert ran.out == ""
    assert "Commands:" in ran.err


def test_the_version_names_python_and_sqlite_too(run):
    ran = run("--version")
    assert ran.code == 0
    python = ".".join(map(str, sys.version_info[:3]))
    assert ran.out.startswith(f"Edgewise {__version__}, Python {python}, SQLite 3.")
    assert len(ran.out.splitlines()) == 1


def test_what_the_options_restate_is_what_the_settings_say():
    assert get_args(options.Profile) == get_args(quirks.Profile)
    assert get_args(options.Records) == get_args(settings.Records)
    assert get_args(options.LogFormat) == get_args(settings.LogFormat)
    assert options.DEFAULT_PORT == settings.DEFAULT_PORT


def test_what_the_portal_commands_restate_is_so(run):
    assert portals.FIRST_ID == settings.DEFAULT_PORTAL_ID + 1
    assert get_args(portals.TierName) == tuple(Tier)
    assert settings.Settings().token_memory_s == REMEMBERED_S == 5
    for command in (("token", "revoke"), ("portal", "delete")):
        assert "5 seconds" in " ".join(run(*command, "--help").out.split())
