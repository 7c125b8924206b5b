"""v3: records, and associations by type name. Source: published documents of v3, docs/behaviour.md, section 4."""

from edgewise.surfaces.surface import Surface

SURFACE = Surface(
    version="v3",
    link_lists="/crm/v3/objects",
    prefixes={
        "records": ("/crm/v3/objects",),
        "typed_links": ("/crm/v3/objects",),
        "named_links": ("/crm/v3/objects",),
        "named_batch_links": ("/crm/v3/associations",),
        "usage": ("/crm/v3/limits",),
        "oauth": ("/oauth/v3",),
        "oauth_inspection": ("/oauth/v3",),
    },
)
