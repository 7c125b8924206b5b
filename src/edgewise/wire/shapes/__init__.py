"""The one table from a refusal to HubSpot's status, category, message and context."""

from edgewise.domain.errors import DomainError
from edgewise.wire.shapes import links, records, requests
from edgewise.wire.shapes.shape import ErrorShape

SHAPES: dict[type[DomainError], ErrorShape] = {
    **requests.SHAPES,
    **links.SHAPES,
    **records.SHAPES,
}

__all__ = ["SHAPES", "ErrorShape"]
