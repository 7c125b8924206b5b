"""2026-09: batches answer 200, whether or not an input failed. Source: published documents of 2026-09.

Its documents have no list of a record's links; it is served all the same, since clients ask for it: docs/behaviour.md,
section 2.
"""

from edgewise.surfaces.surface import dated

_ALWAYS_200 = {"statuses": (200,), "unpublished_statuses": (207,)}

SURFACE = dated("2026-09", {"associate_batch": _ALWAYS_200, "read_associations_batch": _ALWAYS_200})
