"""Scopes in plain words, for people who are asked to grant them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_NAMED = {
    "oauth": ("Account", "Know which portal it is connected to"),
    "contacts": ("Contacts", "Read and change contacts"),
    "e-commerce": ("Products and line items", "Read and change products and line items"),
    "automation": ("Automation", "Read and change automations"),
    "timeline": ("Timelines", "Read and change events on timelines"),
    "cpq.quotes.read": ("Quotes", "Read quotes"),
    "cpq.quotes.write": ("Quotes", "Change quotes"),
    "media_bridge.read": ("Media", "Read media that other apps brought"),
}
_PLURALS = {"commercepayments": "payments", "custom": "records of custom objects"}
_VERBS = {"read": "Read", "write": "Change"}
_GROUPS = {"custom": "Custom objects"}
_SETTINGS = {"schemas": "{} how {} are set up", "pipelines": "{} the pipelines of {}"}


def words_of(scope: str) -> tuple[str, str]:
    """What a scope is about, and what it allows. One that nobody described says its own name."""
    if scope in _NAMED:
        return _NAMED[scope]
    parts = scope.removesuffix(".v2").split(".")
    family = parts[2] if parts[0] == "crm" and len(parts) > 3 else parts[0]
    plural = _PLURALS.get(family, _spaced(family))
    group = _GROUPS.get(family, plural.capitalize())
    verb = _VERBS.get(parts[-1], "Read and change")
    if parts[0] == "crm" and parts[1] in _SETTINGS:
        return group, _SETTINGS[parts[1]].format(verb, group.lower())
    if scope.startswith("crm.objects.") or family == "tickets":
        which = "".join(f"{_spaced(part)} data of " for part in parts if part.endswith("sensitive"))
        return group, f"{verb} {which}{plural}"
    return "Other", f"Use {scope}"


def grouped(scopes: Iterable[str]) -> Mapping[str, list[tuple[str, str]]]:
    """What scopes are about, each with the words for it and the scope, in the order of the scopes."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for scope in scopes:
        group, words = words_of(scope)
        groups.setdefault(group, []).append((words, scope))
    return groups


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")
