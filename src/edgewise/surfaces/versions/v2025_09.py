"""2025-09: setting limits answers 200, whether or not an input failed. Source: published documents of 2025-09."""

from edgewise.surfaces.surface import dated

_ALWAYS_200 = {"statuses": (200,), "unpublished_statuses": (207,)}

SURFACE = dated(
    "2025-09",
    {"create_limits_batch": _ALWAYS_200, "update_limits_batch": _ALWAYS_200},
    without=("oauth", "oauth_inspection"),
)
