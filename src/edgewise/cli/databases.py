"""A database that a command works on, while servers may use it too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from edgewise.cli.failures import BadConfig, Unreachable, using_database
from edgewise.cli.terminal import running

if TYPE_CHECKING:
    from edgewise.domain.ports import Store

Result = TypeVar("Result")


def use_store(
    database: str, what: str, work: Callable[[Store], Awaitable[Result]], is_made: bool = False
) -> Result:
    """Do some work with the store of a database. what: the command is about. is_made: where there is none, one is made.

    Changes are the command's, as the audit log names it. Raises: BadConfig, Unreachable.
    """
    import asyncio

    from edgewise.domain.audit import Acting, acting
    from edgewise.domain.callers import Actor
    from edgewise.wiring import open_store

    file_of(
        database,
        f"{what} in memory would be gone with this command; name the database of the server",
        is_made,
    )
    store = open_store(database)

    async def run() -> Result:
        acting.set(Acting(Actor(0, 0, 0, f"{running.get()}, by {_system_user()}")))
        try:
            await store.start()
            return await work(store)
        finally:
            await store.close()

    with using_database(database):
        return asyncio.run(run())


def file_of(database: str, why_not_memory: str, is_made: bool = False) -> Path:
    """The file of a database. why_not_memory: what is said where it is in memory. is_made: there need not be one yet.

    Raises: BadConfig, Unreachable, UnusableSetting.
    """
    from edgewise.wiring import database_file

    if database.startswith("memory:"):
        raise BadConfig(why_not_memory)
    path = database_file(database)
    if not is_made and not path.exists():
        raise Unreachable(f"{database}: there is no such database")
    return path


def _system_user() -> str:
    """Who runs the command, as the system knows them."""
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, ImportError, OSError):
        return "a user without a name"
