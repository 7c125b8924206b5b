"""2026-09: batches answer alike, whether or not an input failed. Source: published documents of 2026-09.

Its documents have no list of a record's links; it is served all the same, since clients ask for it: docs/behaviour.md,
section 2.
"""

from edgewise.surfaces.surface import dated

_ALWAYS_200 = {"statuses": (200,), "unpublished_statuses": (207,)}

SURFACE = dated(
    "2026-09",
    {
        "list_associations": {
            "unpublished": "earlier documents and the beta have it, and clients ask for it here too"
        },
        "associate_batch": _ALWAYS_200,
        "read_associations_batch": _ALWAYS_200,
        "create_limits_batch": _ALWAYS_200,
        "update_limits_batch": _ALWAYS_200,
        "create_records_batch": {"statuses": (201,), "unpublished_statuses": (207,)},
        "read_records_batch": _ALWAYS_200,
        "update_records_batch": _ALWAYS_200,
        "upsert_records_batch": _ALWAYS_200,
        "create_properties_batch": _ALWAYS_200,
        "read_properties_batch": _ALWAYS_200,
    },
)
