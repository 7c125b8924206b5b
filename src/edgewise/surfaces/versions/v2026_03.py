"""2026-03: the operations as the table has them. Source: published documents of 2026-03."""

from edgewise.surfaces.surface import Surface

SURFACE = Surface(
    version="2026-03",
    link_lists="/crm/objects/2026-03",
    prefixes={
        "record_links": ("/crm/objects/2026-03",),
        "batch_links": ("/crm/associations/2026-03",),
        "labels": ("/crm/associations/2026-03",),
        "records": ("/crm/objects/2026-03",),
    },
)
