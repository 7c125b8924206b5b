"""What reports ask of the store."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.jobs import Job, KeptJob, NewJob
from edgewise.domain.ports import Store
from edgewise.wire.messages import Call


async def order(store: Store, call: Call, command: NewJob) -> Job:
    """Keep what is to be done; a worker does it."""
    return await store.add_job(command)


async def list_reports(store: Store, call: Call, command: None) -> Sequence[Job]:
    """The jobs of the portal."""
    return await store.list_jobs(call.portal.portal_id)


async def fetch(store: Store, call: Call, job_id: int) -> KeptJob | None:
    """One job of the portal, and what it made."""
    return await store.read_job(call.portal.portal_id, job_id)
