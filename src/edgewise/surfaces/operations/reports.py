"""The report on records near or at a limit of links."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import reports as runs
from edgewise.wire import bodies_usage, reports

OPERATIONS = (
    Operation(
        name="order_high_usage_report",
        summary="Ask for a report on the records near or at a limit of links",
        family="usage_report",
        method="POST",
        path="/usage/high-usage-report/{userId}",
        decode=reports.decode_order,
        run=runs.order,
        encode=reports.encode_order,
        statuses=(200,),
        access=Access.READ,
        response=bodies_usage.ReportCreationResponse,
        caveat="its columns are a guess; it is mailed where a mail server is set, and can be fetched anyway",
        budget="associations",
    ),
)
