"""The object types and association types of a toy CRM, as few as show every rule a store keeps."""

from edgewise.domain.model import (
    AssociationType,
    Category,
    Holder,
    ObjectType,
    hidden_mirror,
    object_type_code,
    type_key,
)


def _object_type(object_type_id: str, name: str, plural: str) -> ObjectType:
    return ObjectType(object_type_code(object_type_id), object_type_id, name, plural)


CONTACTS = _object_type("0-1", "contact", "contacts")
COMPANIES = _object_type("0-2", "company", "companies")
DEALS = _object_type("0-3", "deal", "deals")
OBJECT_TYPES = (CONTACTS, COMPANIES, DEALS)

_MIRRORED = {Holder.NONE: Holder.NONE, Holder.SOURCE: Holder.TARGET, Holder.TARGET: Holder.SOURCE}


def _one_half(
    source: ObjectType,
    target: ObjectType,
    type_id: int,
    mirror_key: int,
    category: Category = Category.HUBSPOT_DEFINED,
    label: str | None = None,
    holder: Holder = Holder.NONE,
) -> AssociationType:
    key = type_key(category, type_id)
    name = f"{source.name}_to_{target.name}_{type_id}"
    return AssociationType(
        key, category, type_id, source.code, target.code, mirror_key, label, name,
        is_default=label is None, is_primary=label == "Primary", holder=holder,
    )  # fmt: skip


def both_halves(
    source: ObjectType,
    target: ObjectType,
    type_ids: tuple[int, int],
    category: Category = Category.HUBSPOT_DEFINED,
    labels: tuple[str | None, str | None] = (None, None),
    holder: Holder = Holder.NONE,
) -> tuple[AssociationType, AssociationType]:
    """A type and its inverse, as each end has them."""
    key, mirror_key = (type_key(category, type_id) for type_id in type_ids)
    return (
        _one_half(source, target, type_ids[0], mirror_key, category, labels[0], holder),
        _one_half(target, source, type_ids[1], key, category, labels[1], _MIRRORED[holder]),
    )


CONTACT_COMPANY, COMPANY_CONTACT = both_halves(CONTACTS, COMPANIES, (279, 280))
CONTACT_DEAL, DEAL_CONTACT = both_halves(CONTACTS, DEALS, (4, 3))
CONTACT_CONTACT = _one_half(CONTACTS, CONTACTS, 449, type_key(Category.HUBSPOT_DEFINED, 449))
COMPANY_COMPANY = _one_half(COMPANIES, COMPANIES, 450, type_key(Category.HUBSPOT_DEFINED, 450))

PRIMARY, PRIMARY_OF = both_halves(
    CONTACTS, COMPANIES, (1, 2), labels=("Primary", "Primary"), holder=Holder.SOURCE
)
PARENT_OF, CHILD_OF = both_halves(
    COMPANIES, COMPANIES, (13, 14), labels=("Child Company", "Parent Company"), holder=Holder.TARGET
)
BILLING, BILLED_BY = both_halves(CONTACTS, COMPANIES, (931, 930), labels=("Billing", "Billing"))

# The numbers of the primary type again: a type is a category and a number, never the number alone.
ADVISES, ADVISED_BY = both_halves(CONTACTS, COMPANIES, (1, 2), Category.USER_DEFINED, ("Client", "Advisor"))
AUDITS, AUDITED_BY = both_halves(CONTACTS, COMPANIES, (3, 4), Category.USER_DEFINED, ("Client", "Auditor"))
MANAGES, REPORTS_TO = both_halves(CONTACTS, CONTACTS, (5, 6), Category.USER_DEFINED, ("Report", "Manager"))
SYNCED, SYNCED_BACK = both_halves(CONTACTS, COMPANIES, (7, 8), Category.INTEGRATOR_DEFINED, ("Sync", "Sync"))
WORKS, WORKED_BY = both_halves(CONTACTS, COMPANIES, (9, 10), Category.WORK, ("Work", "Work"))

ONE_WAY = _one_half(
    CONTACTS, COMPANIES, 900, hidden_mirror(type_key(Category.HUBSPOT_DEFINED, 900)), label="One way"
)

ASSOCIATION_TYPES = {
    link_type.key: link_type
    for link_type in tuple(globals().values())
    if isinstance(link_type, AssociationType)
}
