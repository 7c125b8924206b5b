"""The toy CRM's types as a catalog, with a portal that defined cars, which nothing links to deals."""

from dataclasses import replace

from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.model import (
    Category,
    ObjectType,
    PortalTypes,
    hidden_mirror,
    object_type_code,
    type_key,
)
from tests.contract.toy_types import (
    ASSOCIATION_TYPES,
    COMPANIES,
    CONTACT_COMPANY,
    CONTACTS,
    OBJECT_TYPES,
)

AT = 1_790_000_000_000

CARS = ObjectType(object_type_code("2-7"), "2-7", "car", "cars", aliases=("p101_car",))

DRIVES = replace(
    CONTACT_COMPANY,
    key=type_key(Category.USER_DEFINED, 279),
    category=Category.USER_DEFINED,
    type_id=279,
    target_type=CARS.code,
    mirror_key=hidden_mirror(type_key(Category.USER_DEFINED, 279)),
    name="contact_to_car",
    label="Drives",
    is_default=False,
)

CATALOG = Catalog(
    PortalTypes(OBJECT_TYPES, tuple(ASSOCIATION_TYPES.values())), PortalTypes((CARS,), (DRIVES,))
)


def pair(source: ObjectType = CONTACTS, target: ObjectType = COMPANIES) -> PairTypes:
    return CATALOG.pair(source, target)
