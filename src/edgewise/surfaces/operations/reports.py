"""The report on records near or at a limit of links."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import reports as runs
from edgewise.wire import bodies_usage, reports

OPERATIONS = (
    Operation(
        "order_high_usage_report",
        "Ask for a report on the records near or at a limit of links",
        "usage_report",
        "POST",
        "/usage/high-usage-report/{userId}",
        reports.decode_order,
        runs.order,
        reports.encode_order,
        (200,),
        access=Access.READ,
        response=bodies_usage.ReportCreationResponse,
        caveat="its columns are a guess; it is mailed where a mail server is set, and can be fetched anyway",
    ),
)
