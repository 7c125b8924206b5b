"""The versions that are served, oldest first."""

from edgewise.surfaces.versions import v1, v2, v3, v4, v2025_09, v2026_03, v2026_09, v2026_09_beta

SURFACES = (
    v1.SURFACE,
    v2.SURFACE,
    v3.SURFACE,
    v4.SURFACE,
    v2025_09.SURFACE,
    v2026_03.SURFACE,
    v2026_09_beta.SURFACE,
    v2026_09.SURFACE,
)
