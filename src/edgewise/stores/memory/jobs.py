"""The jobs that the memory store keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from edgewise.domain.jobs import Job, JobState, KeptJob, Made, NewJob

_OPEN = (JobState.WAITING, JobState.RUNNING)


class Jobs:
    """Jobs by id, and what those made that are done."""

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}
        self._contents: dict[int, str] = {}
        self._last_id = 0

    def add(self, new: NewJob) -> Job:
        self._last_id += 1
        job_id = self._last_id
        arguments = dict(new.arguments)
        job = Job(job_id, new.portal_id, new.kind, arguments, JobState.WAITING, 0, new.at, new.at)
        self._jobs[job_id] = job
        return job

    def take(self, at: int, lease_ms: int) -> Job | None:
        due = [job for job in self._jobs.values() if job.state in _OPEN and job.due_at <= at]
        if not due:
            return None
        first = min(due, key=lambda job: (job.due_at, job.job_id))
        taken = replace(first, state=JobState.RUNNING, attempts=first.attempts + 1, due_at=at + lease_ms)
        self._jobs[taken.job_id] = taken
        return taken

    def finish(self, job: Job, made: Made, at: int) -> bool:
        if not self._is_held(job):
            return False
        self._contents[job.job_id] = made.content
        self._jobs[job.job_id] = replace(
            job, state=JobState.DONE, finished_at=at, mailed_to=made.mailed_to, error=None
        )
        return True

    def fail(self, job: Job, error: str, at: int, retry_at: int | None) -> bool:
        if not self._is_held(job):
            return False
        failed = replace(job, error=error)
        self._jobs[job.job_id] = (
            replace(failed, state=JobState.FAILED, finished_at=at)
            if retry_at is None
            else replace(failed, state=JobState.WAITING, due_at=retry_at)
        )
        return True

    def list(self, portal_id: int | None) -> Sequence[Job]:
        return [job for job in self._jobs.values() if portal_id in (None, job.portal_id)]

    def remove_of(self, portal_id: int) -> int:
        before = len(self._jobs)
        self._jobs = {job_id: job for job_id, job in self._jobs.items() if job.portal_id != portal_id}
        self._contents = {job_id: text for job_id, text in self._contents.items() if job_id in self._jobs}
        return before - len(self._jobs)

    def read(self, portal_id: int, job_id: int) -> KeptJob | None:
        job = self._jobs.get(job_id)
        if job is None or job.portal_id != portal_id:
            return None
        return KeptJob(job, self._contents.get(job_id))

    def _is_held(self, job: Job) -> bool:
        """Whether the attempt is still that of the worker that took it."""
        now = self._jobs[job.job_id]
        return (now.state, now.attempts) == (JobState.RUNNING, job.attempts)
