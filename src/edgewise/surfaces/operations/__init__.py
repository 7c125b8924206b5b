"""Every operation once: what it is called, where it is, and the three functions that carry it out."""

from edgewise.surfaces.operations import labels, limits, links, oauth, records, reports, usage, v3
from edgewise.surfaces.operations.operation import Operation

OPERATIONS = (
    *links.OPERATIONS,
    *labels.OPERATIONS,
    *limits.OPERATIONS,
    *records.OPERATIONS,
    *v3.OPERATIONS,
    *usage.OPERATIONS,
    *reports.OPERATIONS,
    *oauth.OPERATIONS,
)

__all__ = ["OPERATIONS", "Operation"]
