"""The few association types and properties that the plain CRM knows, as the documents name them."""

from __future__ import annotations

from typing import NamedTuple

CONTACTS, COMPANIES, DEALS = "contacts", "companies", "deals"
OBJECT_TYPES = (CONTACTS, COMPANIES, DEALS)

Key = tuple[str, int]
"""A category and a number."""


class LinkType(NamedTuple):
    """One direction of an association type. name: as v3 has it. is_held_once: a record has it to one target only."""

    source: str
    target: str
    key: Key
    inverse: Key
    name: str
    is_held_once: bool = False


def hubspot(number: int) -> Key:
    return "HUBSPOT_DEFINED", number


def own(number: int) -> Key:
    return "USER_DEFINED", number


CLIENT, ADVISOR = own(1), own(2)
"""A label of the portal's own; its numbers are those of the primary company too."""

DEFAULTS = {
    (CONTACTS, COMPANIES): hubspot(279),
    (COMPANIES, CONTACTS): hubspot(280),
    (CONTACTS, DEALS): hubspot(4),
    (DEALS, CONTACTS): hubspot(3),
    (DEALS, COMPANIES): hubspot(341),
    (COMPANIES, DEALS): hubspot(342),
    (CONTACTS, CONTACTS): hubspot(449),
    (COMPANIES, COMPANIES): hubspot(450),
    (DEALS, DEALS): hubspot(451),
}
"""The unlabelled types. Source: docs/behaviour.md, sections 1.1 and 3.1."""

PRIMARIES = {(CONTACTS, COMPANIES): hubspot(1), (DEALS, COMPANIES): hubspot(5)}
"""The types that a record's first company gets. Source: docs/behaviour.md, section 1.5."""

TYPES = {
    each.key: each
    for each in (
        LinkType(CONTACTS, COMPANIES, hubspot(279), hubspot(280), "contact_to_company_unlabeled"),
        LinkType(COMPANIES, CONTACTS, hubspot(280), hubspot(279), "company_to_contact_unlabeled"),
        LinkType(CONTACTS, COMPANIES, hubspot(1), hubspot(2), "contact_to_company", is_held_once=True),
        LinkType(COMPANIES, CONTACTS, hubspot(2), hubspot(1), "company_to_contact"),
        LinkType(CONTACTS, COMPANIES, hubspot(931), hubspot(930), "billing_contact_to_company"),
        LinkType(COMPANIES, CONTACTS, hubspot(930), hubspot(931), "company_to_billing_contact"),
        LinkType(CONTACTS, COMPANIES, CLIENT, ADVISOR, "advice"),
        LinkType(COMPANIES, CONTACTS, ADVISOR, CLIENT, "advice"),
        LinkType(CONTACTS, DEALS, hubspot(4), hubspot(3), "contact_to_deal"),
        LinkType(DEALS, CONTACTS, hubspot(3), hubspot(4), "deal_to_contact"),
        LinkType(DEALS, COMPANIES, hubspot(341), hubspot(342), "deal_to_company_unlabeled"),
        LinkType(COMPANIES, DEALS, hubspot(342), hubspot(341), "company_to_deal_unlabeled"),
        LinkType(DEALS, COMPANIES, hubspot(5), hubspot(6), "deal_to_company", is_held_once=True),
        LinkType(COMPANIES, DEALS, hubspot(6), hubspot(5), "company_to_deal"),
        LinkType(CONTACTS, CONTACTS, hubspot(449), hubspot(449), "contact_to_contact"),
        LinkType(COMPANIES, COMPANIES, hubspot(450), hubspot(450), "company_to_company"),
        LinkType(COMPANIES, COMPANIES, hubspot(13), hubspot(14), "parent_to_child_company"),
        LinkType(
            COMPANIES, COMPANIES, hubspot(14), hubspot(13), "child_to_parent_company", is_held_once=True
        ),
        LinkType(DEALS, DEALS, hubspot(451), hubspot(451), "deal_to_deal"),
    )
}
"""Source: docs/behaviour.md, sections 1.1 to 1.7, and 4 for the names."""

PROPERTIES = {
    CONTACTS: ("note", "code", "email"),
    COMPANIES: ("note", "code"),
    DEALS: ("note", "code"),
}
"""`code` is unique in each object type, `email` by itself."""

UNIQUE = ("email", "code")


def types_between(source: str, target: str) -> list[Key]:
    """The keys of the types that lead from one object type to another."""
    return [key for key, each in TYPES.items() if (each.source, each.target) == (source, target)]


def kept_value(name: str, text: str) -> str | None:
    """A value as reads show it; an empty text clears. Source: docs/behaviour.md, section 9.3."""
    return (text.lower() if name == "email" else text) or None


def is_valid(object_type: str, name: str, text: str) -> bool:
    """Whether a property may have a value. Of email addresses the plain CRM knows only that they have an `@`."""
    return name in PROPERTIES[object_type] and (name != "email" or not text or "@" in text)


def is_same(name: str, text: str | None, other: str) -> bool:
    """Whether two values tell the same record. Source: docs/behaviour.md, section 9.4."""
    return text is not None and (text.lower() == other.lower() if name == "email" else text == other)


def is_found(text: str | None, wanted: str) -> bool:
    """Whether a search for a value finds a text: in any case of its letters, as all properties here are texts.

    Source: docs/behaviour.md, section 9.5.
    """
    return text is not None and text.lower() == wanted.lower()
