"""The verbs about OAuth apps: create, list, rotate-secret, authorize."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edgewise.cli.databases import use_store
from edgewise.cli.failures import BadUsage, Failed
from edgewise.cli.options import DatabaseOption, JsonOption
from edgewise.cli.scopes import scopes_of
from edgewise.cli.terminal import columns, definitions, minute, moment, print_json, tell
from edgewise.cli.tokens import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgewise.domain.accounts import App
    from edgewise.domain.oauth import Asked
    from edgewise.domain.ports import Store

_HEADING = ("ID", "CLIENT ID", "NAME", "PORTAL", "SCOPES", "OPTIONAL", "REDIRECT URIS", "KIND", "CREATED")
_KEEP_IT = "Keep the secret now: it cannot be shown again."
_ClientIdArgument = Annotated[
    str, typer.Argument(metavar="CLIENT-ID", help="As `edgewise app list` has it.", show_default=False)
]
_OptionalScopesOption = Annotated[
    str | None,
    typer.Option("--optional-scopes", metavar="A,B", help="What it may ask for besides.", show_default=False),
]


def create(
    database: DatabaseOption,
    name: Annotated[str, typer.Option(help="What people are asked to connect.", show_default=False)],
    scopes: Annotated[str, typer.Option(metavar="A,B", help="What it always asks for.", show_default=False)],
    redirect_uri: Annotated[
        list[str],
        typer.Option(
            "--redirect-uri",
            metavar="URI",
            help="Where codes may be sent, to the letter: https, or http on this computer. Repeatable.",
            show_default=False,
        ),
    ],
    optional_scopes: _OptionalScopesOption = None,
    portal: Annotated[
        int | None,
        typer.Option(min=1, metavar="ID", help="Its developer's; the default one, 1000001, without it."),
    ] = None,
    private: Annotated[
        bool,
        typer.Option("--private", help="It is not offered to anyone, so its calls count as one app's."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make an OAuth app, and print its client id and its secret, once.

    The database keeps only the SHA-256 of the secret. The portals that it gets access to are chosen when people connect
    it; with the grant client_credentials it gets access to its own.
    """
    from edgewise.domain.accounts import App
    from edgewise.domain.oauth import digest_of
    from edgewise.settings import DEFAULT_PORTAL_ID
    from edgewise.wire.secret_texts import new_client_id, new_client_secret
    from edgewise.wiring import SystemClock

    at = SystemClock().now_ms()
    secret = new_client_secret()
    app = App(
        new_client_id(),
        digest_of(secret),
        name_of(name),
        DEFAULT_PORTAL_ID if portal is None else portal,
        scopes_of("--scopes", scopes),
        _redirect_uris(redirect_uri),
        at,
        () if optional_scopes is None else scopes_of("--optional-scopes", optional_scopes),
        not private,
    )

    async def keep(store: Store) -> App:
        if portal is None:
            from edgewise.wiring import ensure_portal

            await ensure_portal(store, DEFAULT_PORTAL_ID, at, "name another one with --portal")
        else:
            await _require_portal(store, portal)
        return await store.accounts.add_app(app)

    kept = use_store(database, "an app", keep, is_made=portal is None)
    _print_secret({"clientId": kept.client_id, "clientSecret": secret}, _as_json(kept), as_json)


def list_apps(database: DatabaseOption, as_json: JsonOption = False) -> None:
    """List OAuth apps. Their secrets cannot be shown: the database has only their SHA-256."""

    async def read(store: Store) -> Sequence[App]:
        return await store.accounts.list_apps()

    found = use_store(database, "apps", read)
    if as_json:
        print_json([_as_json(app) for app in found])
    elif found:
        typer.echo(columns([_HEADING, *map(_row, found)]))
    else:
        tell("There are no apps.")


def rotate_secret(
    database: DatabaseOption, client_id: _ClientIdArgument, as_json: JsonOption = False
) -> None:
    """Give an app another secret, and print it, once.

    The former one opens nothing from then on. Tokens that were given go on; forms that ask for consent must be opened
    again.
    """
    from edgewise.domain.oauth import digest_of
    from edgewise.wire.secret_texts import new_client_secret

    secret = new_client_secret()

    async def change(store: Store) -> App:
        app = await _app_of(store, client_id)
        if not await store.accounts.change_app_secret(client_id, digest_of(secret)):
            raise Failed(_no_app(client_id))
        return app

    app = use_store(database, "an app", change)
    _print_secret({"clientId": client_id, "clientSecret": secret}, _as_json(app), as_json)


