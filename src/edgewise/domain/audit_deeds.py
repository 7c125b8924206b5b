"""What the audit log says of each kind of change: what was asked for and accepted, as JSON.

Object types are told by id, `0-1`. An association type is a list of its category, its number and its label. Links are
told in groups of the same ends and types, as pairs of ids; of a batch whose links were partly there before, all are
told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from edgewise.domain.accounts import Account, App, Code, Granted, RefreshToken, Token
from edgewise.domain.audit import Action, Deed
from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import (
    AssociationType,
    CreateRecords,
    Outcome,
    PortalTypes,
    PutLinks,
    Record,
    RemoveLinks,
    TypesChange,
    split_type_key,
)
from edgewise.domain.pipelines import PipelinesChanged
from edgewise.domain.ports import (
    Created,
    CreateOutcome,
    CreateRefused,
    PartlyCreated,
    RecordsMissing,
    TypesChanged,
)
from edgewise.domain.property_ports import PropertiesChange

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Types = tuple[AssociationType, ...]
Kind = tuple[int, int, Types | None, AssociationType | None, bool]
"""What links of one group have in common: the ends, the types (None: all), the first type, whether labels go."""


def links_put(command: PutLinks, outcomes: Sequence[Outcome]) -> Deed | None:
    """Links that were written; None when every write was refused."""
    ends, replaces = (command.source_type, command.target_type), command.replaces_labels
    if len(outcomes) == 1 and not outcomes[0]:  # by far the most common change, so in a third of the time
        [(source_id, target_id, types, first_type)] = command.writes
        common = _common(*ends, types, first_type, replaces)
        details = f'{{"links":[{common}[{source_id},{target_id}]]}}]}}'
        return Deed(command.portal_id, Action.LINKS_PUT, details)
    groups: dict[tuple[Types, AssociationType | None], list[tuple[int, int]]] = {}
    for (source_id, target_id, types, first_type), outcome in zip(command.writes, outcomes, strict=True):
        if not outcome:
            groups.setdefault((types, first_type), []).append((source_id, target_id))
    kinds: dict[Kind, list[tuple[int, int]]] = {
        (*ends, *kind, replaces): pairs for kind, pairs in groups.items()
    }
    return _links(command.portal_id, Action.LINKS_PUT, kinds)


def links_removed(command: RemoveLinks) -> Deed | None:
    """Links that were removed."""
    groups: dict[Kind, list[tuple[int, int]]] = {}
    for source_id, target_id, types in command.removals:
        kind = command.source_type, command.target_type, types, None, False
        groups.setdefault(kind, []).append((source_id, target_id))
    return _links(command.portal_id, Action.LINKS_REMOVE, groups)


def records_created(command: CreateRecords, outcome: CreateOutcome) -> Deed | None:
    """Links that records were created with; None when there is none, or nothing was created."""
    if isinstance(outcome, Created):
        created: Sequence[Record | CreateRefused] = outcome.records
    elif isinstance(outcome, PartlyCreated):
        created = outcome.outcomes
    else:
        return None
    groups: dict[Kind, list[tuple[int, int]]] = {}
    for record, new in zip(created, command.records, strict=True):
        if not isinstance(record, Record):
            continue
        for target, types, first_type in new.links:
            kind = command.object_type, target.object_type, types, first_type, False
            groups.setdefault(kind, []).append((record.record_id, target.record_id))
    return _links(command.portal_id, Action.RECORDS_CREATE_LINKED, groups)


def records_archived(portal_id: int, object_type: int, record_ids: Sequence[int]) -> Deed | None:
    """Records that were archived, and lost their links."""
    return _records(portal_id, Action.RECORDS_ARCHIVE, object_type, record_ids)


def records_purged(portal_id: int, object_type: int, record_ids: Sequence[int]) -> Deed | None:
    """A record that was removed for good, and those that were part of it."""
    return _records(portal_id, Action.RECORDS_PURGE, object_type, sorted(record_ids))


def records_merged(command: MergeRecords, outcome: Record | RecordsMissing) -> Deed | None:
    """A record that became part of another one; None when it did not."""
    if isinstance(outcome, RecordsMissing):
        return None
    told = {"type": _id_of(command.object_type), "merged": command.loser_id, "into": command.winner_id}
    return Deed(command.portal_id, Action.RECORDS_MERGE, _to_json(told))


def types_added(portal_id: int, types: PortalTypes) -> Deed:
    """Object types and association types that were defined."""
    told: dict[str, Any] = {"objectTypes": [each.id for each in types.object_types]}
    return Deed(portal_id, Action.TYPES_ADD, _to_json(told | {"added": _labels(types.association_types)}))


class TypesWatch:
    """Watches a change of what a portal defines, to tell what was there before. decide: as the store is given it."""

    def __init__(self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]) -> None:
        self._portal_id = portal_id
        self._decide = decide
        self._before = PortalTypes()

    def decide(self, types: PortalTypes) -> TypesChange:
        """As the one that is watched."""
        self._before = types
        return self._decide(types)

    def deed(self, changed: TypesChanged) -> Deed | None:
        """The change; None when it changes nothing."""
        if changed.occupied:
            return None
        change, former = changed.change, {each.key: each for each in self._before.association_types}
        told: dict[str, Any] = {
            "objectTypes": [each.id for each in change.object_types],
            "archivedObjectTypes": [_id_of(code) for code in change.removed_object_types],
            "purgedObjectTypes": [_id_of(code) for code in change.purged],
            "added": _labels(change.added),
            "changed": _labels(change.changed),
            "removed": _labels(former[key] for key in change.removed if key in former),
            "limits": _limits(self._before.limits, change.limits, former),
        }
        told = {name: value for name, value in told.items() if value}
        if not told:
            return None
        return Deed(self._portal_id, _types_action(told), _to_json(told))


def _types_action(told: Mapping[str, object]) -> Action:
    if any(name.endswith("bjectTypes") for name in told):
        return Action.SCHEMAS_CHANGE
    return Action.LIMITS_CHANGE if set(told) == {"limits"} else Action.LABELS_CHANGE


def properties_changed(portal_id: int, object_type: int, change: PropertiesChange) -> Deed | None:
    """Properties and groups of an object type that were defined, changed or archived; None when there is none."""
    told = {
        "properties": [each.name for each in change.properties if each.archived_at is None],
        "archivedProperties": [each.name for each in change.properties if each.archived_at is not None],
        "groups": [each.name for each in change.groups if each.archived_at is None],
        "archivedGroups": [each.name for each in change.groups if each.archived_at is not None],
    }
    return _of_type(portal_id, Action.PROPERTIES_CHANGE, object_type, told)


def pipelines_changed(portal_id: int, changed: PipelinesChanged) -> Deed | None:
    """Pipelines, with their stages, that were defined, changed or removed; None when nothing was."""
    change, in_use = changed
    if in_use is not None:
        return None
    told = {
        "pipelines": [each.pipeline_id for each in change.put if not each.is_removed],
        "removedPipelines": [*change.removed, *(each.pipeline_id for each in change.put if each.is_removed)],
    }
    return _of_type(portal_id, Action.PIPELINES_CHANGE, change.object_type, told)


def portal_created(account: Account) -> Deed:
    """A portal that was made."""
    return Deed(account.portal_id, Action.PORTAL_CREATE, _to_json({"name": account.name}))


def portal_deleted(portal_id: int) -> Deed:
    """A portal that was closed, with all it holds."""
    return Deed(portal_id, Action.PORTAL_DELETE, "{}")


def token_created(token: Token) -> Deed:
    """A token that was made, or given to an app."""
    told = {
        "tokenId": token.token_id,
        "name": token.name,
        "scopes": token.scopes,
        "readOnly": token.is_read_only,
        "expiresAt": token.expires_at,
    }
    owner = {"appId": token.app_id, "userId": token.user_id} if token.app_id else {}
    return Deed(token.portal_id, Action.TOKEN_CREATE, _to_json(told | owner))


def token_revoked(portal_id: int, token_id: int, name: str) -> Deed:
    """A token that was ended."""
    return Deed(portal_id, Action.TOKEN_REVOKE, _to_json({"tokenId": token_id, "name": name}))


def code_exchanged(outcome: Granted | Code | None) -> Deed | None:
    """A token that an app got for a code; or the end of what it had got, when the code was used again."""
    if isinstance(outcome, Granted):
        return token_created(outcome.token)
    return None if outcome is None else grant_revoked(outcome)


def app_created(app: App) -> Deed:
    """An app that was made."""
    told = _app(app.app_id, app.name) | {
        "scopes": app.scopes,
        "optionalScopes": app.optional_scopes,
        "redirectUris": app.redirect_uris,
    }
    return Deed(app.portal_id, Action.APP_CREATE, _to_json(told))


def app_secret_rotated(portal_id: int, app_id: int, name: str) -> Deed:
    """An app that got another secret."""
    return Deed(portal_id, Action.APP_ROTATE_SECRET, _to_json(_app(app_id, name)))


def app_authorized(code: Code) -> Deed:
    """Consent to what an app may do in a portal."""
    told = {"appId": code.app_id, "userId": code.user_id, "scopes": code.scopes}
    return Deed(code.portal_id, Action.APP_AUTHORIZE, _to_json(told))


def grant_revoked(grant: Code | RefreshToken) -> Deed:
    """The end of what an app was given: by its refresh token, or because its code was used again."""
    told = {"appId": grant.app_id, "userId": grant.user_id, "codeUsedAgain": isinstance(grant, Code)}
    return Deed(grant.portal_id, Action.GRANT_REVOKE, _to_json(told))


def _links(portal_id: int, action: Action, groups: Mapping[Kind, Sequence[tuple[int, int]]]) -> Deed | None:
    if not groups:
        return None
    told = [
        f"{_common(*kind)}{','.join([f'[{source_id},{target_id}]' for source_id, target_id in pairs])}]}}"
        for kind, pairs in groups.items()
    ]
    return Deed(portal_id, action, f'{{"links":[{",".join(told)}]}}')


@lru_cache(maxsize=1024)
def _common(
    source_type: int,
    target_type: int,
    types: Types | None,
    first_type: AssociationType | None,
    replaces_labels: bool,
) -> str:
    """The beginning of a group of links, up to the pairs."""
    told: dict[str, Any] = {"from": _id_of(source_type), "to": _id_of(target_type)}
    told["types"] = None if types is None else _labels(types)
    if first_type is not None:
        [told["firstType"]] = _labels([first_type])
    if replaces_labels:
        told["replacesLabels"] = True
    return f'{_to_json(told)[:-1]},"pairs":['


def _of_type(
    portal_id: int, action: Action, object_type: int, told: Mapping[str, Sequence[str]]
) -> Deed | None:
    named = {key: names for key, names in told.items() if names}
    return Deed(portal_id, action, _to_json({"type": _id_of(object_type), **named})) if named else None


def _records(portal_id: int, action: Action, object_type: int, record_ids: Sequence[int]) -> Deed | None:
    if not record_ids:
        return None
    return Deed(portal_id, action, _to_json({"type": _id_of(object_type), "ids": list(record_ids)}))


def _labels(types: Iterable[AssociationType]) -> list[list[Any]]:
    return [[each.category.name, each.type_id, each.label] for each in types]


def _limits(
    before: Mapping[int, int], changes: Mapping[int, int | None], types: Mapping[int, AssociationType]
) -> list[list[Any]]:
    """Category, number, label, former and new limit of each type whose limit is another one now."""
    told = []
    for key, limit in changes.items():
        if before.get(key) != limit:
            category, type_id = split_type_key(key)
            label = types[key].label if key in types else None
            told.append([category.name, type_id, label, before.get(key), limit])
    return told


def _app(app_id: int, name: str) -> dict[str, Any]:
    return {"appId": app_id, "name": name}


def _id_of(object_type: int) -> str:
    return f"{object_type >> 32}-{object_type & 0xFFFFFFFF}"
