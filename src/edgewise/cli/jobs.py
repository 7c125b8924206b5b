"""The verb that lists the jobs of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from edgewise.cli.databases import use_store
from edgewise.cli.options import DatabaseOption, JsonOption
from edgewise.cli.terminal import columns, moment, tell

if TYPE_CHECKING:
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
    import json

    found = use_store(database, "jobs", lambda store: store.list_jobs(portal))
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
        "createdAt": moment(job.created_at),
        "finishedAt": moment(job.finished_at),
        "error": job.error,
    }


def _row(job: Job) -> tuple[str, ...]:
    numbers = str(job.job_id), str(job.portal_id)
    times = moment(job.created_at) or "", moment(job.finished_at) or ""
    error = " ".join((job.error or "").split())
    return *numbers, job.kind, job.state.value, str(job.attempts), *times, error
