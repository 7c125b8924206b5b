"""Writers of every kind at once, that remember what was acknowledged and what was on its way when the server went."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from tests.support import paths
from tests.support.crm import spec
from tests.support.lines import Line, Unanswered
from tests.support.portal import CHAMPION, USER
from tests.support.raw import head

PLAIN = 279
WITHIN_S = 30


class State(NamedTuple):
    """What is known of a contact. links: of each linked company, whether with the label."""

    firstname: str
    links: tuple[tuple[str, bool], ...] = ()
    is_archived: bool = False

    def linked(self, company: str, is_labelled: bool) -> State:
        links = dict(self.links)
        links[company] = links.get(company, False) or is_labelled
        return self._replace(links=tuple(sorted(links.items())))

    def unlinked(self, company: str) -> State:
        return self._replace(links=tuple(each for each in self.links if each[0] != company))

    @property
    def archived(self) -> State:
        return State(self.firstname, (), True)


@dataclass
class Contact:
    """state: as acknowledged. pending: as it is once what is on its way is done. names: every first name it had.

    states: every one that was asked for, in order; the last is pending, if one is.
    """

    record_id: str
    state: State
    pending: State | None = None
    names: list[str] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    @property
    def possible(self) -> tuple[State, ...]:
        return (self.state,) if self.pending is None else (self.state, self.pending)


@dataclass
class Writers:
    """contacts: every one whose creation was acknowledged, in whatever round. acknowledged: how many writes were."""

    companies: Sequence[str]
    rng: Random
    contacts: list[Contact] = field(default_factory=list)
    acknowledged: int = 0
    _words: int = 0

    async def run(self, url: str, count: int) -> None:
        """Write until the server is gone."""
        await asyncio.gather(*(self._write(url) for _ in range(count)))

    async def _write(self, url: str) -> None:
        own: list[Contact] = []
        async with Line(url) as line:
            with suppress(Unanswered, OSError):
                while True:
                    living = [each for each in own if not each.state.is_archived]
                    if not living or self.rng.random() < 0.25:
                        own.append(await self._create(line))
                    else:
                        await self._change(line, self.rng.choice(living))
                    self.acknowledged += 1

    def _word(self) -> str:
        """A word that nothing has."""
        self._words += 1
        return f"word{self._words}"

    async def _create(self, line: Line) -> Contact:
        word = self._word()
        body = {"properties": {"firstname": word, "email": f"{word}@example.org"}}
        answer = await _ask(line, "POST", paths.records("v3", "contacts"), body)
        contact = Contact(json.loads(answer)["id"], State(word), names=[word], states=[State(word)])
        self.contacts.append(contact)
        return contact

    async def _change(self, line: Line, contact: Contact) -> None:
        at = ("contacts", contact.record_id, "companies", self.rng.choice(self.companies))
        state = contact.state
        match self.rng.choice(("name", "name", "link", "link", "label", "label", "unlink", "archive")):
            case "name":
                word = self._word()
                contact.names.append(word)
                contact.pending = state._replace(firstname=word)
                request = ("PATCH", paths.record("v3", *at[:2]), {"properties": {"firstname": word}})
            case "link":
                contact.pending = state.linked(at[3], False)
                request = ("PUT", paths.default_link("v4", *at), None)
            case "label":
                contact.pending = state.linked(at[3], True)
                request = ("PUT", paths.link("v4", *at), [spec(PLAIN), spec(CHAMPION, USER)])
            case "unlink":
                contact.pending = state.unlinked(at[3])
                request = ("DELETE", paths.link("v4", *at), None)
            case _:
                contact.pending = state.archived
                request = ("DELETE", paths.record("v3", *at[:2]), None)
        contact.states.append(contact.pending)
        await _ask(line, *request)
        contact.state, contact.pending = contact.pending, None


async def _ask(line: Line, method: str, path: str, body: Any) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    headers = ("content-type: application/json", f"content-length: {len(content)}")
    answer = await line.ask(head(method, path, *headers) + content, WITHIN_S)
    assert answer.status in (200, 201, 204), answer
    return answer.body
