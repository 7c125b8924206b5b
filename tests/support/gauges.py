"""What a process costs and a database holds, read from outside."""

from __future__ import annotations

import hashlib
from pathlib import Path
from time import monotonic, sleep

import apsw

from benchmarks.machine import cpu_s

_PAUSE_S = 0.2
_QUIET = 0.3
_PATIENCE_S = 20


def resident_bytes(pid: int) -> int:
    """How much memory a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    (kibibytes,) = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kibibytes) * 1024


def fingerprint(database: Path, portal_id: int) -> str:
    """A digest of every row of a portal, in whatever table: another one when anything of it changed."""
    digest = hashlib.sha256()
    connection = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        for (table,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"
        ).fetchall():
            columns = [
                name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
            ]
            column = "portal_id" if "portal_id" in columns else "id" if table == "portal" else None
            if column is not None:
                rows = connection.execute(f'SELECT * FROM "{table}" WHERE {column} = ?', (portal_id,))
                digest.update(repr((table, sorted(map(repr, rows)))).encode())
    finally:
        connection.close()
    return digest.hexdigest()


def await_quiet(pid: int) -> None:
    """Until a process has little to do. Raises: TimeoutError when it never has."""
    give_up_at = monotonic() + _PATIENCE_S
    while True:
        before, began = cpu_s(pid), monotonic()
        sleep(_PAUSE_S)
        if cpu_s(pid) - before < _QUIET * (monotonic() - began):
            return
        if monotonic() > give_up_at:
            raise TimeoutError("the server is never quiet")
