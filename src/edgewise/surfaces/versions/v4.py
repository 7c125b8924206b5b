"""v4: associations by record id and type id.

Labels and limits are spelled both ways: published documents say `/crm/associations/v4`, guides and older SDKs
`/crm/v4/associations`. Archiving answers 204 without a body. Source: published documents, docs/behaviour.md, section 2.
"""

from edgewise.surfaces.surface import Surface
from edgewise.wire.associations import encode_no_content

_BOTH = ("/crm/associations/v4", "/crm/v4/associations")
_NO_CONTENT = {"encode": encode_no_content, "statuses": (204,), "response": None}

SURFACE = Surface(
    version="v4",
    link_lists="/crm/v4/objects",
    prefixes={
        "record_links": ("/crm/v4/objects",),
        "batch_links": ("/crm/v4/associations",),
        "labels": _BOTH,
        "limits": _BOTH,
        "usage_report": ("/crm/v4/associations",),
    },
    changes={"dissociate_batch": _NO_CONTENT, "remove_labels_batch": _NO_CONTENT},
)
