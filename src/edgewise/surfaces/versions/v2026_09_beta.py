"""2026-09-beta: the version whose document has merge and gdpr-delete. Source: published document of 2026-09-beta."""

from edgewise.surfaces.surface import dated

_PUBLISHED = {"unpublished": ""}

SURFACE = dated(
    "2026-09-beta",
    {"merge_records": _PUBLISHED, "gdpr_delete_record": _PUBLISHED},
    without=("usage", "oauth", "oauth_inspection", "schemas", "properties", "pipelines", "owners", "account"),
)
