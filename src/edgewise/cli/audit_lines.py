"""An entry of the audit log as a line that is read by people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from edgewise.cli.terminal import moment, styled
from edgewise.domain.audit import Action

if TYPE_CHECKING:
    from edgewise.domain.audit import Entry
    from edgewise.domain.callers import Actor

SHOWN_MAX = 3
"""How many links or records a line names; it counts the others."""

Details = Mapping[str, Any]
Names = Mapping[str, str]
"""The plural names of object types by id."""


def line(entry: Entry, names: Names) -> str:
    """When, where, who, and what. Names of others' choosing cannot end the line or colour it."""
    time = (moment(entry.at) or "")[:19].replace("T", " ")
    deed = entry.deed
    what = _WHAT[deed.action](json.loads(deed.details), names)
    action = styled(deed.action.value, bold=True)
    parts = [time, f"portal {deed.portal_id}", _printable(_who(entry.actor)), action, _printable(what)]
    return "  ".join(part for part in parts if part)


def _who(actor: Actor) -> str:
    parts = []
    if actor.app_id:
        parts.append(f"app {actor.app_id}")
    if actor.user_id:
        parts.append(f"user {actor.user_id}")
    if actor.token_id:
        parts.append(f"token {actor.token_id}")
    return f"{', '.join(parts)} '{actor.name}'" if parts else actor.name


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _links(details: Details, names: Names) -> str:
    told, room, left = [], SHOWN_MAX, 0
    for group in details["links"]:
        count = len(group["pairs"])
        if room:
            told.append(f"{_first_few(_pairs(group, names), count, room)}{_how(group)}")
            room -= min(room, count)
        else:
            left += count
    return "; ".join([*told, f"and {left:,} more"] if left else told)


def _pairs(group: Details, names: Names) -> Iterator[str]:
    source, target = (names.get(group[end], group[end]) for end in ("from", "to"))
    return (f"{source}/{source_id} ↔ {target}/{target_id}" for source_id, target_id in group["pairs"])


def _how(group: Details) -> str:
    """The labels of a group of links; nothing for links without one."""
    types = group["types"]
    labels = ["all types"] if types is None else [label for _, _, label in types if label is not None]
    if "firstType" in group:
        _, _, label = group["firstType"]
        labels.append(f"{label} if first")
    if group.get("replacesLabels"):
        labels.append("in place of other labels")
    return f": {', '.join(labels)}" if labels else ""


def _records(details: Details, names: Names) -> str:
    kind = names.get(details["type"], details["type"])
    return _first_few((f"{kind}/{each}" for each in details["ids"]), len(details["ids"]))


def _merge(details: Details, names: Names) -> str:
    kind = names.get(details["type"], details["type"])
    return f"{kind}/{details['merged']} into {kind}/{details['into']}"


def _types(details: Details, names: Names) -> str:
    parts = [f"{how} {', '.join(map(_label, details[how]))}" for how in _TYPES if details.get(how)]
    parts += [f"{how} {each}" for key, how in _OBJECT_TYPES.items() for each in details.get(key, ())]
    if "limits" in details:
        parts.append(", ".join(map(_limit, details["limits"])))
    return "; ".join(parts)


def _limit(row: Sequence[Any]) -> str:
    *identity, before, now = row
    return f"{_label(identity)}: {_or_none(before)} → {_or_none(now)}"


def _or_none(limit: int | None) -> str:
    return "no limit" if limit is None else f"{limit:,}"


def _label(row: Sequence[Any]) -> str:
    category, number, label = row
    return f"{category} {number}" if label is None else f"{label} ({category} {number})"


def _of_type(details: Details, names: Names) -> str:
    kind = names.get(details["type"], details["type"])
    parts = [
        f"{how} {_first_few(details[key], len(details[key]))}"
        for key, how in _DEFINED.items()
        if details.get(key)
    ]
    return f"{kind}: {'; '.join(parts)}"


def _named(details: Details, names: Names) -> str:
    return str(details.get("name", ""))


def _token(details: Details, names: Names) -> str:
    parts = [f"token {details['tokenId']} '{details['name']}'"]
    if "scopes" in details:
        scopes = details["scopes"]
        parts.append("every scope" if scopes is None else _first_few(scopes, len(scopes)) or "no scope")
    if details.get("readOnly"):
        parts.append("read-only")
    if details.get("expiresAt"):
        parts.append(f"until {(moment(details['expiresAt']) or '')[:19].replace('T', ' ')}")
    if details.get("appId"):
        parts.append(f"for app {details['appId']}, user {details['userId']}")
    return ", ".join(parts)


def _app(details: Details, names: Names) -> str:
    return f"app {details['appId']} '{details['name']}'"


def _grant(details: Details, names: Names) -> str:
    told = f"app {details['appId']}, user {details['userId']}"
    if "scopes" in details:
        return f"{told}: {_first_few(details['scopes'], len(details['scopes']))}"
    return f"{told}: its code was used again" if details["codeUsedAgain"] else told


def _first_few(told: Iterable[str], count: int, shown_max: int = SHOWN_MAX) -> str:
    shown = ", ".join(islice(told, shown_max))
    return shown if count <= shown_max else f"{shown}, and {count - shown_max:,} more"


_TYPES = ("added", "changed", "removed")
_OBJECT_TYPES = {
    "objectTypes": "object type",
    "archivedObjectTypes": "archived object type",
    "purgedObjectTypes": "purged object type",
}
_DEFINED = {
    "properties": "properties",
    "archivedProperties": "archived properties",
    "groups": "groups",
    "archivedGroups": "archived groups",
    "pipelines": "pipelines",
    "removedPipelines": "removed pipelines",
}
_WHAT: Mapping[Action, Callable[[Details, Names], str]] = {
    Action.LINKS_PUT: _links,
    Action.LINKS_REMOVE: _links,
    Action.LABELS_CHANGE: _types,
    Action.LIMITS_CHANGE: _types,
    Action.TYPES_ADD: _types,
    Action.SCHEMAS_CHANGE: _types,
    Action.PROPERTIES_CHANGE: _of_type,
    Action.PIPELINES_CHANGE: _of_type,
    Action.RECORDS_CREATE_LINKED: _links,
    Action.RECORDS_ARCHIVE: _records,
    Action.RECORDS_MERGE: _merge,
    Action.RECORDS_PURGE: _records,
    Action.PORTAL_CREATE: _named,
    Action.PORTAL_DELETE: _named,
    Action.TOKEN_CREATE: _token,
    Action.TOKEN_REVOKE: _token,
    Action.APP_CREATE: _app,
    Action.APP_ROTATE_SECRET: _app,
    Action.APP_AUTHORIZE: _grant,
    Action.GRANT_REVOKE: _grant,
}