def authorize(
    database: DatabaseOption,
    client_id: Annotated[
        str, typer.Option(metavar="ID", help="As `edgewise app list` has it.", show_default=False)
    ],
    portal: Annotated[
        int, typer.Option(min=1, metavar="ID", help="The portal that the app is connected to.")
    ],
    scopes: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="What it asks for; all that it always asks for without it."),
    ] = None,
    optional_scopes: _OptionalScopesOption = None,
    redirect_uri: Annotated[
        str | None, typer.Option(metavar="URI", help="Where it would be sent; its first without it.")
    ] = None,
    code_challenge: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Of PKCE, of the method S256.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Connect an app to a portal without a browser, and print the code.

    For tests and CI: the same consent as on the page /oauth/authorize, given by whoever may use the database. The app
    exchanges the code for tokens within a minute, once.
    """
    from edgewise.domain.accounts import CODE_S
    from edgewise.domain.oauth import Consenter, user_id_of
    from edgewise.surfaces.runs.oauth import give_code
    from edgewise.wiring import SystemClock

    wanted = () if scopes is None else scopes_of("--scopes", scopes)
    optional = () if optional_scopes is None else scopes_of("--optional-scopes", optional_scopes)
    at = SystemClock().now_ms()

    async def connect(store: Store) -> tuple[str, Asked]:
        app = await _app_of(store, client_id)
        await _require_portal(store, portal)
        asked = _asked(app, wanted, optional, redirect_uri, code_challenge)
        return await give_code(store, asked, Consenter(portal, user_id_of(f"portal {portal}")), at), asked

    code, asked = use_store(database, "a code", connect)
    if as_json:
        print_json(
            {
                "code": code,
                "clientId": client_id,
                "redirectUri": asked.redirect_uri,
                "scopes": [*asked.scopes, *asked.optional_scopes],
                "portalId": portal,
                "expiresAt": moment(at + CODE_S * 1000),
            }
        )
        return
    typer.echo(code)


def _asked(
    app: App, scopes: Sequence[str], optional: Sequence[str], redirect_uri: str | None, challenge: str | None
) -> Asked:
    """What an app asks for. Raises: BadUsage where it may not."""
    from edgewise.domain import errors_oauth, oauth

    try:
        return oauth.Asked(
            app,
            oauth.require_redirect_uri(app, redirect_uri or app.redirect_uris[0]),
            *oauth.require_scopes(app, scopes, optional),
            oauth.require_challenge(challenge, None if challenge is None else "S256"),
        )
    except errors_oauth.UnknownRedirectUri as error:
        raise BadUsage(f"--redirect-uri: the app has {', '.join(app.redirect_uris)}") from error
    except errors_oauth.ScopesRefused as error:
        raise BadUsage(
            f"the app always asks for {', '.join(app.scopes)}, and may besides ask for "
            f"{', '.join(app.optional_scopes) or 'nothing'}; see {', '.join(error.scopes)}"
        ) from error
    except errors_oauth.BadChallenge as error:
        raise BadUsage("--code-challenge: an S256 challenge has 43 characters of A-Z a-z 0-9 - _") from error


async def _app_of(store: Store, client_id: str) -> App:
    app = await store.accounts.find_app(client_id)
    if app is None:
        raise Failed(_no_app(client_id))
    return app


def _no_app(client_id: str) -> str:
    return f"no app has the client id {client_id}; edgewise app list shows those there are"


async def _require_portal(store: Store, portal_id: int) -> None:
    if await store.accounts.find_account(portal_id) is None:
        raise Failed(f"there is no portal {portal_id}; edgewise portal list shows those there are")


def _redirect_uris(uris: Sequence[str]) -> tuple[str, ...]:
    """Where codes may be sent, each once. Raises: BadUsage."""
    from edgewise.domain.oauth import BadRedirectUri, require_registrable

    for uri in uris:
        try:
            require_registrable(uri)
        except BadRedirectUri as error:
            raise BadUsage(f"--redirect-uri: {error}") from error
    return tuple(dict.fromkeys(uris))


def _print_secret(secret: dict[str, str], app: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(secret | app)
        return
    typer.echo(
        definitions(
            [("Client id", secret["clientId"]), ("Client secret", secret["clientSecret"])], sys.stdout
        )
    )
    if sys.stdout.isatty():
        tell(_KEEP_IT)


def _as_json(app: App) -> dict[str, Any]:
    return {
        "clientId": app.client_id,
        "appId": app.app_id,
        "name": app.name,
        "portalId": app.portal_id,
        "scopes": list(app.scopes),
        "optionalScopes": list(app.optional_scopes),
        "redirectUris": list(app.redirect_uris),
        "distribution": _kind(app),
        "createdAt": moment(app.created_at),
    }


def _row(app: App) -> tuple[str, ...]:
    identity = str(app.app_id), app.client_id, app.name, str(app.portal_id)
    lists = (",".join(each) for each in (app.scopes, app.optional_scopes, app.redirect_uris))
    return *identity, *lists, _kind(app), minute(app.created_at)


def _kind(app: App) -> str:
    return "public" if app.is_public else "private"
