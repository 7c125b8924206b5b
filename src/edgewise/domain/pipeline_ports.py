"""What the rules of pipelines need of a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from edgewise.domain.pipelines import Held, PipelinesChange, PipelinesChanged


class Pipelines(Protocol):
    """The pipelines that portals defined. What `Store` promises of transactions, portals and errors holds here too."""

    async def held(self, portal_id: int) -> Held:
        """What a portal defined; pipelines in the order of their ids, their stages in the order they were kept in."""
        ...

    async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
        """Change what a portal defined.

        decide: gets what there is now and answers the change, with nothing in between; it may be asked more than once,
        and on another thread. What it raises is raised here, and nothing is changed.
        Where a live record has one of the `unused` values, to the letter, nothing is changed and at most
        RECORDS_TOLD_MAX of them are told, in the order of their ids.
        """
        ...


RECORDS_TOLD_MAX = 100
"""How many records in a stage are told when it is to be removed. Ours: nothing is known."""
