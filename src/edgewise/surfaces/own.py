"""What belongs to no published version: the reports that were asked for, and the page on which apps are connected."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations import Operation
from edgewise.surfaces.operations.operation import FORM_ONLY
from edgewise.surfaces.runs import reports as runs
from edgewise.surfaces.runs.authorize import Anyone, People, TokenHolders, page_for
from edgewise.surfaces.surface import Route
from edgewise.wire import authorize, reports
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


def _consent(people: People) -> tuple[Operation, Operation]:
    show, take = page_for(people)
    return (
        Operation(
            "show_consent", "Ask a person to connect an app", "own", "GET", "",
            authorize.decode_link, show, authorize.encode, (200,), access=Access.READ, is_public=True,
        ),
        Operation(
            "take_consent", "Connect an app", "own", "POST", "",
            authorize.decode_form, take, authorize.encode, (303,), access=Access.WRITE, is_public=True,
            request=bytes, media=FORM_ONLY,
        ),
    )  # fmt: skip


def own_routes(is_open: bool = False) -> list[Route]:
    """The routes that belong to no published version; they are not described with the API.

    is_open: whoever opens the page for consent may connect an app to any portal.
    """
    consent = _consent(Anyone() if is_open else TokenHolders())
    paths = (
        (reports.PATH, _LIST),
        (f"{reports.PATH}/", _LIST),
        (f"{reports.PATH}/{{reportId}}", _FETCH),
        *((path, each) for path in (authorize.PATH, authorize.PATH_OF_HUB) for each in consent),
    )
    return [
        Route("own", operation.method, path, operation, Served("", operation.statuses))
        for path, operation in paths
    ]
