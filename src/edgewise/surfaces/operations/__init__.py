"""Every operation once: what it is called, where it is, and the three functions that carry it out."""

from edgewise.surfaces.operations import labels, links, records
from edgewise.surfaces.operations.operation import Operation

OPERATIONS = (
    *links.OPERATIONS,
    *labels.OPERATIONS,
    *records.OPERATIONS,
)

__all__ = ["OPERATIONS", "Operation"]
