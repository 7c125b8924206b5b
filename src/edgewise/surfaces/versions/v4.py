"""v4: associations by record id and type id.

Labels and limits are spelled both ways: published documents say `/crm/associations/v4`, guides and older SDKs
`/crm/v4/associations`. Archiving answers 204 without a body. Source: published documents, docs/behaviour.md, section 2.
"""

from edgewise.surfaces.surface import Surface
from edgewise.wire.associations import encode_no_content

_BOTH = ("/crm/associations/v4", "/crm/v4/associations")
_NO_CONTENT = {"encode": encode_no_content, "statuses": (204,), "response": None}
_SPELT_BOTH_WAYS = {
    "unpublished": "guides and older SDKs spell the paths of limits as they spell those of links"
}

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
    changes={
        "dissociate_batch": _NO_CONTENT,
        "remove_labels_batch": _NO_CONTENT,
        "list_limits": _SPELT_BOTH_WAYS,
        "list_limits_of_pair": _SPELT_BOTH_WAYS,
        "create_limits_batch": _SPELT_BOTH_WAYS,
        "update_limits_batch": _SPELT_BOTH_WAYS,
        "remove_limits_batch": {
            **_NO_CONTENT,
            **_SPELT_BOTH_WAYS,
            "unpublished_statuses": (),
            "quirks": (),
        },
    },
)
