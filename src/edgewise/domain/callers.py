"""Who makes a request: what its token allows, and the name it acts under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from edgewise.domain.accounts import Account, Token, usual_account


class Actor(NamedTuple):
    """Who changed something, as the audit log names them. Zeros where there is none; name: of the token or command."""

    token_id: int
    app_id: int
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. token: what was shown, or None when any token opens the server and this one is not known.

    scopes: None grants every one. is_public_app: the token is that of an OAuth app which is offered to anyone.
    """

    account: Account
    token: Token | None
    scopes: frozenset[str] | None
    is_read_only: bool
    is_public_app: bool
    actor: Actor


NOBODY = Caller(usual_account(0, 0), None, frozenset(), True, False, Actor(0, 0, 0, "nobody"))
"""Who makes a request that asks for no token: in the portal 0, which holds nothing."""
