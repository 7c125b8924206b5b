"""What the operations on properties and their groups ask of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edgewise.data.properties import usual_properties
from edgewise.domain import property_definitions as rules
from edgewise.domain.batches import Failure
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_properties import PropertyNotFound
from edgewise.domain.model import ObjectType
from edgewise.domain.ports import Store
from edgewise.domain.properties import ObjectProperties, PropertyDefinition, PropertyGroup
from edgewise.domain.property_ports import Defined, PropertiesChange
from edgewise.wire.messages import Call
from edgewise.wire.properties import (
    ChangeProperty,
    CreateProperties,
    ListProperties,
    ManyProperties,
    OneProperty,
    PropertiesDone,
)
from edgewise.wire.property_groups import ChangeGroup, CreateGroup, OneGroup


async def list_properties(store: Store, call: Call, command: ListProperties) -> Sequence[PropertyDefinition]:
    """The properties of an object type in the order of their names, active or archived ones."""
    held = await _held(store, call, command.object_type)
    names = frozenset(command.names) or held.properties.keys()
    return [
        each
        for name, each in sorted(held.properties.items())
        if (each.archived_at is not None) is command.is_archived
        and each.data_sensitivity == command.sensitivity
        and name in names
    ]


async def read_property(store: Store, call: Call, command: OneProperty) -> PropertyDefinition:
    """One property."""
    held = await _held(store, call, command.object_type)
    return rules.find_property(held, command.name, is_archived=command.is_archived)


async def read_properties(store: Store, call: Call, command: ManyProperties) -> PropertiesDone:
    """Many properties, each once for each time it is asked for."""
    held = await _held(store, call, command.object_type)
    found: list[PropertyDefinition] = []
    failures: list[Failure] = []
    for position, name in enumerate(command.names):
        try:
            found.append(rules.find_property(held, name, is_archived=command.is_archived))
        except PropertyNotFound as error:
            failures.append(Failure(position, error))
    return PropertiesDone(found, failures)


async def create_properties(store: Store, call: Call, command: CreateProperties) -> PropertiesDone:
    """Define properties; what one input makes counts for those behind it."""
    by = call.caller.actor.user_id or None
    failures: list[Failure] = []

    def decide(held: ObjectProperties, elsewhere: int) -> PropertiesChange:
        failures.clear()
        created: dict[str, PropertyDefinition] = {}
        for position, new in enumerate(command.inputs):
            known = ObjectProperties({**held.properties, **created}, held.groups)
            try:
                created[new.name] = rules.create_property(known, new, call.at, elsewhere=elsewhere, by=by)
            except DomainError as error:
                failures.append(Failure(position, error))
        return PropertiesChange(list(created.values()))

    change = await _change(store, call, command.object_type, decide)
    return PropertiesDone(change.properties, failures)


async def change_property(store: Store, call: Call, command: ChangeProperty) -> PropertyDefinition:
    """Give a property another definition."""
    object_type, name, wanted = command
    by = call.caller.actor.user_id or None
    change = await _change(
        store,
        call,
        object_type,
        lambda held, _: PropertiesChange([rules.change_property(held, name, wanted, call.at, by)]),
    )
    return change.properties[0]


async def archive_property(store: Store, call: Call, command: OneProperty) -> None:
    """Archive a property, also where there is none."""
    await archive_properties(store, call, ManyProperties(command.object_type, [command.name]))


async def archive_properties(store: Store, call: Call, command: ManyProperties) -> None:
    """Archive properties: all of them, or none where one cannot be; those that are not there do not matter."""

    def decide(held: ObjectProperties, elsewhere: int) -> PropertiesChange:
        archived: dict[str, PropertyDefinition] = {}
        for name in command.names:
            known = ObjectProperties({**held.properties, **archived}, held.groups)
            found = rules.archive_property(known, name, call.at)
            if found is not None:
                archived[name] = found
        return PropertiesChange(list(archived.values()))

    await _change(store, call, command.object_type, decide)


async def list_groups(store: Store, call: Call, command: ObjectType) -> Sequence[PropertyGroup]:
    """The groups of an object type."""
    found = (await _held(store, call, command)).active_groups()
    return sorted(found, key=lambda each: (each.display_order < 0, each.display_order, each.name))


async def read_group(store: Store, call: Call, command: OneGroup) -> PropertyGroup:
    """One group."""
    return rules.find_group(await _held(store, call, command.object_type), command.name)


async def create_group(store: Store, call: Call, command: CreateGroup) -> PropertyGroup:
    """Define a group."""
    object_type, name, label, display_order = command
    return await _put_group(
        store, call, object_type, lambda held: rules.create_group(held, name, label, display_order)
    )


async def change_group(store: Store, call: Call, command: ChangeGroup) -> PropertyGroup:
    """Give a group another label or place."""
    object_type, name, label, display_order = command
    return await _put_group(
        store, call, object_type, lambda held: rules.change_group(held, name, label, display_order)
    )


async def archive_group(store: Store, call: Call, command: OneGroup) -> None:
    """Archive a group, also where there is none."""
    object_type, name = command

    def decide(held: ObjectProperties, elsewhere: int) -> PropertiesChange:
        archived = rules.archive_group(held, name, call.at)
        return PropertiesChange(groups=() if archived is None else (archived,))

    await _change(store, call, object_type, decide)


async def _put_group(
    store: Store, call: Call, object_type: ObjectType, decide: Callable[[ObjectProperties], PropertyGroup]
) -> PropertyGroup:
    change = await _change(store, call, object_type, lambda held, _: PropertiesChange(groups=(decide(held),)))
    return change.groups[0]


async def _held(store: Store, call: Call, object_type: ObjectType) -> ObjectProperties:
    """What an object type has now, whichever server changed it last."""
    own = await store.properties.held(call.portal.portal_id, object_type.code)
    return usual_properties(object_type).with_own(own)


async def _change(
    store: Store,
    call: Call,
    object_type: ObjectType,
    decide: Callable[[ObjectProperties, int], PropertiesChange],
) -> PropertiesChange:
    """Change what an object type has, and go on with it at once.

    decide: gets what it has now, and how many properties the portal defined of other object types.
    """
    portal = call.portal
    usual = usual_properties(object_type)

    def decide_now(defined: Defined) -> PropertiesChange:
        return decide(usual.with_own(defined.own), defined.elsewhere)

    change = await store.properties.change(portal.portal_id, object_type.code, decide_now)
    if change.properties or change.groups:
        portal.adopt(await store.portal_types(portal.portal_id))
    return change
