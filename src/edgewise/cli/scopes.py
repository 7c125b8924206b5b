"""Scopes as a command line names them."""

from __future__ import annotations

from difflib import get_close_matches

from edgewise.cli.failures import BadUsage


def known_scopes() -> list[str]:
    """Every scope that an operation may ask for, and those that let an app in."""
    from edgewise.data.scopes import scope_facts

    return scope_facts().every


def scopes_of(option: str, text: str) -> tuple[str, ...]:
    """The scopes of a list such as `crm.objects.contacts.read,tickets`, each once. Raises: BadUsage."""
    scopes = tuple(dict.fromkeys(text.replace(",", " ").split()))
    if not scopes:
        raise BadUsage(
            f"{option} names no scope; leave it out for every scope, or name some: {option} tickets,oauth"
        )
    known = known_scopes()
    for scope in scopes:
        if scope not in known:
            near = get_close_matches(scope, known, 3, 0.5)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise BadUsage(f"{option}: no scope is named {scope!r}{hint}")
    return scopes
