"""The page on which a person connects an app to a portal, and where it sends the browser.

Source: RFC 6749, section 4.1; docs/behaviour.md, section 8.2; docs/decisions/0016-oauth-consent.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from edgewise.domain.accounts import Account
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_oauth import (
    ConsenterUnknown,
    ConsentRefused,
    FormRefused,
    UnknownClient,
    UnknownRedirectUri,
)
from edgewise.domain.oauth import Asked, is_loopback
from edgewise.wire.messages import Call, Reply, Text
from edgewise.wire.pages import Html, fill, joined, page, style_source
from edgewise.wire.scope_words import grouped
from edgewise.wire.shapes import SHAPES
from edgewise.wire.tickets import browser_of, new_browser, new_ticket
from edgewise.wire.times import day

PATH = "/oauth/authorize"
PATH_OF_HUB = "/oauth/{hubId}/authorize"

ASKED_FIELDS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "optional_scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
"""What an app asks with; it comes back with the form as it is."""

_COOKIE = "edgewise_browser"
_SEE_OTHER = 303
_FOUND = 302
_HTML = "text/html;charset=utf-8"
_WHY_REFUSED = {
    UnknownClient: (
        "This app is not known here",
        "The link names a client id that no app of this server has.",
    ),
    UnknownRedirectUri: (
        "This link leads somewhere unexpected",
        "It would send your browser to an address that the app did not register.",
    ),
}
_ADVICE = "Go back to the app and start again. If this page comes again, tell the people who run the app."


class Form(NamedTuple):
    """The page that asks. fields: as the app sent them. portals: to choose from; none: a token is asked for.

    hub_id: the portal that the link names, or None. problem: why the answer that was given will not do.
    """

    asked: Asked
    fields: Mapping[str, str]
    portals: Sequence[Account]
    hub_id: int | None
    problem: DomainError | None = None


class SentBack(NamedTuple):
    """The browser goes back to the app, with a code or with what stood against it."""

    redirect_uri: str
    state: str | None
    code: str | None
    error: DomainError | None


class Stopped(NamedTuple):
    """A link or form that leads nowhere, and certainly not to where it says."""

    error: DomainError


Outcome = Form | SentBack | Stopped


def decode_link(call: Call) -> bytes:
    """What an app asks with."""
    query: bytes = call.scope["query_string"]
    return query


def decode_form(call: Call) -> bytes:
    """What a person answers."""
    return call.body


def hub_id_of(call: Call) -> int | None:
    """The portal that the path names, 0 for what is no id, or None."""
    if not call.params:
        return None
    text = call.params[0]
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 16 else 0


def browser_cookie(call: Call) -> str | None:
    """What this page told the browser to say of itself, or None where it says nothing of the kind."""
    for part in (call.header(b"cookie") or b"").decode("latin-1").split(";"):
        name, _, value = part.strip().partition("=")
        if name == _COOKIE:
            return browser_of(value)
    return None


def is_from_elsewhere(call: Call) -> bool:
    """Whether the browser says that a form came from another page than one of this server.

    `Sec-Fetch-Site` is believed first: it is the browser's own word, also behind a proxy that changes `Host`. Neither
    comes from a program that is no browser, which nobody can use against its user.
    """
    site = call.header(b"sec-fetch-site")
    if site is not None:
        return site not in (b"same-origin", b"none")
    origin = call.header(b"origin")
    return origin is not None and origin.lower().partition(b"://")[2] != (call.header(b"host") or b"").lower()


def sealed_fields(call: Call, fields: Mapping[str, str]) -> Mapping[str, str]:
    """What a form's ticket is for: all that an app asks with, and the portal that the path names."""
    return {name: fields[name] for name in ASKED_FIELDS if name in fields} | {"path": call.path}


