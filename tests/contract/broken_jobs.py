"""Stores with one planted fault each in what they count, and in how they hand out jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from edgewise.domain.jobs import Job, JobState, KeptJob, Made, NewJob
from edgewise.domain.usage import Degree, Threshold
from edgewise.stores.memory import portal
from tests.contract.broken_stores import BrokenStore


class CountsArchivedRecords(BrokenStore):
    async def count_records(self, portal_id: int) -> Mapping[int, int]:
        return {code: len(records) for code, records in self._portals[portal_id].records.items()}


class CountsRecordsOfEveryPortal(BrokenStore):
    async def count_records(self, portal_id: int) -> Mapping[int, int]:
        counts: dict[int, int] = {}
        for each in tuple(self._portals):
            for code, count in (await super().count_records(each)).items():
                counts[code] = counts.get(code, 0) + count
        return counts


class LooksForMoreThanTheThreshold(BrokenStore):
    async def crowded(self, portal_id: int, thresholds: Sequence[Threshold]) -> Sequence[Degree]:
        more = [each._replace(at_least=each.at_least + 1) for each in thresholds]
        return await super().crowded(portal_id, more)


class CountsPairsWhateverTheirTypes(BrokenStore):
    class Portal(portal.Portal):
        def crowded(self, thresholds: Iterable[Threshold]) -> list[Degree]:
            return [
                degree._replace(
                    targets=sum(
                        target.object_type == degree.target_type for target in self.links[degree.source]
                    )
                )
                for degree in super().crowded(thresholds)
            ]


class ListsCrowdedRecordsByIdAlone(BrokenStore):
    async def crowded(self, portal_id: int, thresholds: Sequence[Threshold]) -> Sequence[Degree]:
        return sorted(
            await super().crowded(portal_id, thresholds), key=lambda degree: degree.source.record_id
        )


class CountsFromEitherEnd(BrokenStore):
    class Portal(portal.Portal):
        def crowded(self, thresholds: Iterable[Threshold]) -> list[Degree]:
            sources = sorted({ref.object_type for ref in self.links})
            anywhere = [each._replace(source_type=code) for each in thresholds for code in sources]
            return super().crowded(anywhere)


class LeavesATakenJobToOthers(BrokenStore):
    async def take_job(self, at: int, lease_ms: int) -> Job | None:
        return await super().take_job(at, 0)


class TakesJobsThatAreNotDue(BrokenStore):
    async def take_job(self, at: int, lease_ms: int) -> Job | None:
        job = await super().take_job(at + lease_ms * 100, lease_ms)
        return job and replace(job, due_at=at + lease_ms)


class NeverTakesAJobOver(BrokenStore):
    async def take_job(self, at: int, lease_ms: int) -> Job | None:
        return await super().take_job(at, lease_ms * 1_000)


class TakesTheLatestJobFirst(BrokenStore):
    async def take_job(self, at: int, lease_ms: int) -> Job | None:
        jobs = self._jobs._jobs
        self._jobs._jobs = {key: replace(job, due_at=-job.due_at) for key, job in jobs.items()}
        taken = await super().take_job(at, lease_ms)
        self._jobs._jobs = {
            key: job if job == taken else replace(job, due_at=-job.due_at)
            for key, job in self._jobs._jobs.items()
        }
        return taken


class LetsALateWorkerFinish(BrokenStore):
    async def finish_job(self, job: Job, made: Made, at: int) -> bool:
        now = self._jobs._jobs[job.portal_id, job.job_id]
        return await super().finish_job(replace(job, attempts=now.attempts), made, at)


class KeepsTheErrorOfAFinishedJob(BrokenStore):
    async def finish_job(self, job: Job, made: Made, at: int) -> bool:
        is_kept = await super().finish_job(job, made, at)
        now = self._jobs._jobs[job.portal_id, job.job_id]
        self._jobs._jobs[job.portal_id, job.job_id] = replace(now, error=job.error)
        return is_kept


class TriesAGivenUpJobAgain(BrokenStore):
    async def fail_job(self, job: Job, error: str, at: int, retry_at: int | None) -> bool:
        is_noted = await super().fail_job(job, error, at, retry_at)
        now = self._jobs._jobs[job.portal_id, job.job_id]
        if now.state is JobState.FAILED:
            self._jobs._jobs[job.portal_id, job.job_id] = replace(now, state=JobState.WAITING)
        return is_noted


class ReadsJobsOfOtherPortals(BrokenStore):
    async def read_job(self, portal_id: int, job_id: int) -> KeptJob | None:
        jobs = [job for job in self._jobs._jobs.values() if job.job_id == job_id]
        return await super().read_job(jobs[0].portal_id, job_id) if jobs else None


class ListsJobsOfOtherPortals(BrokenStore):
    async def list_jobs(self, portal_id: int | None) -> Sequence[Job]:
        return await super().list_jobs(None)


class TellsOfTheFirstJobOnly(BrokenStore):
    async def add_job(self, job: NewJob) -> Job:
        added = await super().add_job(job)
        self._tell_of_job = None
        return added
