"""2026-09-beta: the operations as the table has them. Source: published document of 2026-09-beta."""

from edgewise.surfaces.surface import dated

SURFACE = dated("2026-09-beta")
