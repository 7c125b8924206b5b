"""What may be linked with what: the object types and association types of one portal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from edgewise.domain.errors import (
    InvalidAssociationType,
    InvalidObjectTypeId,
    NoDefaultType,
    UnknownAssociationType,
    UnknownObjectType,
    WrongAssociationType,
)
from edgewise.domain.identifiers import is_number
from edgewise.domain.model import (
    AssociationType,
    Category,
    ObjectType,
    Pair,
    PortalTypes,
    object_type_id,
    split_type_key,
    type_key,
)

_OBJECT_TYPE_ID = re.compile(r"\d+-\d+", re.ASCII)
_REMEMBERED_SPELLINGS_MAX = 4096

NOTHING_DEFINED = PortalTypes()
"""What a new portal defined of its own."""


class PairTypes(Pair):
    """The association types of one ordered pair of object types.

    default: the unlabelled type, or None where a pair has none.
    primary: the primary type as read from this side, or None.
    has_labels: whether the portal or an app defined types here, beside the unlabelled one.
    """

    __slots__ = (
        "_by_name",
        "_by_spec",
        "default",
        "has_labels",
        "primary",
        "types",
    )

    def __init__(self, source: ObjectType, target: ObjectType, types: Iterable[AssociationType]) -> None:
        self.types = {t.key: t for t in sorted(types, key=lambda t: (t.category, t.type_id))}
        super().__init__(source, target, [t for t in self.types.values() if not t.is_legacy])
        self.default = next((t for t in self.types.values() if t.is_default), None)
        self.primary = next((t for t in self.types.values() if t.is_primary), None)
        self.has_labels = any(
            t.category is not Category.HUBSPOT_DEFINED and not t.is_default for t in self.types.values()
        )
        self._by_spec = {(t.category.name, t.type_id): t for t in self.types.values()}
        self._by_name: dict[str, AssociationType] | None = None

    def require_default(self) -> AssociationType:
        """The unlabelled type. Raises: NoDefaultType."""
        if self.default is None:
            raise NoDefaultType(self.source, self.target)
        return self.default

    def named(self, category: str, type_id: int) -> AssociationType | None:
        """The type of this pair with that identity, or None."""
        return self._by_spec.get((category, type_id))

    def spelled(self, text: str) -> AssociationType:
        """The type that v3 names by a text: its name in any letter case, or its number.

        A number that several categories have is HubSpot's before the account's own, and that before an app's; a name
        that several types have is that of a listed one before one of before v4.
        Raises: InvalidAssociationType.
        Source: docs/behaviour.md, section 4.
        """
        if self._by_name is None:
            preferred = sorted(self.types.values(), key=lambda t: (t.is_legacy, t.category, t.type_id))
            self._by_name = {t.name.upper(): t for t in reversed(preferred)}
        found = self._by_name.get(text.upper())
        if found is None and is_number(text):
            number = int(text)
            found = next((t for t in self.types.values() if t.type_id == number), None)
        if found is None:
            raise InvalidAssociationType(text, self.source.plural, self.target.plural, self)
        return found


class Catalog:
    """The types of one portal: HubSpot's own and those the portal defined.

    Immutable: a portal whose types change gets a new catalog. version: that of the portal's types.
    """

    def __init__(self, hubspot: PortalTypes, portal: PortalTypes = NOTHING_DEFINED) -> None:
        self.version = portal.version
        self.object_types = [*hubspot.object_types, *portal.object_types]
        self._by_code = {t.code: t for t in self.object_types}
        self._by_name = dict(chain.from_iterable(_spellings(t) for t in self.object_types))
        self._seen: dict[str, ObjectType] = {}
        self._by_key: dict[int, AssociationType] = {}
        self._of_pair: dict[tuple[int, int], list[AssociationType]] = {}
        self._pairs: dict[tuple[int, int], PairTypes] = {}
        for link_type in chain(hubspot.association_types, portal.association_types):
            self._by_key[link_type.key] = link_type
            self._of_pair.setdefault((link_type.source_type, link_type.target_type), []).append(link_type)

    def object_type(self, text: str) -> ObjectType:
        """The object type that a path names: by name, plural, id or fully qualified name, in any letter case.

        Raises: InvalidObjectTypeId for an id, UnknownObjectType for a name that no object type has.
        Source: docs/behaviour.md, sections 7.2 and 9.1, 2026-11-22.
        """
        found = self._seen.get(text)
        if found is None:
            found = self._by_name.get(text.upper())
            if found is None:
                if _OBJECT_TYPE_ID.fullmatch(text):
                    raise InvalidObjectTypeId(text)
                raise UnknownObjectType(text)
            if len(self._seen) < _REMEMBERED_SPELLINGS_MAX:
                self._seen[text] = found
        return found

    def has_object_type(self, text: str) -> bool:
        """Whether a path that has this text names an object type."""
        return text in self._seen or text.upper() in self._by_name

    def object_type_of(self, code: int) -> ObjectType:
        """The object type with that code. Raises: InvalidObjectTypeId where it was removed since the code was read."""
        found = self._by_code.get(code)
        if found is None:
            raise InvalidObjectTypeId(object_type_id(code))
        return found

    def find_object_type(self, code: int) -> ObjectType | None:
        """The object type with that code, or None."""
        return self._by_code.get(code)

    def pair(self, source: ObjectType, target: ObjectType) -> PairTypes:
        """The association types from one object type to another; empty where they cannot be linked."""
        pair = self._pairs.get((source.code, target.code))
        if pair is None:
            pair = PairTypes(source, target, self._of_pair.get((source.code, target.code), ()))
            self._pairs[source.code, target.code] = pair
        return pair

    def pair_named(self, source: str, target: str) -> PairTypes:
        """As `pair`, of the object types that a path names. Raises: as `object_type`, for the source first."""
        return self.pair(self.object_type(source), self.object_type(target))

    @property
    def association_types(self) -> Iterable[AssociationType]:
        """Every association type: HubSpot's, then the portal's."""
        return self._by_key.values()

    def association_type(self, key: int) -> AssociationType:
        """The association type with that key. Raises: UnknownAssociationType where it was removed since the key was
        read.
        """
        found = self._by_key.get(key)
        if found is None:
            category, type_id = split_type_key(key)
            raise UnknownAssociationType(category.name, type_id)
        return found

    def find_association_type(self, key: int) -> AssociationType | None:
        """The association type with that key, or None."""
        return self._by_key.get(key)

    def known_type(self, category: str, type_id: int) -> AssociationType:
        """The association type with that identity, of whatever pair. Raises: UnknownAssociationType."""
        return self._known_type(category, type_id, None)

    def _known_type(self, category: str, type_id: int, pair: PairTypes | None) -> AssociationType:
        if category in Category.__members__ and type_id >= 0:
            found = self._by_key.get(type_key(Category[category], type_id))
            if found is not None:
                return found
        raise UnknownAssociationType(category, type_id, pair)

    def type_for(
        self, pair: PairTypes, spec: tuple[str, int], source_id: int, target_id: int
    ) -> AssociationType:
        """The type that `spec`, a category and a typeId, names between two records of a pair.

        Raises: UnknownAssociationType; WrongAssociationType naming the records that the type cannot link, since
        HubSpot reads both ids as ids of the type's own object types.
        Source: docs/behaviour.md, section 7.2, observed 2025-06.
        """
        found = pair.named(*spec)
        if found is None:
            link_type = self._known_type(*spec, pair)
            ends = (
                (link_type.source_type, pair.source.code, source_id),
                (link_type.target_type, pair.target.code, target_id),
            )
            mismatched = [
                (self._by_code[wanted], record_id)
                for wanted, given, record_id in ends
                if wanted != given and wanted in self._by_code
            ]
            raise WrongAssociationType(link_type, mismatched, pair)
        return found


def _spellings(object_type: ObjectType) -> Iterable[tuple[str, ObjectType]]:
    names = (object_type.id, *object_type.aliases)
    if not object_type.is_custom:
        names = (*names, object_type.name, object_type.plural)
    return ((name.upper(), object_type) for name in names)
