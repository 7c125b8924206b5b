"""Reports: asking for one, as HubSpot has it, and fetching it, which is our own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edgewise.domain import reports
from edgewise.domain.errors import ReportNotFound
from edgewise.domain.jobs import Job, KeptJob, NewJob
from edgewise.wire.bodies import Body
from edgewise.wire.bodies_usage import DateTime, ReportCreationResponse
from edgewise.wire.messages import Call, Reply, Text
from edgewise.wire.times import timestamp

PATH = "/_edgewise/reports"

_REPORT_ID = re.compile(r"\d{1,18}", re.ASCII)


class Report(Body):
    """A report that was asked for. url: where it is once it is finished."""

    id: str
    kind: str
    state: str
    created_at: str
    finished_at: str | None
    user_id: int
    mailed_to: str | None
    url: str


def decode_order(call: Call) -> NewJob:
    """A report to make. Raises: InvalidUserId."""
    portal = call.portal
    return reports.order_high_usage(portal.portal_id, call.params[0], portal.report_mail_to, call.at)


def encode_order(call: Call, order: NewJob, job: Job) -> Reply:
    """When the report was asked for, and who gets it."""
    return Reply(
        200,
        ReportCreationResponse(
            DateTime(job.created_at, date_only=False, time_zone_shift=0),
            int(order.arguments["userId"]),
            reports.address_of(order),
        ),
    )


def encode_list(call: Call, command: None, jobs: Sequence[Job]) -> Reply:
    """What became of each report, in the order asked for."""
    address = f"{call.origin()}{PATH}"
    return Reply(200, [_report(job, address) for job in jobs if job.kind == reports.HIGH_USAGE])


def decode_fetch(call: Call) -> int:
    """The id of a report. Raises: ReportNotFound."""
    (text,) = call.params
    if not _REPORT_ID.fullmatch(text):
        raise ReportNotFound(text)
    return int(text)


def encode_fetch(call: Call, job_id: int, kept: KeptJob | None) -> Reply:
    """The report itself. Raises: ReportNotFound."""
    if kept is None or kept.content is None or kept.job.kind != reports.HIGH_USAGE:
        raise ReportNotFound(call.params[0])
    return Reply(200, text=Text("text/csv;charset=utf-8;header=present", kept.content))


def _report(job: Job, address: str) -> Report:
    return Report(
        str(job.job_id),
        job.kind,
        job.state.value,
        timestamp(job.created_at),
        None if job.finished_at is None else timestamp(job.finished_at),
        int(job.arguments["userId"]),
        job.mailed_to,
        f"{address}/{job.job_id}",
    )
