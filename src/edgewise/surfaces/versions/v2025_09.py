"""2025-09: the operations as the table has them. Source: published documents of 2025-09."""

from edgewise.surfaces.surface import Surface

SURFACE = Surface(
    version="2025-09",
    link_lists="/crm/objects/2025-09",
    prefixes={
        "record_links": ("/crm/objects/2025-09",),
        "batch_links": ("/crm/associations/2025-09",),
        "labels": ("/crm/associations/2025-09",),
        "records": ("/crm/objects/2025-09",),
    },
)
