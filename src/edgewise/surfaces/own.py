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
    name="list_reports",
    summary="List the reports that were asked for",
    family="own",
    method="GET",
    path="",
    decode=decode_nothing,
    run=runs.list_reports,
    encode=reports.encode_list,
    statuses=(200,),
    access=Access.READ,
)
_FETCH = Operation(
    name="fetch_report",
    summary="Fetch a report as CSV",
    family="own",
    method="GET",
    path="",
    decode=reports.decode_fetch,
    run=runs.fetch,
    encode=reports.encode_fetch,
    statuses=(200,),
    access=Access.READ,
)


def _consent(people: People) -> tuple[Operation, Operation]:
    show, take = page_for(people)
    return (
        Operation(
            name="show_consent",
            summary="Ask a person to connect an app",
            family="own",
            method="GET",
            path="",
            decode=authorize.decode_link,
            run=show,
            encode=authorize.encode,
            statuses=(200,),
            access=Access.READ,
            is_public=True,
        ),
        Operation(
            name="take_consent",
            summary="Connect an app",
            family="own",
            method="POST",
            path="",
            decode=authorize.decode_form,
            run=take,
            encode=authorize.encode,
            statuses=(303,),
            access=Access.WRITE,
            is_public=True,
            request=bytes,
            media=FORM_ONLY,
        ),
    )


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
