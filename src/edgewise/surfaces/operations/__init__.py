"""Every operation once: what it is called, where it is, and the three functions that carry it out."""

from edgewise.surfaces.operations import (
    account,
    labels,
    limits,
    links,
    oauth,
    pipelines,
    properties,
    records,
    reports,
    schemas,
    usage,
    v3,
)
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
    *schemas.OPERATIONS,
    *properties.OPERATIONS,
    *pipelines.OPERATIONS,
    *account.OPERATIONS,
)

__all__ = ["OPERATIONS", "Operation"]
