"""2025-09: the operations as the table has them. Source: published documents of 2025-09."""

from edgewise.surfaces.surface import dated

SURFACE = dated("2025-09")
