"""What the page for consent asks of the store: who may connect an app, and to which portal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from edgewise.domain import oauth
from edgewise.domain.accounts import Account
from edgewise.domain.audit import Acting, acting
from edgewise.domain.callers import Actor
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_oauth import (
    BadChallenge,
    ConsentDeclined,
    ConsenterUnknown,
    ConsentRefused,
    FormRefused,
    HubRefused,
    ScopesRefused,
    UnknownClient,
    UnknownRedirectUri,
    UnsupportedResponse,
)
from edgewise.domain.oauth import Asked, Consenter, digest_of, user_id_of
from edgewise.domain.ports import Store
from edgewise.surfaces.runs.oauth import give_code
from edgewise.wire.authorize import (
    Form,
    Outcome,
    SentBack,
    Stopped,
    browser_cookie,
    hub_id_of,
    is_from_elsewhere,
    sealed_fields,
)
from edgewise.wire.messages import Call
from edgewise.wire.oauth import read_form, scopes_in
from edgewise.wire.refusals import RequestError
from edgewise.wire.tickets import is_good

Run = Callable[[Store, Call, bytes], Awaitable[Outcome]]


class Person(NamedTuple):
    """Who answers, and the name that the audit log gives them."""

    consenter: Consenter
    actor: Actor


class People(Protocol):
    """Who may connect apps."""

    async def portals(self, store: Store, hub_id: int | None) -> Sequence[Account]:
        """The portals to choose from, of which there is at least one; none where they are told to nobody."""
        ...

    async def who(self, store: Store, fields: Mapping[str, str], hub_id: int | None, at: int) -> Person:
        """Who answered a form. Raises: ConsenterUnknown."""
        ...


class Anyone:
    """Whoever opens the page, on a server that any token opens: they choose a portal."""

    async def portals(self, store: Store, hub_id: int | None) -> Sequence[Account]:
        every = await store.accounts.list_accounts()
        return [each for each in every if hub_id in (None, each.portal_id)] or every

    async def who(self, store: Store, fields: Mapping[str, str], hub_id: int | None, at: int) -> Person:
        chosen = fields.get("portal")
        for account in await self.portals(store, hub_id):
            if str(account.portal_id) == chosen:
                user_id = user_id_of(f"portal {account.portal_id}")
                return Person(Consenter(account.portal_id, user_id), Actor(0, 0, user_id, "consent page"))
        raise ConsenterUnknown


class TokenHolders:
    """Who has a token of a portal, which is not an app's. Portals are told to nobody."""

    async def portals(self, store: Store, hub_id: int | None) -> Sequence[Account]:
        return ()

    async def who(self, store: Store, fields: Mapping[str, str], hub_id: int | None, at: int) -> Person:
        token = await store.accounts.find_token(digest_of(fields.get("access_token", "").strip()))
        portal_id = 0 if token is None else token.portal_id
        account = await store.accounts.find_account(
            portal_id
        )  # also for an unknown token, which takes as long
        if token is None or account is None or token.app_id or not oauth.is_live(token, at):
            raise ConsenterUnknown
        if hub_id not in (None, portal_id):
            raise ConsenterUnknown
        user_id = token.user_id or user_id_of(f"token {token.token_id}")
        scopes = None if token.scopes is None else frozenset(token.scopes)
        consenter = Consenter(portal_id, user_id, scopes, token.is_read_only)
        return Person(consenter, Actor(token.token_id, 0, user_id, token.name))


def page_for(people: People) -> tuple[Run, Run]:
    """How the page is shown, and how its form is taken, where these people may connect apps."""

    async def show(store: Store, call: Call, link: bytes) -> Outcome:
        outcome = await _asked(store, call, link)
        if not isinstance(outcome, Form):
            return outcome
        return outcome._replace(portals=await people.portals(store, outcome.hub_id))

    async def take(store: Store, call: Call, content: bytes) -> Outcome:
        outcome = await _asked(store, call, content)
        if not isinstance(outcome, Form):
            return outcome
        asked, fields = outcome.asked, outcome.fields
        browser = None if is_from_elsewhere(call) else browser_cookie(call)
        sealed = sealed_fields(call, fields)
        if browser is None or not is_good(fields.get("ticket", ""), asked.app, browser, sealed, call.at):
            portals = await people.portals(store, outcome.hub_id)
            return outcome._replace(portals=portals, problem=FormRefused())
        if fields.get("decision") != "connect":
            return _sent_back(outcome, ConsentDeclined())
        try:
            person = await people.who(store, fields, outcome.hub_id, call.at)
            acting.set(Acting(person.actor, call.at))
            code = await give_code(store, asked, person.consenter, call.at)
        except (ConsenterUnknown, ConsentRefused, HubRefused) as problem:
            return outcome._replace(portals=await people.portals(store, outcome.hub_id), problem=problem)
        return SentBack(asked.redirect_uri, fields.get("state"), code, None)

    return show, take


async def _asked(store: Store, call: Call, content: bytes) -> Outcome:
    """What an app asks for.

    The browser is sent back with an error only to an address that is known to be the app's.
    Source: RFC 6749, section 4.1.2.1.
    """
    try:
        fields = read_form(content)
        app = await store.accounts.find_app(fields.get("client_id", ""))
        if app is None:
            raise UnknownClient
        redirect_uri = oauth.require_redirect_uri(app, fields.get("redirect_uri"))
    except (RequestError, UnknownClient, UnknownRedirectUri) as error:
        return Stopped(error)
    try:
        if fields.get("response_type", "code") != "code":
            raise UnsupportedResponse
        scopes, optional = oauth.require_scopes(
            app, scopes_in(fields.get("scope")) or (), scopes_in(fields.get("optional_scope")) or ()
        )
        challenge = oauth.require_challenge(fields.get("code_challenge"), fields.get("code_challenge_method"))
    except (UnsupportedResponse, ScopesRefused, BadChallenge) as error:
        return SentBack(redirect_uri, fields.get("state"), None, error)
    asked = Asked(app, redirect_uri, scopes, optional, challenge)
    return Form(asked, fields, (), hub_id_of(call))


def _sent_back(form: Form, error: DomainError) -> SentBack:
    return SentBack(form.asked.redirect_uri, form.fields.get("state"), None, error)
