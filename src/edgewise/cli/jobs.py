"""The verb that lists the jobs of a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edgewise.cli.failures import BadConfig, Unreachable, using_database
from edgewise.cli.options import DatabaseOption, JsonOption
from edgewise.cli.terminal import columns, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgewise.domain.jobs import Job

_HEADING = ("ID", "PORTAL", "KIND", "STATE", "ATTEMPTS", "CREATED", "FINISHED", "ERROR")


def jobs(
    database: DatabaseOption,
    as_json: JsonOption = False,
    portal: Annotated[int | None, typer.Option(min=1, metavar="ID", help="Of one portal only.")] = None,
) -> None:
    """List the jobs of a database, such as reports.

    A server may use the database meanwhile; it is the one that does them.
    """
    import asyncio
    import json

    from edgewise.wiring import open_store

    if database.startswith("memory:"):
        raise BadConfig("jobs in memory are gone with this command; name the database of the server")
    store = open_store(database)
    if not Path(database.partition("://")[2][1:]).exists():
        raise Unreachable(f"{database}: there is no such database")

    async def read() -> Sequence[Job]:
        try:
            await store.start()
            return await store.list_jobs(portal)
        finally:
            await store.close()

    with using_database(database):
        found = asyncio.run(read())
    if as_json:
        typer.echo(json.dumps([_as_json(job) for job in found], indent=2))
    elif found:
        typer.echo(columns([_HEADING, *map(_row, found)]))
    else:
        tell("There are no jobs." if portal is None else f"Portal {portal} has no jobs.")


def _as_json(job: Job) -> dict[str, Any]:
    return {
        "id": job.job_id,
        "portalId": job.portal_id,
        "kind": job.kind,
        "state": job.state.value,
        "attempts": job.attempts,
        "createdAt": _moment(job.created_at),
        "finishedAt": _moment(job.finished_at),
        "error": job.error,
    }


def _row(job: Job) -> tuple[str, ...]:
    numbers = str(job.job_id), str(job.portal_id)
    times = _moment(job.created_at) or "", _moment(job.finished_at) or ""
    error = " ".join((job.error or "").split())
    return *numbers, job.kind, job.state.value, str(job.attempts), *times, error


def _moment(milliseconds: int | None) -> str | None:
    from edgewise.wire.times import timestamp

    return None if milliseconds is None else timestamp(milliseconds)
