"""What a developer wants to know beside an error: one sentence for the header `x-edgewise-hint`."""

from __future__ import annotations

from collections.abc import Callable

from edgewise.domain import errors as rules
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import DomainError
from edgewise.domain.model import AssociationType, Pair, object_type_id
from edgewise.wire.refusals import MissingScopes

HEADER = "x-edgewise-hint"
_LISTED_MAX = 12
_SCOPES_LISTED_MAX = 4


def hint_of(error: DomainError, catalog: Catalog) -> str | None:
    """What would have done, for an error about a wrong type or a missing scope; else None.

    Printable ASCII, as header values are: other characters of a label become question marks.
    """
    match error:
        case rules.UnknownAssociationType(pair=pair) if pair is not None:
            text = _types_of(pair)
        case rules.InvalidAssociationType(pair=pair) if pair is not None:
            text = _types_of(pair, _named)
        case rules.WrongAssociationType(link_type=link_type, pair=pair):
            text = f"{_belongs(catalog, link_type)} {_types_of(pair)}"
        case rules.WrongInlineType(link_type=link_type):
            text = _belongs(catalog, link_type)
        case MissingScopes():
            text = _how_to_be_allowed(error)
        case _:
            return None
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text)


def _how_to_be_allowed(error: MissingScopes) -> str:
    if error.is_read_only:
        return "The token is read-only. To change things, make another: edgewise token create"
    granted = sorted(error.granted or ())
    further = len(granted) - _SCOPES_LISTED_MAX
    rest = f" and {further} more" if further > 0 else ""
    has = f"{', '.join(granted[:_SCOPES_LISTED_MAX])}{rest}" if granted else "no scope"
    needs = f"edgewise token create --scopes {error.required[0]}"
    return f"The token has {has}. One that may: {needs}"


def _belongs(catalog: Catalog, link_type: AssociationType) -> str:
    ends = [(catalog.find_object_type(c), c) for c in (link_type.source_type, link_type.target_type)]
    source, target = (object_type_id(code) if found is None else found.plural for found, code in ends)
    return f"{_spec(link_type)} leads from {source} to {target}."


def _types_of(pair: Pair, print_type: Callable[[AssociationType], str] | None = None) -> str:
    ends = f"From {pair.source.plural} to {pair.target.plural}"
    if not pair.listed:
        return f"{ends} there are no association types."
    named = [(print_type or _spec)(link_type) for link_type in pair.listed[:_LISTED_MAX]]
    further = len(pair.listed) - len(named)
    rest = f" and {further} more" if further else ""
    return f"{ends} there are {', '.join(named)}{rest}."


def _spec(link_type: AssociationType) -> str:
    label = "unlabelled" if link_type.label is None else link_type.label
    return f"{link_type.category.name}={link_type.type_id} ({label})"


def _named(link_type: AssociationType) -> str:
    """A type by its v3 name; one that no source spells says so."""
    derived = ", name derived" if link_type.is_name_derived else ""
    return f"{link_type.name} ({link_type.category.name}={link_type.type_id}{derived})"
