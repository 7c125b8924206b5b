"""2026-03: the operations as the table has them. Source: published documents of 2026-03."""

from edgewise.surfaces.surface import dated

SURFACE = dated("2026-03")
