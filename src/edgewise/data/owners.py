"""The people who own records in every portal, invented, from owners.json; read at the first use."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec


class OwnerFact(msgspec.Struct, rename="camel", frozen=True):
    """An owner. mailbox: of the address, under the portal's domain. team: its name, or empty for none."""

    id: str
    user_id: int
    first_name: str
    last_name: str
    mailbox: str
    team: str = ""
    is_archived: bool = False


@cache
def owner_facts() -> tuple[OwnerFact, ...]:
    """Every owner, in ascending order of id."""
    raw = files(__package__).joinpath("owners.json").read_bytes()
    return tuple(msgspec.json.decode(raw, type=list[OwnerFact]))
