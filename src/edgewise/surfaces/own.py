"""What Edgewise itself offers behind a token: the reports that were asked for. HubSpot has nothing of it."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations import Operation
from edgewise.surfaces.runs import reports as runs
from edgewise.surfaces.surface import Route
from edgewise.wire import reports
from edgewise.wire.associations import decode_nothing
from edgewise.wire.messages import Served

_LIST = Operation(
    "list_reports", "List the reports that were asked for", "own", "GET", "",
    decode_nothing, runs.list_reports, reports.encode_list, (200,), access=Access.READ,
)  # fmt: skip
_FETCH = Operation(
    "fetch_report", "Fetch a report as CSV", "own", "GET", "",
    reports.decode_fetch, runs.fetch, reports.encode_fetch, (200,), access=Access.READ,
)  # fmt: skip


def own_routes() -> list[Route]:
    """The routes that belong to no published version; they are not described with the API."""
    paths = (
        (reports.PATH, _LIST),
        (f"{reports.PATH}/", _LIST),
        (f"{reports.PATH}/{{reportId}}", _FETCH),
    )
    return [
        Route("own", operation.method, path, operation, Served("", operation.statuses))
        for path, operation in paths
    ]
