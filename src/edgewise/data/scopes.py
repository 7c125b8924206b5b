"""Which scopes HubSpot publishes for which operations, and which of them belong to which object types."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from edgewise.domain.model import object_type_code
from edgewise.domain.scopes import ScopeRules


class DemandFact(msgspec.Struct, frozen=True):
    """A row that gives operations their list of scopes. The first row that fits counts; what is left out fits all.

    operations: by name. prefix: of the path. A path that no document has gets the list of what is most like it: the
    same family in the version before, or the newest.
    """

    list: str
    operations: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    prefix: str = ""


class ScopeFacts(msgspec.Struct, frozen=True):
    """The file scopes.json.

    demands: which operation has which list. any_type: families of operations for which a scope of any object type
    will do, whatever the path names. lists: the published lists, each named for the oldest document that has it.
    The rest: as `ScopeRules` has it, object types by their ids.
    """

    source: str
    date: str
    demands: tuple[DemandFact, ...]
    any_type: tuple[str, ...]
    without_access: tuple[str, ...]
    of_types: dict[str, tuple[str, ...]]
    of_custom: tuple[str, ...]
    lists: dict[str, tuple[str, ...]]

    def list_of(self, version: str, operation: str, family: str, path: str) -> tuple[str, ...]:
        """The published list of an operation at a path of a version. Raises: LookupError where no row fits."""
        for row in self.demands:
            if (
                operation in (row.operations or (operation,))
                and version in (row.versions or (version,))
                and family in (row.families or (family,))
                and path.startswith(row.prefix)
            ):
                return self.lists[row.list]
        raise LookupError(f"no row of scopes.json fits {operation} of the family {family} in {version}")

    @property
    def every(self) -> list[str]:
        """Each scope that is known, in order of their names."""
        return sorted({*self.without_access, *(scope for scopes in self.lists.values() for scope in scopes)})

    def rules(self) -> ScopeRules:
        """Which scopes belong to which object types."""
        of_types = {object_type_code(type_id): families for type_id, families in self.of_types.items()}
        return ScopeRules(of_types, self.of_custom, frozenset(self.without_access))


@cache
def scope_facts() -> ScopeFacts:
    """What is known of scopes."""
    return msgspec.json.decode(
        files(__package__).joinpath("scopes.json").read_bytes(), type=ScopeFacts, strict=True
    )
