"""The portals, tokens and apps that the memory store keeps."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace
from itertools import count

from edgewise.domain import audit_deeds
from edgewise.domain.account_ports import Accounts
from edgewise.domain.accounts import Account, App, Code, Granted, RefreshToken, Token, TokenUse
from edgewise.domain.errors import Conflict
from edgewise.stores.memory.audit import MemoryAuditLog
from edgewise.stores.memory.jobs import Jobs
from edgewise.stores.memory.portal import Portal


class MemoryAccounts(Accounts):
    """See `edgewise.domain.account_ports.Accounts`. portals, jobs: what else of a portal goes with it."""

    def __init__(self, portals: MutableMapping[int, Portal], jobs: Jobs, audit: MemoryAuditLog) -> None:
        self._portals = portals
        self._jobs = jobs
        self._audit = audit
        self._accounts: dict[int, Account] = {}
        self._closed: set[int] = set()
        self._tokens: dict[bytes, Token] = {}
        self._apps: dict[str, App] = {}
        self._codes: dict[bytes, Code] = {}
        self._refresh_tokens: dict[bytes, RefreshToken] = {}
        self._token_ids = count(1)
        self._app_ids = count(1)

    async def add_account(self, account: Account) -> None:
        if account.portal_id in self._accounts or account.portal_id in self._closed:
            raise Conflict("a portal with this id exists, or did")
        self._accounts[account.portal_id] = account
        self._audit.note(audit_deeds.portal_created(account))

    async def find_account(self, portal_id: int) -> Account | None:
        return self._accounts.get(portal_id)

    async def list_accounts(self) -> Sequence[Account]:
        return [self._accounts[portal_id] for portal_id in sorted(self._accounts)]

    async def first_free_portal_id(self, first: int) -> int:
        return next(i for i in count(first) if i not in self._accounts and i not in self._closed)

    async def close_account(self, portal_id: int, at: int) -> bool:
        if self._accounts.pop(portal_id, None) is None:
            return False
        self._closed.add(portal_id)
        app_ids = {app.app_id for app in self._apps.values() if app.portal_id == portal_id}
        self._apps = {client: app for client, app in self._apps.items() if app.app_id not in app_ids}
        self._tokens = {d: t for d, t in self._tokens.items() if not _is_of(t, portal_id, app_ids)}
        self._codes = {d: c for d, c in self._codes.items() if not _is_of(c, portal_id, app_ids)}
        self._refresh_tokens = {
            d: t for d, t in self._refresh_tokens.items() if not _is_of(t, portal_id, app_ids)
        }
        self._audit.note(audit_deeds.portal_deleted(portal_id))
        return True

    async def is_closed(self, portal_id: int) -> bool:
        return portal_id in self._closed

    async def sweep_account(self, portal_id: int, rows_max: int) -> int:
        if portal_id not in self._closed:
            return 0
        swept = self._jobs.remove_of(portal_id, rows_max)
        portal = self._portals.get(portal_id)
        if portal is None:
            return swept
        swept += portal.sweep(rows_max - swept)
        if swept < rows_max:
            del self._portals[portal_id]
        return swept

    async def add_token(self, token: Token) -> Token:
        if token.portal_id not in self._accounts or token.digest in self._tokens:
            raise Conflict("the portal does not exist, or the token does")
        kept = replace(token, token_id=next(self._token_ids))
        self._tokens[kept.digest] = kept
        self._audit.note(audit_deeds.token_created(kept))
        return kept

    async def find_token(self, digest: bytes) -> Token | None:
        return self._tokens.get(digest)

    async def list_tokens(self, portal_id: int | None) -> Sequence[Token]:
        return [token for token in self._tokens.values() if portal_id in (None, token.portal_id)]

    async def count_tokens(self) -> int:
        return len(self._tokens)

    async def revoke_token(self, token_id: int, at: int) -> bool:
        for token in self._tokens.values():
            if token.token_id == token_id and token.revoked_at is None:
                self._tokens[token.digest] = replace(token, revoked_at=at)
                self._audit.note(audit_deeds.token_revoked(token.portal_id, token_id, token.name))
                return True
        return False

    async def note_token_uses(self, uses: Sequence[TokenUse]) -> None:
        latest = {use.token_id: use.at for use in sorted(uses, key=lambda use: use.at)}
        for token in self._tokens.values():
            at = latest.get(token.token_id)
            if at is not None and at > (token.last_used_at or 0):
                self._tokens[token.digest] = replace(token, last_used_at=at)

    async def add_app(self, app: App) -> App:
        if app.portal_id not in self._accounts or app.client_id in self._apps:
            raise Conflict("the portal does not exist, or the client id does")
        kept = replace(app, app_id=next(self._app_ids))
        self._apps[kept.client_id] = kept
        self._audit.note(audit_deeds.app_created(kept))
        return kept

    async def find_app(self, client_id: str) -> App | None:
        return self._apps.get(client_id)

    async def read_app(self, app_id: int) -> App | None:
        return next((app for app in self._apps.values() if app.app_id == app_id), None)

    async def list_apps(self) -> Sequence[App]:
        return list(self._apps.values())

    async def change_app_secret(self, client_id: str, secret_digest: bytes) -> bool:
        app = self._apps.get(client_id)
        if app is None:
            return False
        self._apps[client_id] = replace(app, secret_digest=secret_digest)
        self._audit.note(audit_deeds.app_secret_rotated(app.portal_id, app.app_id, app.name))
        return True

    async def add_code(self, code: Code) -> None:
        if code.portal_id not in self._accounts or code.digest in self._codes:
            raise Conflict("the portal does not exist, or the code does")
        self._codes[code.digest] = code
        self._audit.note(audit_deeds.app_authorized(code))

    async def exchange_code(
        self, digest: bytes, at: int, decide: Callable[[Code], Granted]
    ) -> Granted | None:
        code = self._codes.get(digest)
        if code is None:
            return None
        if code.used_at is not None:
            if self._end_all_of(digest, at):
                self._audit.note(audit_deeds.grant_revoked(code))
            return None
        granted = decide(code)
        if granted.refresh_token.digest in self._refresh_tokens:
            raise Conflict("the refresh token exists")
        kept = await self.add_token(granted.token)
        self._codes[digest] = replace(code, used_at=at)
        self._refresh_tokens[granted.refresh_token.digest] = granted.refresh_token
        return granted._replace(token=kept)

    async def find_refresh_token(self, digest: bytes) -> RefreshToken | None:
        return self._refresh_tokens.get(digest)

    async def revoke_refresh_token(self, digest: bytes, at: int) -> bool:
        token = self._refresh_tokens.get(digest)
        if token is None or token.revoked_at is not None:
            return False
        self._refresh_tokens[digest] = replace(token, revoked_at=at)
        self._audit.note(audit_deeds.grant_revoked(token))
        return True

    async def purge_expired(self, before: int) -> int:
        codes = [code.digest for code in self._codes.values() if code.expires_at < before]
        tokens = [
            token.digest
            for token in self._tokens.values()
            if token.app_id and token.expires_at is not None and token.expires_at < before
        ]
        for digest in codes:
            del self._codes[digest]
        for digest in tokens:
            del self._tokens[digest]
        return len(codes) + len(tokens)

    def _end_all_of(self, code_digest: bytes, at: int) -> int:
        """End what a code led to; answers how much that was."""
        tokens = [t for t in self._tokens.values() if t.code_digest == code_digest and t.revoked_at is None]
        refresh_tokens = [
            t for t in self._refresh_tokens.values() if t.code_digest == code_digest and t.revoked_at is None
        ]
        self._tokens |= {token.digest: replace(token, revoked_at=at) for token in tokens}
        self._refresh_tokens |= {token.digest: replace(token, revoked_at=at) for token in refresh_tokens}
        return len(tokens) + len(refresh_tokens)


def _is_of(row: Token | Code | RefreshToken, portal_id: int, app_ids: set[int]) -> bool:
    return row.portal_id == portal_id or row.app_id in app_ids
