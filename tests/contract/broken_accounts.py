"""Stores with one planted fault each in who may call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from edgewise.domain.accounts import Account, App, Code, Granted, RefreshToken, Token, TokenUse
from edgewise.stores.memory.accounts import MemoryAccounts
from tests.contract.broken_stores import BrokenStore


class OpensTheFirstPortalWithEveryToken(BrokenStore):
    class Accounts(MemoryAccounts):
        async def find_token(self, digest: bytes) -> Token | None:
            is_known = await super().find_token(digest) is not None
            return next(iter(self._tokens.values())) if is_known else None


class ComparesDigestsWithoutCase(BrokenStore):
    class Accounts(MemoryAccounts):
        async def find_token(self, digest: bytes) -> Token | None:
            return next((t for d, t in self._tokens.items() if d.lower() == digest.lower()), None)


class ListsTokensOfOtherPortals(BrokenStore):
    class Accounts(MemoryAccounts):
        async def list_tokens(self, portal_id: int | None) -> Sequence[Token]:
            return await super().list_tokens(None)


class GrantsEveryScopeForNone(BrokenStore):
    class Accounts(MemoryAccounts):
        async def add_token(self, token: Token) -> Token:
            return await super().add_token(replace(token, scopes=token.scopes or None))


class ForgetsThatATokenIsReadOnly(BrokenStore):
    class Accounts(MemoryAccounts):
        async def add_token(self, token: Token) -> Token:
            return await super().add_token(replace(token, is_read_only=False))


class LosesARevocation(BrokenStore):
    class Accounts(MemoryAccounts):
        async def note_token_uses(self, uses: Sequence[TokenUse]) -> None:
            await super().note_token_uses(uses)
            used = {use.token_id for use in uses}
            for token in self._tokens.values():
                if token.token_id in used:
                    self._tokens[token.digest] = replace(token, revoked_at=None)


class RevokesEveryTokenOfThePortal(BrokenStore):
    class Accounts(MemoryAccounts):
        async def revoke_token(self, token_id: int, at: int) -> bool:
            portals = {t.portal_id for t in self._tokens.values() if t.token_id == token_id}
            ids = [t.token_id for t in self._tokens.values() if t.portal_id in portals]
            return any([await MemoryAccounts.revoke_token(self, each, at) for each in ids])


class RevokesAgain(BrokenStore):
    class Accounts(MemoryAccounts):
        async def revoke_token(self, token_id: int, at: int) -> bool:
            for token in self._tokens.values():
                if token.token_id == token_id:
                    self._tokens[token.digest] = replace(token, revoked_at=None)
            return await super().revoke_token(token_id, at)


class RemovesARevokedToken(BrokenStore):
    class Accounts(MemoryAccounts):
        async def revoke_token(self, token_id: int, at: int) -> bool:
            was_there = await super().revoke_token(token_id, at)
            self._tokens = {d: t for d, t in self._tokens.items() if t.token_id != token_id}
            return was_there


class LetsLastUseGoBack(BrokenStore):
    class Accounts(MemoryAccounts):
        async def note_token_uses(self, uses: Sequence[TokenUse]) -> None:
            for token in self._tokens.values():
                self._tokens[token.digest] = replace(token, last_used_at=None)
            await super().note_token_uses(uses)


class KeepsATokenTwice(BrokenStore):
    class Accounts(MemoryAccounts):
        async def add_token(self, token: Token) -> Token:
            self._tokens.pop(token.digest, None)
            return await super().add_token(token)


class KeepsTokensOfPortalsThatAreGone(BrokenStore):
    class Accounts(MemoryAccounts):
        async def add_token(self, token: Token) -> Token:
            self._tokens[token.digest] = replace(token, token_id=next(self._token_ids))
            return self._tokens[token.digest]


class LetsTokensOfAClosedPortalLive(BrokenStore):
    class Accounts(MemoryAccounts):
        async def close_account(self, portal_id: int, at: int) -> bool:
            tokens = self._tokens
            is_closed = await super().close_account(portal_id, at)
            self._tokens = tokens
            return is_closed


class LetsGrantsToTheAppsOfAClosedPortalLive(BrokenStore):
    class Accounts(MemoryAccounts):
        async def close_account(self, portal_id: int, at: int) -> bool:
            elsewhere = {d: t for d, t in self._refresh_tokens.items() if t.portal_id != portal_id}
            is_closed = await super().close_account(portal_id, at)
            self._refresh_tokens |= elsewhere
            return is_closed


class LetsCodesOfAClosedPortalWait(BrokenStore):
    class Accounts(MemoryAccounts):
        async def close_account(self, portal_id: int, at: int) -> bool:
            codes = self._codes
            is_closed = await super().close_account(portal_id, at)
            self._codes = codes
            return is_closed


class ClosesWithEveryApp(BrokenStore):
    class Accounts(MemoryAccounts):
        async def close_account(self, portal_id: int, at: int) -> bool:
            is_closed = await super().close_account(portal_id, at)
            self._apps.clear()
            return is_closed


class GivesThePortalIdOfAClosedPortalAgain(BrokenStore):
    class Accounts(MemoryAccounts):
        async def add_account(self, account: Account) -> None:
            self._closed.discard(account.portal_id)
            await super().add_account(account)


class OffersThePortalIdOfAClosedPortal(BrokenStore):
    class Accounts(MemoryAccounts):
        async def first_free_portal_id(self, first: int) -> int:
            return next(i for i in range(first, first + 100) if i not in self._accounts)


class CountsOnFromTheLargestPortalId(BrokenStore):
    class Accounts(MemoryAccounts):
        async def first_free_portal_id(self, first: int) -> int:
            return max([first - 1, *self._accounts, *self._closed]) + 1


class OverwritesAPortal(BrokenStore):
    class Accounts(MemoryAccounts):
        async def add_account(self, account: Account) -> None:
            self._accounts.pop(account.portal_id, None)
            await super().add_account(account)


class ListsPortalsAsTheyWereMade(BrokenStore):
    class Accounts(MemoryAccounts):
        async def list_accounts(self) -> Sequence[Account]:
            return list(self._accounts.values())


class SweepsAnOpenPortal(BrokenStore):
    class Accounts(MemoryAccounts):
        async def sweep_account(self, portal_id: int, rows_max: int) -> int:
            was_closed, self._closed = self._closed, {portal_id}
            swept = await super().sweep_account(portal_id, rows_max)
            self._closed = was_closed
            return swept


class SweepsEveryPortal(BrokenStore):
    class Accounts(MemoryAccounts):
        async def sweep_account(self, portal_id: int, rows_max: int) -> int:
            swept = await super().sweep_account(portal_id, rows_max)
            for portal in self._portals.values():
                portal.sweep(rows_max)
            return swept


class SweepsTheJobsOfEveryPortal(BrokenStore):
    class Accounts(MemoryAccounts):
        async def sweep_account(self, portal_id: int, rows_max: int) -> int:
            for each in self._accounts:
                self._jobs.remove_of(each, rows_max)
            return await super().sweep_account(portal_id, rows_max)


class SweepsAllAtOnce(BrokenStore):
    class Accounts(MemoryAccounts):
        async def sweep_account(self, portal_id: int, rows_max: int) -> int:
            return await super().sweep_account(portal_id, 1_000_000)


class SweepsWithoutJobs(BrokenStore):
    class Accounts(MemoryAccounts):
        async def sweep_account(self, portal_id: int, rows_max: int) -> int:
            jobs = dict(self._jobs._jobs)
            swept = await super().sweep_account(portal_id, rows_max)
            self._jobs._jobs = jobs
            return swept


class SweepsOnce(BrokenStore):
    class Accounts(MemoryAccounts):
        async def sweep_account(self, portal_id: int, rows_max: int) -> int:
            swept = await super().sweep_account(portal_id, rows_max)
            self._closed.discard(portal_id)
            return swept


class UsesACodeTwice(BrokenStore):
    class Accounts(MemoryAccounts):
        async def exchange_code(
            self, digest: bytes, at: int, decide: Callable[[Code], Granted]
        ) -> Granted | None:
            code = self._codes.get(digest)
            if code is None:
                return None
            self._codes[digest] = replace(code, used_at=None)
            for token in [t for t in self._tokens.values() if t.code_digest == digest]:
                del self._tokens[token.digest]
            self._refresh_tokens = {d: t for d, t in self._refresh_tokens.items() if t.code_digest != digest}
            return await super().exchange_code(digest, at, decide)


class LetsTheGrantOfACodeUsedTwiceLive(BrokenStore):
    class Accounts(MemoryAccounts):
        def _end_all_of(self, code_digest: bytes, at: int) -> None:
            pass


class LetsTheRefreshTokenOfACodeUsedTwiceLive(BrokenStore):
    class Accounts(MemoryAccounts):
        def _end_all_of(self, code_digest: bytes, at: int) -> None:
            refresh_tokens = dict(self._refresh_tokens)
            super()._end_all_of(code_digest, at)
            self._refresh_tokens = refresh_tokens


class EndsEveryGrantWithACodeUsedTwice(BrokenStore):
    class Accounts(MemoryAccounts):
        def _end_all_of(self, code_digest: bytes, at: int) -> None:
            for digest in [t.code_digest for t in self._tokens.values() if t.code_digest]:
                super()._end_all_of(digest, at)


class UsesUpARefusedCode(BrokenStore):
    class Accounts(MemoryAccounts):
        async def exchange_code(
            self, digest: bytes, at: int, decide: Callable[[Code], Granted]
        ) -> Granted | None:
            try:
                return await super().exchange_code(digest, at, decide)
            except Exception:
                self._codes[digest] = replace(self._codes[digest], used_at=at)
                raise


class KeepsHalfOfAGrant(BrokenStore):
    class Accounts(MemoryAccounts):
        async def exchange_code(
            self, digest: bytes, at: int, decide: Callable[[Code], Granted]
        ) -> Granted | None:
            code = self._codes.get(digest)
            if code is not None and code.used_at is None:
                granted = decide(code)
                if granted.refresh_token.digest in self._refresh_tokens:
                    await self.add_token(granted.token)
            return await super().exchange_code(digest, at, decide)


class EndsAccessTokensWithTheirRefreshToken(BrokenStore):
    class Accounts(MemoryAccounts):
        async def revoke_refresh_token(self, digest: bytes, at: int) -> bool:
            token = self._refresh_tokens.get(digest)
            if token is not None and token.code_digest is not None:
                self._end_all_of(token.code_digest, at)
                self._refresh_tokens[digest] = token
            return await super().revoke_refresh_token(digest, at)


class ForgetsExpiredTokensOfPrivateApps(BrokenStore):
    class Accounts(MemoryAccounts):
        async def purge_expired(self, before: int) -> int:
            count = await super().purge_expired(before)
            self._tokens = {
                d: t for d, t in self._tokens.items() if t.expires_at is None or t.expires_at >= before
            }
            return count


class ForgetsWhatExpiresAtTheMoment(BrokenStore):
    class Accounts(MemoryAccounts):
        async def purge_expired(self, before: int) -> int:
            return await super().purge_expired(before + 1)


class ChangesTheSecretOfEveryApp(BrokenStore):
    class Accounts(MemoryAccounts):
        async def change_app_secret(self, client_id: str, secret_digest: bytes) -> bool:
            is_changed = await super().change_app_secret(client_id, secret_digest)
            self._apps = {c: replace(a, secret_digest=secret_digest) for c, a in self._apps.items()}
            return is_changed


class TellsAppsByTheirNameWithoutCase(BrokenStore):
    class Accounts(MemoryAccounts):
        async def find_app(self, client_id: str) -> App | None:
            return next((a for c, a in self._apps.items() if c.lower() == client_id.lower()), None)


class ForgetsWhichCodeARefreshTokenCameFrom(BrokenStore):
    class Accounts(MemoryAccounts):
        async def find_refresh_token(self, digest: bytes) -> RefreshToken | None:
            token = await super().find_refresh_token(digest)
            return token and replace(token, code_digest=None)
