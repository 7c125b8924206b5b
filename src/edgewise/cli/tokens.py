"""The verb that makes tokens."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from edgewise.cli.failures import BadConfig, using_database
from edgewise.cli.options import DatabaseOption, JsonOption
from edgewise.cli.terminal import tell


def create(
    database: DatabaseOption,
    name: Annotated[str, typer.Option(help="What the token is for.")] = "default",
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it, once.

    The database keeps only its SHA-256. A server may use the database meanwhile; it takes the token at once.
    """
    import asyncio
    import json
    from uuid import uuid4

    from edgewise.domain.accounts import Token
    from edgewise.http.auth import token_digest
    from edgewise.settings import DEFAULT_PORTAL_ID
    from edgewise.wire.times import timestamp
    from edgewise.wiring import SystemClock, ensure_portal, open_store

    if database.startswith("memory:"):
        raise BadConfig("a token in memory would be gone with this command; name the database of the server")
    text = f"pat-na1-{uuid4()}"
    token = Token(token_digest(text), DEFAULT_PORTAL_ID, name, SystemClock().now_ms())

    async def keep() -> None:
        store = open_store(database)
        try:
            await store.start()
            await ensure_portal(store, DEFAULT_PORTAL_ID, token.created_at)
            await store.accounts.add_token(token)
        finally:
            await store.close()

    with using_database(database):
        asyncio.run(keep())
    if as_json:
        created = {"token": text, "name": name, "portalId": token.portal_id}
        typer.echo(json.dumps(created | {"createdAt": timestamp(token.created_at)}, indent=2))
        return
    typer.echo(text)
    if sys.stdout.isatty():
        tell("Keep it now: it cannot be shown again.")
