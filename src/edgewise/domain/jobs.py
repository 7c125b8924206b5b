"""Work that is done after the answer: what a job is, and what may become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

ATTEMPTS_MAX = 8
LEASE_MS = 120_000
"""How long a worker may take for a job before another one takes it over."""

_FIRST_RETRY_MS = 2_000
_RETRY_MS_MAX = 3_600_000


class JobState(StrEnum):
    """Where a job is: it waits for its first or next attempt, is being done, is done, or is given up."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to do. kind: which work. arguments: what it needs, as JSON has it. at: milliseconds since the epoch."""

    portal_id: int
    kind: str
    arguments: Mapping[str, str | int]
    at: int


@dataclass(frozen=True, slots=True)
class Job:
    """Work that was accepted. Times are milliseconds since the epoch.

    job_id: counted within the portal. attempts: how often a worker took it. due_at: when a worker may take it; while
    it runs, when it may be taken over. mailed_to: who got what it made. error: why the last attempt failed.
    """

    job_id: int
    portal_id: int
    kind: str
    arguments: Mapping[str, str | int]
    state: JobState
    attempts: int
    created_at: int
    due_at: int
    finished_at: int | None = None
    mailed_to: str | None = None
    error: str | None = None


class Made(NamedTuple):
    """What a job made: a text, and who it was mailed to."""

    content: str
    mailed_to: str | None = None


class KeptJob(NamedTuple):
    """A job and what it made, once it is done."""

    job: Job
    content: str | None


def retry_at(attempts: int, at: int) -> int | None:
    """When a job is tried again that failed for the `attempts`-th time, or None to give it up.

    After 2 s, 8 s and so on, an hour at most: one and three quarter hours in all, so that a mail server may be mended.
    """
    if attempts >= ATTEMPTS_MAX:
        return None
    return at + min(_FIRST_RETRY_MS << 2 * (attempts - 1), _RETRY_MS_MAX)
