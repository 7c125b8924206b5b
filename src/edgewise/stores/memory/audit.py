"""The audit log that the memory store keeps: a list that only grows, for as long as the process lives."""

from __future__ import annotations

import time
from collections.abc import Sequence

from edgewise.domain.audit import AuditLog, Deed, Entry, Wanted, acting


class MemoryAuditLog(AuditLog):
    """See `edgewise.domain.audit.AuditLog`. is_kept: without it, nothing is noted."""

    def __init__(self, is_kept: bool) -> None:
        self._is_kept = is_kept
        self._entries: list[Entry] = []

    def note(self, deed: Deed | None) -> None:
        """Keep what the caller did."""
        if deed is not None and self._is_kept:
            actor, at = acting.get()
            at = time.time_ns() // 1_000_000 if at is None else at
            self._entries.append(Entry(len(self._entries) + 1, at, actor, deed))

    async def read_after(self, wanted: Wanted, entry_id: int, limit: int) -> Sequence[Entry]:
        return [entry for entry in self._entries[entry_id:] if wanted.has(entry)][:limit]

    async def read_latest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
        found = [entry for entry in self._entries if wanted.has(entry)]
        return found[len(found) - min(limit, len(found)) :]