def encode(call: Call, command: bytes, outcome: Outcome) -> Reply:
    """A page, or the way back to the app."""
    match outcome:
        case Form():
            return _form(call, outcome)
        case SentBack():
            status = _SEE_OTHER if call.scope["method"] == "POST" else _FOUND
            headers = ((b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer"))
            return Reply(status, location=_way_back(outcome), headers=headers)
        case Stopped(error):
            title, text = _WHY_REFUSED.get(
                type(error), ("This link cannot be used", f"Something is wrong with it: {_message(error)}.")
            )
            content = fill("refused", title=title, text=text, advice=_ADVICE)
            return _page(400, title, content, "'none'")


def _way_back(outcome: SentBack) -> str:
    """The redirect URI with what is added to its query. Source: RFC 6749, sections 4.1.2 and 4.1.2.1."""
    if outcome.error is None:
        told = {"code": outcome.code or ""}
    else:
        error = SHAPES[type(outcome.error)].oauth_error
        told = {"error": error, "error_description": _message(outcome.error)}
    if outcome.state is not None:
        told["state"] = outcome.state
    joint = "&" if urlsplit(outcome.redirect_uri).query else "?"
    return outcome.redirect_uri.removesuffix("?") + joint + urlencode(told)


def _message(error: DomainError) -> str:
    return SHAPES[type(error)].message(error)


def _form(call: Call, form: Form) -> Reply:
    asked, app = form.asked, form.asked.app
    browser = browser_cookie(call) or new_browser()
    sealed = sealed_fields(call, form.fields)
    ticket = new_ticket(app, browser, sealed, call.at)
    hidden = [(name, value) for name, value in sealed.items() if name != "path"] + [("ticket", ticket)]
    portal = "a portal" if form.hub_id is None else f"portal {form.hub_id}"
    content = fill(
        "consent",
        action=call.path,
        app=app.name,
        since=day(app.created_at),
        portal=portal,
        person=_person(form, portal),
        groups=_groups(asked.scopes),
        optional=(
            fill("optional", groups=_groups(asked.optional_scopes)) if asked.optional_scopes else Html("")
        ),
        host=_destination(asked.redirect_uri),
        redirect_uri=asked.redirect_uri,
        hidden=joined(fill("hidden", name=name, value=value) for name, value in hidden),
        client_id=app.client_id,
    )
    cookie = f"{_COOKIE}={browser}; Path=/oauth; HttpOnly; SameSite=Lax"
    status = 200 if form.problem is None else SHAPES[type(form.problem)].status
    targets = (
        f"'self' {_origin(asked.redirect_uri)}"  # a browser may check where the form's answer sends it, too
    )
    return _page(status, f"Connect {app.name}", content, targets, ((b"set-cookie", cookie.encode()),))


def _person(form: Form, portal: str) -> Html:
    """What shows that whoever answers may do so: a choice of portals, or a token of one."""
    problem = Html("") if form.problem is None else fill("problem", text=_problem(form.problem))
    if not form.portals:
        is_wrong = form.problem is not None and not isinstance(form.problem, FormRefused)
        invalid = Html(' aria-invalid="true" autofocus' if is_wrong else "")
        whose = "the portal" if form.hub_id is None else portal
        return fill("show_token", portal=whose, problem=problem, invalid=invalid)
    options = (
        fill("portal", portal_id=each.portal_id, name=each.name, domain=each.domain) for each in form.portals
    )
    return fill("choose_portal", problem=problem, portals=joined(options))


def _groups(scopes: Sequence[str]) -> Html:
    return joined(
        fill(
            "group",
            name=name,
            scopes=joined(fill("scope", words=words, scope=scope) for words, scope in rows),
        )
        for name, rows in grouped(scopes).items()
    )


def _problem(problem: DomainError) -> str:
    match problem:
        case ConsentRefused(is_read_only=True):
            return "This token is read-only, so it cannot connect an app."
        case ConsentRefused(missing=missing):
            return f"This token does not have all that the app asks for. It lacks: {', '.join(missing)}."
        case FormRefused():
            return (
                "Nothing was connected: this page was open for too long, or the answer came from another page or "
                "browser. Read it again, then answer."
            )
        case ConsenterUnknown():
            return "That is not a token which may connect apps to this portal. Check it and paste it again."
        case _:
            return f"That did not work: {_message(problem)}."


def _destination(uri: str) -> str:
    parts = urlsplit(uri)
    return f"A program on this computer ({parts.netloc})" if is_loopback(uri) else parts.netloc


def _origin(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _page(
    status: int,
    title: str,
    content: Html,
    form_targets: str,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> Reply:
    policy = (
        f"default-src 'none'; style-src {style_source()}; img-src data:; form-action {form_targets}; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    kept_safe = (
        (b"content-security-policy", policy.encode()),
        (b"x-frame-options", b"DENY"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),  # with less, browsers would not say where a form comes from
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cache-control", b"no-store"),
        *headers,
    )
    return Reply(status, text=Text(_HTML, page(title, content)), headers=kept_safe)
