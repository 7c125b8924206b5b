"""What can go wrong has its exit code, a line that says what to do, and no traceback."""

import sys
from contextlib import closing

import apsw
import pytest

from edgewise import demo
from edgewise.cli import failures

USAGE = {
    ("frobnicate",): "No such command 'frobnicate'",
    ("sevre",): "Did you mean 'serve'?",
    ("dev", "--prot", "1"): "No such option: --prot",
    ("dev", "--port", "65536"): "--port",
    ("dev", "--port", "many"): "--port",
    ("dev", "--profile", "both"): "--profile",
    ("dev", "--data", "x.db", "--ephemeral"): "exclude each other",
    ("serve",): "--database",
    ("token",): "Missing command",
    ("portal",): "Missing command",
    ("portal", "show", "--database", "sqlite:///crm.db"): "Missing argument 'ID'",
    ("token", "revoke", "one", "--database", "sqlite:///crm.db"): "'one' is not a valid int",
    ("quirks", "--profile", "both"): "--profile",
}
BAD_CONFIG = {
    ("dev", "--ephemeral", "--quirk", "nonsense=1"): "no quirk is named 'nonsense'",
    ("dev", "--ephemeral", "--quirk", "record_ids=word"): "record_ids is one of string, number",
    ("dev", "--ephemeral", "--quirk", "record_ids"): "--quirk takes NAME=CHOICE",
    ("dev", "--ephemeral", "--host", "192.0.2.1"): "cannot listen on 192.0.2.1 port 8765",
    ("dev", "--ephemeral", "--host", "203.0.113.1"): ": that is not an address of this machine\n",
    ("dev", "--ephemeral", "--host", "a..b"): "cannot listen on a..b",
    ("dev", "--port", "0", "--data", "no/such/folder/crm.db"): "the folder of the database does not exist",
    ("serve", "--port", "0", "--database", "mysql://crm"): "'mysql://crm' is not a database address",
    ("serve", "--port", "0", "--database", "crm.db"): "'crm.db' is not a database address",
    ("serve", "--port", "0", "--database", "sqlite:///:memory:"): "one in memory is memory://",
    ("serve", "--port", "0", "--database", "sqlite:///"): "'sqlite:///' is not a database address",
    ("serve", "--port", "0", "--database", "sqlite://crm.db"): "'sqlite://crm.db' is not a database address",
    ("serve", "--port", "0", "--database", "sqlite:///."): ". is not a file; name a file, as crm.db",
    ("serve", "--port", "0", "--database", "sqlite:////"): "/ is not a file; name a file, as /crm.db",
    ("serve", "--port", "0", "--database", "sqlite:////dev/null"): "/dev/null is not a file",
    (
        "serve",
        "--port",
        "0",
        "--database",
        "sqlite:///crm.db?mode=ro",
    ): "it names a file, and takes no options",
    ("serve", "--port", "0", "--database", "sqlite:///file:crm.db"): "it names a file, and takes no options",
    (
        "serve",
        "--port",
        "0",
        "--database",
        "sqlite:///no/crm.db",
    ): "the folder of the database does not exist: no",
    (
        "serve",
        "--port",
        "0",
        "--database",
        "sqlite:///../no/crm.db",
    ): "the folder of the database does not exist",
    ("serve", "--port", "0", "--database", f"sqlite:///{'x' * 300}/crm.db"): "File name too long",
    ("doctor", "--database", "sqlite:///:memory:"): "one in memory is memory://",
    ("token", "create", "--database", "sqlite:///."): ". is not a file",
    ("serve", "--port", "0", "--database", "memory://"): "edgewise dev --ephemeral",
    ("token", "create", "--database", "memory://"): "gone with this command",
    ("portal", "create", "--database", "memory://"): "gone with this command",
    ("portal", "list", "--database", "mysql://crm"): "'mysql://crm' is not a database address",
    ("token", "create", "--database", "crm.db"): "'crm.db' is not a database address",
}


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_usage(run, arguments):
    ran = run(*arguments)
    assert ran.code == failures.USAGE
    assert USAGE[arguments] in ran.err
    assert ran.err.startswith("error: ")
    assert ran.out == ""


@pytest.mark.parametrize("arguments", BAD_CONFIG, ids=" ".join)
def test_bad_configuration(run, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == failures.BAD_CONFIG
    assert BAD_CONFIG[arguments] in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.out == ""


@pytest.mark.parametrize(
    "command", [("token", "create"), ("portal", "list"), ("serve", "--port", "0")], ids=" ".join
)
def test_a_file_that_is_no_database(run, command, tmp_path):
    file = tmp_path / "crm.db"
    file.write_text("Dear diary, " * 1000)
    ran = run(*command, "--database", f"sqlite:///{file}")
    assert ran.code == failures.UNREACHABLE
    assert ran.err == f"error: sqlite:///{file}: the file is not a database of SQLite; name another file\n"
    assert file.read_text() == "Dear diary, " * 1000


@pytest.mark.parametrize(
    "command", [("token", "create"), ("portal", "list"), ("serve", "--port", "0")], ids=" ".join
)
def test_a_database_of_another_program(run, command, tmp_path):
    file = tmp_path / "other.db"
    with closing(apsw.Connection(str(file))) as connection:
        connection.execute("PRAGMA journal_mode=WAL; CREATE TABLE bookmark (url)").fetchall()
    before = file.read_bytes()
    ran = run(*command, "--database", f"sqlite:///{file}")
    assert ran.code == failures.UNREACHABLE
    assert (
        ran.err == f"error: sqlite:///{file}: the file is a database of another program; name another file\n"
    )
    assert (file.read_bytes(), [*tmp_path.iterdir()]) == (before, [file]), "and it is left as it was"


def test_a_missing_package_is_named(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "apsw", None)
    ran = run("--version")
    assert ran.code == failures.MISSING_DEPENDENCY
    assert "apsw is missing" in ran.err


def test_a_demo_that_does_not_go_as_told_has_failed(run, monkeypatch):
    def fail(is_once):
        raise demo.Unexpected("the story went another way")

    monkeypatch.setattr(demo, "run_demo", fail)
    ran = run("demo", "--once")
    assert ran.code == failures.FAILED
    assert ran.err == "error: the story went another way\n"


def test_ctrl_c_has_a_code_of_its_own(run, monkeypatch):
    def interrupt(is_once):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "run_demo", interrupt)
    assert run("demo").code == failures.INTERRUPTED


def test_a_fault_of_the_program_is_not_hidden(run, monkeypatch):
    def fail(is_once):
        raise ZeroDivisionError

    monkeypatch.setattr(demo, "run_demo", fail)
    with pytest.raises(ZeroDivisionError):
        run("demo")
