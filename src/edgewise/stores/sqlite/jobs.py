"""Jobs; the caller holds the transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from edgewise.domain.jobs import Job, JobState, KeptJob, Made, NewJob
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch


def add_job(cursor: Cursor, new: NewJob) -> Job:
    """Keep a job that is due at once."""
    bindings = new.portal_id, new.kind, json.dumps(dict(new.arguments)), new.at
    return _job(*fetch(cursor, QUERIES.add_job, bindings)[0])


def has_due_job(cursor: Cursor, at: int) -> bool:
    """Whether there is a job to take."""
    return bool(cursor.execute(QUERIES.has_due_job, (at,)).get)


def take_job(cursor: Cursor, at: int, lease_ms: int) -> Job | None:
    """Take the job that has been due the longest."""
    rows = fetch(cursor, QUERIES.take_job, (at, at + lease_ms))
    return _job(*rows[0]) if rows else None


def finish_job(cursor: Cursor, job: Job, made: Made, at: int) -> bool:
    """Keep what a job made."""
    bindings = job.portal_id, job.job_id, job.attempts, at, made.mailed_to, made.content
    return bool(fetch(cursor, QUERIES.finish_job, bindings))


def fail_job(cursor: Cursor, job: Job, error: str, at: int, retry_at: int | None) -> bool:
    """Note why an attempt failed."""
    after = (
        replace(job, state=JobState.FAILED, finished_at=at)
        if retry_at is None
        else replace(job, state=JobState.WAITING, due_at=retry_at)
    )
    held = job.portal_id, job.job_id, job.attempts
    return bool(fetch(cursor, QUERIES.fail_job, (*held, after.state, after.due_at, after.finished_at, error)))


def count_jobs(cursor: Cursor, at: int) -> Mapping[str, int]:
    """How many there are in each state."""
    return dict(fetch(cursor, QUERIES.count_jobs, (at,)))


def list_jobs(cursor: Cursor, portal_id: int | None) -> Sequence[Job]:
    """The jobs of one portal, or of all."""
    if portal_id is None:
        return [_job(*row) for row in fetch(cursor, QUERIES.list_all_jobs, ())]
    return [_job(*row) for row in fetch(cursor, QUERIES.list_jobs, (portal_id,))]


def read_job(cursor: Cursor, portal_id: int, job_id: int) -> KeptJob | None:
    """A job and what it made."""
    rows = fetch(cursor, QUERIES.read_job, (portal_id, job_id))
    return KeptJob(_job(*rows[0][:-1]), rows[0][-1]) if rows else None


def _job(
    job_id: int,
    portal_id: int,
    kind: str,
    arguments: str,
    state: str,
    attempts: int,
    created_at: int,
    due_at: int,
    finished_at: int | None,
    mailed_to: str | None,
    error: str | None,
) -> Job:
    times = created_at, due_at, finished_at
    identity = job_id, portal_id, kind, json.loads(arguments)
    return Job(*identity, JobState(state), attempts, *times, mailed_to, error)
