"""The promises of a store about portals, tokens and apps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from edgewise.domain.accounts import Account, App, Code, Granted, RefreshToken, Token, TokenUse


class Accounts(Protocol):
    """Who may call. What `Store` promises of transactions and errors holds here too.

    Secrets are kept as SHA-256 digests, so what is read here opens nothing. A digest is compared byte by byte.
    """

    async def add_account(self, account: Account) -> None:
        """Make a portal. Raises: Conflict when its id is or was in use."""
        ...

    async def find_account(self, portal_id: int) -> Account | None:
        """A portal that is not closed, or None."""
        ...

    async def list_accounts(self) -> Sequence[Account]:
        """Every portal that is not closed, in the order of their ids."""
        ...

    async def first_free_portal_id(self, first: int) -> int:
        """The lowest id from `first` on that is not in use and never was."""
        ...

    async def close_account(self, portal_id: int, at: int) -> bool:
        """End a portal for good: its tokens, codes and apps are gone; False when there is none that is open.

        Its other rows stay until `sweep_account` removed them. Its id is never used again.
        """
        ...

    async def is_closed(self, portal_id: int) -> bool:
        """Whether there was a portal with this id that was closed."""
        ...

    async def sweep_account(self, portal_id: int, rows_max: int) -> int:
        """Remove at most so many rows of a closed portal; answers how many there were.

        Fewer than asked for: all are gone, but for those that a call under way adds. Of an open portal none is removed.
        """
        ...

    async def add_token(self, token: Token) -> Token:
        """Keep a token; answers it with its id. Raises: Conflict when its portal is not there, or its digest is."""
        ...

    async def find_token(self, digest: bytes) -> Token | None:
        """A token, also an expired or revoked one, or None."""
        ...

    async def list_tokens(self, portal_id: int | None) -> Sequence[Token]:
        """The tokens of a portal in the order of their ids; with None those of all, for the operator."""
        ...

    async def count_tokens(self) -> int:
        """How many tokens are kept, over all portals."""
        ...

    async def revoke_token(self, token_id: int, at: int) -> bool:
        """End a token; False when there is none that is not ended."""
        ...

    async def note_token_uses(self, uses: Sequence[TokenUse]) -> None:
        """Keep when tokens were last used; an earlier time than is kept changes nothing."""
        ...

    async def add_app(self, app: App) -> App:
        """Keep an app; answers it with its id. Raises: Conflict when its client id or its portal's absence forbids."""
        ...

    async def find_app(self, client_id: str) -> App | None:
        """An app by its client id, or None."""
        ...

    async def read_app(self, app_id: int) -> App | None:
        """An app by its id, or None."""
        ...

    async def list_apps(self) -> Sequence[App]:
        """Every app, in the order of their ids."""
        ...

    async def change_app_secret(self, client_id: str, secret_digest: bytes) -> bool:
        """Give an app another secret; False when there is no such app. The former one opens nothing from then on."""
        ...

    async def add_code(self, code: Code) -> None:
        """Keep an authorization code. Raises: Conflict when its portal is not there, or its digest is."""
        ...

    async def exchange_code(
        self, digest: bytes, at: int, decide: Callable[[Code], Granted]
    ) -> Granted | None:
        """Use a code once: `decide` answers what it comes to, which is kept with the code's use.

        None for an unknown code, and for one that was used: then every token it led to is ended. What `decide` raises
        is raised here, and the code may still be used; so it may after a Conflict: a digest that is there.
        """
        ...

    async def find_refresh_token(self, digest: bytes) -> RefreshToken | None:
        """A refresh token, also a revoked one, or None."""
        ...

    async def revoke_refresh_token(self, digest: bytes, at: int) -> bool:
        """End a refresh token, not the access tokens it gave; False when there is none that is not ended."""
        ...

    async def purge_expired(self, before: int) -> int:
        """Forget codes, and access tokens of apps, that expired before a time; answers how many."""
        ...
