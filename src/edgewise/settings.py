"""Every option of the server once, with its unit and its default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from edgewise.wire.quirks import Profile

DEFAULT_PORTAL_ID = 1_000_001
"""The portal that tokens open until portals can be created."""

DEFAULT_PORT = 8765
QUERY_TIMEOUT_S = 10.0

LogFormat = Literal["auto", "console", "json", "off"]
Records = Literal["strict", "implicit"]
RateLimits = Literal["off", "tier"]
MetricsReaders = Literal["off", "loopback", "public"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server runs. Built by the command line, or by the code that embeds a server.

    database: `sqlite:///relative.db`, `sqlite:////absolute.db` or `memory://`.
    is_open: any bearer token opens the default portal; else only tokens that were created do.
    allowed_hosts: by which names, beside those of this machine, such an open server may be asked for.
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
    metrics: who may read the page of metrics: nobody, who asks from this machine and through no proxy, or anyone.
    connections_max: how many clients may be connected at a time; when all of them are at work, one more gets 503.
    head_timeout_s: how long the request line and headers may take to arrive. body_timeout_s: and then the body.
    body_pause_s: how long a client may pause within a body. answer_timeout_s: how long it may take to take an answer.
    keep_alive_s: how long a connection may be idle.
    head_bytes_max, headers_max, target_bytes_max: the largest request line with headers, the most headers, and the
    longest path with query that are read.
    body_bytes_max: the largest request body that is read.
    query_timeout_s: how long after a request came what it reads must be found; a search that takes longer gets 504.
    token_memory_s: how long a token that was let in is believed without asking the database: what a revocation takes.
    stop_timeout_s: how long a stopping server waits for the requests it accepted; reads are given up after a second.
    """

    database: str = "memory://"
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    is_open: bool = False
    allowed_hosts: Sequence[str] = ()
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
    metrics: MetricsReaders = "loopback"
    connections_max: int = 1_000
    head_timeout_s: float = 10.0
    body_timeout_s: float = 60.0
    body_pause_s: float = 10.0
    answer_timeout_s: float = 30.0
    keep_alive_s: float = 5.0
    head_bytes_max: int = 64 * 1024
    headers_max: int = 100
    target_bytes_max: int = 16 * 1024
    body_bytes_max: int = 8 * 1024 * 1024
    query_timeout_s: float = QUERY_TIMEOUT_S
    token_memory_s: float = 5.0
    stop_timeout_s: int = 3
