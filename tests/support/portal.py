"""What the portal of the tests defined of its own before its server started."""

import asyncio

from edgewise import wiring
from edgewise.domain.model import (
    AssociationType,
    Category,
    ObjectType,
    PortalTypes,
    object_type_code,
    type_key,
)
from edgewise.domain.properties import FieldType, PropertyDefinition, PropertyType
from edgewise.domain.property_ports import PropertiesChange
from edgewise.settings import DEFAULT_PORTAL_ID

USER = "USER_DEFINED"
SPACESHIP_ID = "2-7001"
SPACESHIP = "p1000001_spaceship"
DECISION_MAKER, DECIDED_BY = 1, 2
"""Numbers that HUBSPOT_DEFINED types have too: a type is its category and its number."""
CHAMPION, CHAMPIONED_BY = 5, 6
CREW, CREW_OF = 7, 8
PILOT, PILOTED_BY = 9, 10
MANAGER, EMPLOYEE = 11, 12
SPEED = PropertyDefinition(
    "speed",
    "Speed",
    "spaceship_information",
    PropertyType.NUMBER,
    FieldType.NUMBER,
    created_at=0,
    updated_at=0,
)

_CONTACT, _COMPANY, _SPACESHIP = 1, 2, object_type_code(SPACESHIP_ID)
_KINDS = {_CONTACT: "contact", _COMPANY: "company", _SPACESHIP: "spaceship"}


def define_types(database: str) -> None:
    """Give the portal a custom object type, its unlabelled types and some labels."""
    asyncio.run(_define(database))


async def _define(database: str) -> None:
    store = wiring.open_store(database)
    await store.start()
    try:
        await store.add_portal_types(DEFAULT_PORTAL_ID, portal_types())
        await store.properties.change(DEFAULT_PORTAL_ID, _SPACESHIP, lambda _: PropertiesChange([SPEED]))
    finally:
        await store.close()


def portal_types() -> PortalTypes:
    spaceship = ObjectType(
        code=_SPACESHIP,
        id=SPACESHIP_ID,
        name="spaceship",
        plural="spaceships",
        aliases=(SPACESHIP,),
        default_properties=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    )
    return PortalTypes(
        (spaceship,),
        (
            *_both_ways(_CONTACT, _COMPANY, DECISION_MAKER, DECIDED_BY, "Decision maker", "Decided by"),
            *_both_ways(_CONTACT, _COMPANY, CHAMPION, CHAMPIONED_BY, "Champion", "Champion"),
            *_both_ways(_SPACESHIP, _CONTACT, CREW, CREW_OF, None, None),
            *_both_ways(_SPACESHIP, _CONTACT, PILOT, PILOTED_BY, "Pilot", "Piloted ship"),
            *_both_ways(_CONTACT, _CONTACT, MANAGER, EMPLOYEE, "Manager", "Employee"),
        ),
    )


def _both_ways(
    source: int, target: int, type_id: int, inverse_id: int, label: str | None, inverse_label: str | None
) -> tuple[AssociationType, AssociationType]:
    return (
        _one_way(source, target, type_id, inverse_id, label),
        _one_way(target, source, inverse_id, type_id, inverse_label),
    )


def _one_way(source: int, target: int, type_id: int, inverse_id: int, label: str | None) -> AssociationType:
    plain = f"{_KINDS[source]}_to_{_KINDS[target]}"
    return AssociationType(
        key=type_key(Category.USER_DEFINED, type_id),
        category=Category.USER_DEFINED,
        type_id=type_id,
        source_type=source,
        target_type=target,
        mirror_key=type_key(Category.USER_DEFINED, inverse_id),
        label=label,
        name=plain if label is None else label.lower().replace(" ", "_"),
        is_default=label is None,
    )
