"""The jobs that the memory store keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from edgewise.domain.jobs import Job, JobState, KeptJob, Made, NewJob


def is_due(job: Job, at: int) -> bool:
    """Whether it waits for a worker and for nothing else."""
    return job.state is JobState.WAITING and job.due_at <= at


_OPEN = (JobState.WAITING, JobState.RUNNING)


Key = tuple[int, int]
"""Portal and id."""


def _key(job: Job) -> Key:
    return job.portal_id, job.job_id


class Jobs:
    """Jobs, and what those made that are done."""

    def __init__(self) -> None:
        self._jobs: dict[Key, Job] = {}
        self._contents: dict[Key, str] = {}

    def add(self, new: NewJob) -> Job:
        job_id = 1 + max((job.job_id for job in self.list(new.portal_id)), default=0)
        arguments = dict(new.arguments)
        job = Job(job_id, new.portal_id, new.kind, arguments, JobState.WAITING, 0, new.at, new.at)
        self._jobs[_key(job)] = job
        return job

    def take(self, at: int, lease_ms: int) -> Job | None:
        due = [job for job in self._jobs.values() if job.state in _OPEN and job.due_at <= at]
        if not due:
            return None
        first = min(due, key=lambda job: (job.due_at, job.created_at, job.portal_id, job.job_id))
        taken = replace(first, state=JobState.RUNNING, attempts=first.attempts + 1, due_at=at + lease_ms)
        self._jobs[_key(taken)] = taken
        return taken

    def finish(self, job: Job, made: Made, at: int) -> bool:
        if not self._is_held(job):
            return False
        self._contents[_key(job)] = made.content
        self._jobs[_key(job)] = replace(
            job, state=JobState.DONE, finished_at=at, mailed_to=made.mailed_to, error=None
        )
        return True

    def fail(self, job: Job, error: str, at: int, retry_at: int | None) -> bool:
        if not self._is_held(job):
            return False
        failed = replace(job, error=error)
        self._jobs[_key(job)] = (
            replace(failed, state=JobState.FAILED, finished_at=at)
            if retry_at is None
            else replace(failed, state=JobState.WAITING, due_at=retry_at)
        )
        return True

    def count(self, at: int) -> Mapping[str, int]:
        return Counter("due" if is_due(job, at) else job.state.value for job in self._jobs.values())

    def list(self, portal_id: int | None) -> Sequence[Job]:
        jobs = [job for job in self._jobs.values() if portal_id in (None, job.portal_id)]
        if portal_id is not None:
            return sorted(jobs, key=lambda job: job.job_id)
        return sorted(jobs, key=lambda job: (job.created_at, job.portal_id, job.job_id))

    def remove_of(self, portal_id: int, jobs_max: int) -> int:
        """Remove at most so many jobs of a portal, and what they made; answers how many."""
        keys = [_key(job) for job in self.list(portal_id)[:jobs_max]]
        for key in keys:
            del self._jobs[key]
            self._contents.pop(key, None)
        return len(keys)

    def read(self, portal_id: int, job_id: int) -> KeptJob | None:
        job = self._jobs.get((portal_id, job_id))
        return None if job is None else KeptJob(job, self._contents.get((portal_id, job_id)))

    def _is_held(self, job: Job) -> bool:
        """Whether the attempt is still that of the worker that took it."""
        now = self._jobs.get(_key(job))
        return now is not None and (now.state, now.attempts) == (JobState.RUNNING, job.attempts)
