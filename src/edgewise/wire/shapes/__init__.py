"""The one table from a refusal to HubSpot's status, category, message and context."""

from edgewise.domain.errors import DomainError
from edgewise.wire.shapes import (
    labels,
    links,
    oauth,
    pipelines,
    properties,
    records,
    reports,
    requests,
    schemas,
)
from edgewise.wire.shapes.shape import ErrorShape

SHAPES: dict[type[DomainError], ErrorShape] = {
    **requests.SHAPES,
    **links.SHAPES,
    **labels.SHAPES,
    **records.SHAPES,
    **reports.SHAPES,
    **oauth.SHAPES,
    **schemas.SHAPES,
    **pipelines.SHAPES,
    **properties.SHAPES,
}

__all__ = ["SHAPES", "ErrorShape"]
