"""The high-usage report: who may ask for it, where it goes, and what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import InvalidUserId
from edgewise.domain.jobs import NewJob
from edgewise.domain.usage import Crowded

HIGH_USAGE = "high_usage_report"

COLUMNS = (
    "fromObjectType",
    "fromObjectId",
    "toObjectType",
    "associationCategory",
    "associationTypeId",
    "label",
    "count",
    "limit",
    "percentage",
)
"""Ours: nobody published what the columns of HubSpot's report are."""

_USER_ID = re.compile(r"\d{1,10}", re.ASCII)
_USER_ID_MAX = 2**31 - 1


def order_high_usage(portal_id: int, user_id: str, mail_to: str | None, at: int) -> NewJob:
    """A report on the records near or at a limit of links.

    user_id: as a path has it. mail_to: an address, in which `{userId}` stands for the id; None to keep the report only.
    Raises: InvalidUserId. Source: docs/behaviour.md, section 3.10.
    """
    if not _USER_ID.fullmatch(user_id) or not 1 <= int(user_id) <= _USER_ID_MAX:
        raise InvalidUserId(user_id)
    number = int(user_id)
    arguments: dict[str, str | int] = {"userId": number}
    if mail_to is not None:
        arguments["mailTo"] = mail_to.replace("{userId}", str(number))
    return NewJob(portal_id, HIGH_USAGE, arguments, at)


def address_of(job: NewJob) -> str:
    """The address of who asked; where no mail is sent, one that leads nowhere (`.invalid`, RFC 2606)."""
    return str(job.arguments.get("mailTo", f"user-{job.arguments['userId']}@portal-{job.portal_id}.invalid"))


def high_usage_rows(catalog: Catalog, found: Iterable[Crowded]) -> Iterator[tuple[str | int | float, ...]]:
    """A row of `COLUMNS` for each record and type; an unlabelled type has an empty label."""
    for each in found:
        source, target_code, key, count = each.degree
        link_type = catalog.association_type(key)
        yield (
            catalog.object_type_of(source.object_type).name,
            source.record_id,
            catalog.object_type_of(target_code).name,
            link_type.category.name,
            link_type.type_id,
            link_type.label or "",
            count,
            each.limit,
            each.percentage,
        )
