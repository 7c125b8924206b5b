"""Makes the high-usage report: CSV, from what the store holds when it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from edgewise.domain import reports, usage
from edgewise.domain.catalog import Catalog
from edgewise.domain.jobs import Job, Made
from edgewise.domain.model import PortalTypes
from edgewise.domain.ports import Store
from edgewise.domain.rules import Rules
from edgewise.jobs.mail import Mailer


class HighUsage:
    """The work of `HIGH_USAGE` jobs. hubspot: what every portal has. mailer: None where no mail is sent."""

    def __init__(
        self, store: Store, hubspot: Callable[[], PortalTypes], rules: Rules, mailer: Mailer | None
    ) -> None:
        self._store = store
        self._hubspot = hubspot
        self._rules = rules
        self._mailer = mailer

    async def __call__(self, job: Job) -> Made:
        """Make the report, and mail it to the address that the job names."""
        types = await self._store.portal_types(job.portal_id)
        catalog = Catalog(self._hubspot(), types)
        content = csv_of(reports.COLUMNS, await self._rows(job.portal_id, catalog, types.limits))
        address = job.arguments.get("mailTo")
        if self._mailer is None or address is None:
            return Made(content)
        await self._mailer.send(
            str(address),
            f"Records near or at a limit of associations, account {job.portal_id}",
            "The attached file lists the records that use 80 % or more of a limit of associations.\n",
            f"high-usage-{job.job_id}.csv",
            content,
        )
        return Made(content, str(address))

    async def _rows(self, portal_id: int, catalog: Catalog, custom: Mapping[int, int]) -> Iterable[Any]:
        limits = usage.limits_of(catalog, custom, self._rules)
        degrees = await self._store.crowded(portal_id, usage.thresholds(catalog, limits))
        return reports.high_usage_rows(catalog, usage.crowded(degrees, limits))


def csv_of(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Rows under a heading. Source: RFC 4180."""
    import csv
    from io import StringIO

    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
