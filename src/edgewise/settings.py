"""Every option of the server once, with its unit and its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from edgewise.wire.quirks import Profile

DEFAULT_PORTAL_ID = 1_000_001
"""The portal that tokens open until portals can be created."""

DEFAULT_PORT = 8765

LogFormat = Literal["auto", "console", "json", "off"]
Records = Literal["strict", "implicit"]
RateLimits = Literal["off", "tier"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server runs. Built by the command line, or by the code that embeds a server.

    database: `sqlite:///relative.db`, `sqlite:////absolute.db` or `memory://`.
    is_open: any bearer token opens the default portal; else only tokens that were created do.
    is_durable: an acknowledged write survives a power cut (fsync on every commit), not only a crash of the server.
    is_audited: who changed what is kept in the audit log.
    records: refuse links to records that do not exist, or make them on first mention.
    association_limit: the account's own limit of targets of a record, which the limits that it sets must be below.
    labels_per_pair_max: how many labels two object types may have between them.
    smtp_url: the mail server that reports are handed to, `smtp://user:password@host:port` or `smtps://…`; a secret.
    mail_from, report_mail_to: the addresses that reports are mailed from and to; `{userId}` in the latter stands for
    the id of who asked. All three are set, or none: then reports are kept only.
    rate_limit: count calls as the tier of the account says, or only those of a token that has a limit of its own.
    rate_limit_store: where they are counted, `memory://` or `redis://host:port/db`; it may hold a password.
    body_bytes_max: the largest request body that is read.
    token_memory_s: how long a token that was let in is believed without asking the database: what a revocation takes.
    stop_timeout_s: how long a stopping server waits for the requests it accepted.
    """

    database: str = "memory://"
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    is_open: bool = False
    is_durable: bool = True
    is_audited: bool = True
    has_sample_data: bool = False
    profile: Profile = "documented"
    quirks: Mapping[str, str] = field(default_factory=dict)
    records: Records = "strict"
    association_limit: int = 50_000
    labels_per_pair_max: int = 50
    log_format: LogFormat = "auto"
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    report_mail_to: str | None = None
    rate_limit: RateLimits = "off"
    rate_limit_store: str = field(default="memory://", repr=False)
    body_bytes_max: int = 8 * 1024 * 1024
    token_memory_s: float = 5.0
    stop_timeout_s: int = 30
