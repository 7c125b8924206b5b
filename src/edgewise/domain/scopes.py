"""What a token must be allowed: which scopes let an operation read or write records of which object types."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from edgewise.domain.model import ObjectType


class Access(StrEnum):
    """What an operation does to what it is about."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """Which scopes belong to which object types.

    of_types: by the code of an object type, the families of its scopes, the usual one first; a family is a scope's
    name, or what names begin with before a dot. of_custom: those of every custom object type. without_access: scopes
    that let an app in, and say of no record that it may be read or written.
    """

    of_types: Mapping[int, Sequence[str]]
    of_custom: Sequence[str]
    without_access: Collection[str]

    def granting(self, scopes: Iterable[str], access: Access) -> list[str]:
        """Those of the given scopes that grant an access, the plainest first.

        A scope that is named for neither reading nor writing grants both. Source: docs/behaviour.md, section 8.3.
        """
        wanted = [scope for scope in scopes if scope not in self.without_access and _grants(scope, access)]
        return sorted(wanted, key=lambda scope: (_oddity(scope), scope))

    def demanded(
        self, scopes: Collection[str], access: Access, object_types: Iterable[ObjectType]
    ) -> tuple[str, ...]:
        """The scopes of a published list of which a token needs one, the plainest first.

        object_types: those that the request names; a scope of any of them will do. Where the list has none for them,
        any scope of the list that grants the access will. Source: docs/behaviour.md, section 8.3.
        """
        granting = self.granting(scopes, access)
        families = [family for object_type in object_types for family in self._families(object_type)]
        found = [scope for family in families for scope in granting if _belongs(scope, family)]
        return tuple(sorted(dict.fromkeys(found), key=_oddity)) or tuple(granting)

    def _families(self, object_type: ObjectType) -> Sequence[str]:
        return self.of_custom if object_type.is_custom else self.of_types.get(object_type.code, ())


def _grants(scope: str, access: Access) -> bool:
    named_for = set(scope.split(".")) & {Access.READ, Access.WRITE}
    return not named_for or access in named_for


def _oddity(scope: str) -> int:
    """How far a scope is from the one that most apps ask for."""
    parts = scope.split(".")
    return 2 * ("highly_sensitive" in parts) + ("sensitive" in parts)


def _belongs(scope: str, family: str) -> bool:
    return scope == family or scope.startswith(f"{family}.")
