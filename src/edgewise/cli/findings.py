"""What the doctor looks at: each function tells what it finds of one thing, and what to do about it."""

from __future__ import annotations

import os
import shutil
import stat
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from glob import escape
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from edgewise.domain.accounts import Account, App, Token

_WITH_SECRETS = ("smtp-url", "rate-limit-store")
_FREE_MIN = 50 * 2**20
_FREE_LOW = 500 * 2**20
_SHORT_MS = 90 * 86_400_000
_NAMED_MAX = 5
_GUESSED = (
    "", "0", "1", "12345", "123456", "abc", "admin", "any", "changeme", "default", "demo", "dev", "edgewise", "hubspot",
    "password", "pat-na1-00000000-0000-0000-0000-000000000000", "pat-na1-secret", "secret", "test", "token", "x",
)  # fmt: skip


class Level(StrEnum):
    """How bad it is: INFO is for the operator to judge."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """What was found of a thing. advice: what to do, empty where nothing is."""

    level: Level
    thing: str
    what: str
    advice: str = ""


def of_address(host: str, is_open: bool) -> Iterator[Finding]:
    """Who can reach the server, and what they read on the way."""
    if _is_loopback(host):
        yield Finding(Level.OK, "address", f"{host} is reached from this machine only")
        return
    if is_open:
        advice = "use edgewise serve, which asks for tokens, or listen on 127.0.0.1"
        what = f"any bearer token opens this server, and other machines reach {host}"
        yield Finding(Level.FAIL, "address", what, advice)
    yield Finding(
        Level.WARN,
        "address",
        f"other machines reach {host}, and the server speaks HTTP without TLS: tokens can be read on the way",
        "put a reverse proxy that speaks TLS in front, and listen on 127.0.0.1 where the proxy is on this machine",
    )


def of_user(of_what: str = "the server") -> Iterator[Finding]:
    """Who runs this: as the system's administrator a server could do anything to the machine."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        what = f"{of_what} runs as root, so whoever finds a hole in it has the whole machine"
        yield Finding(Level.WARN, "user", what, "run it as a user of its own, as the unit for systemd does")


