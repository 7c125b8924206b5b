"""Owners: which are asked for, and how they are told. They are the same in every portal, and cannot be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import UNSET

from edgewise.data.owners import OwnerFact, owner_facts
from edgewise.domain.errors import InvalidCursor
from edgewise.domain.errors_pipelines import InvalidOwnerKey, OwnerNotFound
from edgewise.domain.identifiers import is_number
from edgewise.wire.bodies_pipelines import (
    CollectionResponsePublicOwnerForwardPaging,
    PublicOwner,
    PublicTeam,
)
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import is_archived
from edgewise.wire.paging import next_page, page_size
from edgewise.wire.times import timestamp

PAGE_SIZE_DEFAULT = 100
PAGE_SIZE_MAX = 500
"""Source: Owners API reference."""


class ListOwners(NamedTuple):
    """A page of owners. after: the id of the last one before it. email: of the one that is wanted, or None."""

    after: int
    limit: int
    email: str | None
    is_archived: bool


class OneOwner(NamedTuple):
    """An owner by its id, or by its user id."""

    text: str
    is_by_user_id: bool
    is_archived: bool


def decode_list(call: Call) -> ListOwners:
    """A page of owners."""
    after = call.query("after")
    if after and not is_number(after):
        raise InvalidCursor(after)
    limit = page_size(call.query("limit"), PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX)
    return ListOwners(int(after or 0), limit, call.query("email") or None, is_archived(call))


def decode_one(call: Call) -> OneOwner:
    """An owner. Raises: InvalidOwnerKey."""
    key = call.query("idProperty") or "id"
    if key not in ("id", "userId"):
        raise InvalidOwnerKey(key)
    return OneOwner(call.params[0], key == "userId", is_archived(call))


def encode_list(call: Call, command: ListOwners, outcome: None) -> Reply:
    """The owners, and where the next page is."""
    found = [
        each
        for each in owner_facts()
        if each.is_archived is command.is_archived
        and int(each.id) > command.after
        and (command.email is None or _email(call, each).casefold() == command.email.casefold())
    ]
    shown: Sequence[OwnerFact] = found[: command.limit]
    paging = next_page(call, shown[-1].id, call.path) if len(found) > len(shown) else UNSET
    return Reply(200, CollectionResponsePublicOwnerForwardPaging([_body(call, o) for o in shown], paging))


def encode_one(call: Call, command: OneOwner, outcome: None) -> Reply:
    """The owner, or 404."""
    for each in owner_facts():
        told = str(each.user_id) if command.is_by_user_id else each.id
        if told == command.text and each.is_archived is command.is_archived:
            return Reply(200, _body(call, each))
    raise OwnerNotFound(command.text)


def _email(call: Call, owner: OwnerFact) -> str:
    return f"{owner.mailbox}@{call.caller.account.domain}"


def _body(call: Call, owner: OwnerFact) -> PublicOwner:
    at = timestamp(call.caller.account.created_at)
    team_id = str(1 + sorted({each.team for each in owner_facts()}).index(owner.team))
    return PublicOwner(
        id=owner.id,
        email=_email(call, owner),
        type="PERSON",
        first_name=owner.first_name,
        last_name=owner.last_name,
        user_id=UNSET if owner.is_archived else owner.user_id,
        user_id_including_inactive=owner.user_id,
        created_at=at,
        updated_at=at,
        archived=owner.is_archived,
        teams=[PublicTeam(team_id, owner.team, True)] if owner.team else UNSET,
    )
