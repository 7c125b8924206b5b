"""A token is shown once; what is kept of it opens the default portal and does not give it away."""

import asyncio
import json
import re

from edgewise.http.auth import token_digest
from edgewise.settings import DEFAULT_PORTAL_ID
from edgewise.wiring import open_store

TOKEN = re.compile(r"pat-na1-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def _portal_of(database: str, token: str) -> int | None:
    async def look() -> int | None:
        store = open_store(database)
        await store.start()
        try:
            return await store.portal_of_token(token_digest(token))
        finally:
            await store.close()

    return asyncio.run(look())


def test_a_token_is_all_that_is_printed(run, tmp_path):
    database = f"sqlite:///{tmp_path}/crm.db"
    ran = run("token", "create", "--database", database)
    assert (ran.code, ran.err) == (0, "")
    assert TOKEN.fullmatch(ran.out.removesuffix("\n"))
    assert _portal_of(database, ran.out.strip()) == DEFAULT_PORTAL_ID


def test_a_token_in_json_has_stable_keys(run, tmp_path, monkeypatch):
    monkeypatch.setenv("EDGEWISE_DATABASE", f"sqlite:///{tmp_path}/crm.db")
    created = json.loads(run("token", "create", "--json", "--name", "billing").out)
    assert list(created) == ["token", "name", "portalId", "createdAt"]
    assert TOKEN.fullmatch(created["token"])
    assert (created["name"], created["portalId"]) == ("billing", DEFAULT_PORTAL_ID)


def test_tokens_differ_and_none_is_in_the_database(run, tmp_path):
    database = f"sqlite:///{tmp_path}/crm.db"
    tokens = {run("token", "create", "--database", database).out.strip() for _ in range(3)}
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert len(tokens) == 3
    assert not any(token.encode() in kept for token in tokens)
