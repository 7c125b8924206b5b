"""Where each version of the API has its operations."""

ASSOCIATION_VERSIONS = ("v4", "2025-09", "2026-03", "2026-09-beta")
RECORD_VERSIONS = ("v3", "2025-09", "2026-03", "2026-09-beta")


def records(version: str, object_type: str) -> str:
    return f"{_family(version, 'objects')}/{object_type}"


def record(version: str, object_type: str, record_id: str | int) -> str:
    return f"{records(version, object_type)}/{record_id}"


def links(version: str, source_type: str, source_id: str | int, target_type: str) -> str:
    return f"{record(version, source_type, source_id)}/associations/{target_type}"


def link(version: str, source_type: str, source_id: str | int, target_type: str, target_id: str | int) -> str:
    return f"{links(version, source_type, source_id, target_type)}/{target_id}"


def default_link(
    version: str, source_type: str, source_id: str | int, target_type: str, target_id: str | int
) -> str:
    return f"{links(version, source_type, source_id, 'default')}/{target_type}/{target_id}"


def batch(version: str, source_type: str, target_type: str, verb: str) -> str:
    """verb: `create`, `read`, `archive`, `labels/archive` or `associate/default`."""
    return f"{_family(version, 'associations')}/{source_type}/{target_type}/batch/{verb}"


def labels(version: str, source_type: str, target_type: str) -> str:
    return f"{_family(version, 'associations')}/{source_type}/{target_type}/labels"


def _family(version: str, family: str) -> str:
    return f"/crm/{version}/{family}" if version.startswith("v") else f"/crm/{family}/{version}"