def of_files(database: Path) -> Iterator[Finding]:
    """Who may read the database, its write-ahead log and its folder."""
    exposed = False
    for file in (
        database,
        *(database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")),
    ):
        if not file.exists():
            continue
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            exposed = True
            by = "everybody on this machine" if mode & 0o007 else "a group of users"
            level = Level.FAIL if mode & 0o007 else Level.WARN
            yield Finding(level, "files", f"{file} is open to {by} ({mode:04o})", f"chmod 600 {file}")
    if not exposed:
        yield Finding(Level.OK, "files", "only its owner reads and writes the database")
    folder = database.absolute().parent
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o022 and not mode & stat.S_ISVTX:
        level = Level.FAIL if mode & 0o002 else Level.WARN
        what = (
            f"others may put another file in place of the database: {folder} is writable to them ({mode:04o})"
        )
        yield Finding(level, "folder", what, f"chmod go-w {folder}")
    elif mode & 0o055:
        what = f"others may enter or list {folder} ({mode:04o}); a copy of the database made there may be open to them"
        yield Finding(
            Level.INFO, "folder", what, f"keep the database in a folder of its own: chmod 700 {folder}"
        )
    else:
        yield Finding(Level.OK, "folder", f"only its owner enters {folder}")


def of_kept(database: Path) -> Iterator[Finding]:
    """Databases that restores replaced and kept: they hold what was in them, tokens too."""
    kept = sorted(database.absolute().parent.glob(f"{escape(database.name)}.before-restore-*"))
    if kept:
        size = sum(file.stat().st_size for file in kept) / 2**20
        names = _first_few([file.name for file in kept])
        what = f"restores kept older databases beside this one, {size:,.1f} MiB: {names}"
        yield Finding(Level.INFO, "restores", what, "remove those that are not needed any more")


def of_config(file: Path | None) -> Iterator[Finding]:
    """Who may read passwords in the file of `--config`."""
    if file is None:
        return
    values = {key.replace("_", "-"): value for key, value in tomllib.loads(file.read_text("utf-8")).items()}
    secrets = [key for key in _WITH_SECRETS if _has_password(values.get(key))]
    mode = stat.S_IMODE(file.stat().st_mode)
    if secrets and mode & 0o077:
        level = Level.FAIL if mode & 0o007 else Level.WARN
        what = f"{file} holds the password of {' and '.join(secrets)}, and others may read it ({mode:04o})"
        yield Finding(level, "config", what, f"chmod 600 {file}, and change the password if it was seen")
    else:
        yield Finding(Level.OK, "config", f"{file} tells others no password")


def of_rates(rate_limit: str, store: str) -> Iterator[Finding]:
    """Whether calls are counted, and who may meddle with the counting."""
    if rate_limit == "off":
        what = "one client can take all that the server can do: calls are not counted"
        yield Finding(Level.WARN, "rate limits", what, "leave --rate-limit at tier")
    else:
        yield Finding(Level.OK, "rate limits", "calls are counted by the tier of the portal")
    parts = urlsplit(store)
    if parts.scheme not in ("redis", "rediss") or _is_loopback(parts.hostname or "localhost"):
        return
    if not parts.password:
        what = f"whoever reaches Redis on {parts.hostname} can lift every rate limit: it asks for no password"
        advice = (
            "give Redis a password, and name it in EDGEWISE_RATE_LIMIT_STORE=rediss://:PASSWORD@host:port/db"
        )
        yield Finding(Level.WARN, "redis", what, advice)
    elif parts.scheme == "redis":
        what = f"the password of Redis on {parts.hostname} is sent without TLS"
        yield Finding(Level.WARN, "redis", what, "use rediss:// where the network is not yours alone")


def of_metrics(readers: str) -> Iterator[Finding]:
    """Who may read how much the server has to do."""
    if readers == "public":
        yield Finding(
            Level.INFO,
            "metrics",
            "whoever reaches the server reads how many requests of which kind there are",
            "keep /_edgewise/metrics from strangers in the proxy, as deploy/nginx/edgewise.conf does",
        )
    else:
        what = {"loopback": "this machine alone reads the metrics", "off": "nobody reads the metrics"}
        yield Finding(Level.OK, "metrics", what[readers])


def of_promises(is_durable: bool, is_audited: bool) -> Iterator[Finding]:
    """What the server was told not to promise."""
    if not is_durable:
        yield Finding(
            Level.WARN, "durability", "a loss of power may undo answered writes", "leave --durability at full"
        )
    if not is_audited:
        yield Finding(Level.WARN, "audit log", "nobody can tell who changed what", "leave out --no-audit")


def of_disk(database: Path) -> Iterator[Finding]:
    """Whether there is room to go on."""
    total, _, free = shutil.disk_usage(database.absolute().parent)
    told = f"{free / 2**30:.1f} of {total / 2**30:.1f} GiB are free where the database is"
    advice = "make room, or move the database: when the disk is full, writes fail"
    if free < _FREE_MIN:
        yield Finding(Level.FAIL, "disk", told, advice)
    elif free < _FREE_LOW or free < total * 0.05:
        yield Finding(Level.WARN, "disk", told, advice)
    else:
        yield Finding(Level.OK, "disk", told)


def of_schema(version: int, program_version: int) -> Iterator[Finding]:
    """Whether program and database fit."""
    if not version:
        yield Finding(Level.FAIL, "schema", "this is not a database of Edgewise", "name another file")
    elif version < program_version:
        what = f"the database has schema version {version}, this program {program_version}"
        advice = "the next start of a server brings it up to date, for good: first make an edgewise backup"
        yield Finding(Level.WARN, "schema", what, advice)
    else:
        yield Finding(Level.OK, "schema", f"version {version}, as this program has it")


def of_tokens(tokens: Sequence[Token], at: int) -> Iterator[Finding]:
    """Tokens that can be guessed, that may do all for ever, and that are over. at: milliseconds since the epoch."""
    ended = [token for token in tokens if _is_over(token, at)]
    live = [token for token in tokens if not _is_over(token, at)]
    guesses = {sha256(text.encode()).digest(): text for text in _GUESSED}
    for token in live:
        if token.digest in guesses:
            what = f"token {token.token_id} is {guesses[token.digest]!r}, which anybody guesses"
            yield Finding(Level.FAIL, "tokens", what, f"edgewise token revoke {token.token_id}")
    own = [token for token in live if not token.app_id]
    whole = [token for token in own if token.scopes is None and not token.is_read_only]
    lasting = [token for token in own if token.expires_at is None]
    idle = [token for token in own if at - (token.last_used_at or token.created_at) > _SHORT_MS]
    trial = [token for token in own if token.name.lower() in ("dev", "demo", "test", "tmp")]
    for level, chosen, what, advice in (
        (
            Level.WARN,
            trial,
            "the name says it was for a trial",
            "revoke what is not needed: edgewise token revoke ID",
        ),
        (Level.INFO, whole, "it has every scope", "name what is needed: edgewise token create --scopes"),
        (Level.INFO, lasting, "it never expires", "let it end: edgewise token create --expires 90d"),
        (Level.INFO, idle, "not used for 90 days", "edgewise token revoke ID"),
        (Level.INFO, ended, "revoked or expired, and still in the list", ""),
    ):
        if chosen:
            yield Finding(level, "tokens", f"{what}: {_named(chosen)}", advice)
    yield Finding(Level.OK, "tokens", f"{len(live)} open a portal; the database has their SHA-256 only")


def of_apps(apps: Sequence[App]) -> Iterator[Finding]:
    """Apps whose secret can be guessed."""
    guesses = {sha256(text.encode()).digest() for text in _GUESSED}
    for app in apps:
        if app.secret_digest in guesses:
            advice = f"edgewise app rotate-secret {app.client_id}"
            yield Finding(
                Level.FAIL, "apps", f"the secret of app {app.app_id} is one that anybody guesses", advice
            )


def of_portals(accounts: Sequence[Account], tokens: Sequence[Token], at: int) -> Iterator[Finding]:
    """Portals that nobody can open."""
    live = Counter(token.portal_id for token in tokens if not _is_over(token, at))
    shut = [str(account.portal_id) for account in accounts if not live[account.portal_id]]
    if shut:
        told = _first_few(shut)
        advice = "edgewise token create --portal ID, or edgewise portal delete ID"
        yield Finding(Level.INFO, "portals", f"no token opens {told}", advice)


def of_damages(damages: Sequence[str]) -> Iterator[Finding]:
    """What a thorough look found broken."""
    for damage in damages:
        yield Finding(
            Level.FAIL,
            "integrity",
            " ".join(damage.split()),
            "stop the server, and bring back a backup: edgewise restore",
        )
    if not damages:
        yield Finding(Level.OK, "integrity", "the database was read whole, and nothing is broken")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _has_password(url: object) -> bool:
    return isinstance(url, str) and bool(urlsplit(url).password)


def _is_over(token: Token, at: int) -> bool:
    return token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= at)


def _named(tokens: Sequence[Token]) -> str:
    return f"token{'s' if len(tokens) > 1 else ''} {_first_few([str(token.token_id) for token in tokens])}"


def _first_few(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:_NAMED_MAX])
    return shown if len(texts) <= _NAMED_MAX else f"{shown} and {len(texts) - _NAMED_MAX:,} more"
