"""v3: the records. Source: published document of CRM objects v3."""

from edgewise.surfaces.surface import Surface

SURFACE = Surface(version="v3", prefixes={"records": ("/crm/v3/objects",)})
