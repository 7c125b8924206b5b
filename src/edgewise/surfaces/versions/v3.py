"""v3: the records. Source: published document of CRM objects v3."""

from edgewise.surfaces.surface import Surface

SURFACE = Surface(
    version="v3",
    link_lists="/crm/v4/objects",  # v3 cannot page the links it shows with a record
    prefixes={"records": ("/crm/v3/objects",)},
)
