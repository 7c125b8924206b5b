"""Labels: creating, renaming and deleting the association types that a portal defines between two object types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.errors_labels import (
    HubSpotDefinedType,
    InvalidLabelName,
    InvalidLabelText,
    LabelNameTaken,
    LabelsOnPair,
    LabelTextTaken,
    LabelToChangeUnknown,
    LabelToDeleteUnknown,
    NameFault,
    SymmetricLabel,
    TooManyLabels,
    UnlabelledInverse,
    UnlabelledType,
    UnlabelledTypeExists,
)
from edgewise.domain.model import (
    AssociationType,
    Category,
    ObjectType,
    PortalTypes,
    TypesChange,
    type_key,
)

LENGTH_MAX = 200
"""Of names and texts, in characters. Ours: nothing is known."""


class NewLabel(NamedTuple):
    """A label to create. An empty text makes the unlabelled type; without an inverse one, both ends get the text.

    texts describe the far record: `label` the target's, `inverse_label` the source's.
    """

    name: str
    label: str
    inverse_label: str | None = None


class Definitions(NamedTuple):
    """What is defined between two object types, there and back. types: what the portal defines, of whatever pair."""

    types: PortalTypes
    there: PairTypes
    back: PairTypes

    def find(self, key: int) -> AssociationType | None:
        """The type with that key in either direction, or None."""
        return self.there.types.get(key) or self.back.types.get(key)

    def labels(self) -> list[AssociationType]:
        """The halves of the labels that the portal defined here, in either direction."""
        ends = {
            (self.there.source.code, self.there.target.code),
            (self.back.source.code, self.back.target.code),
        }
        return [
            each
            for each in self.types.association_types
            if (each.source_type, each.target_type) in ends and not each.is_default
        ]


def definitions_between(
    catalog: Catalog, types: PortalTypes, source: ObjectType, target: ObjectType
) -> Definitions:
    """What is defined between two object types. catalog: that of `types`."""
    return Definitions(types, catalog.pair(source, target), catalog.pair(target, source))


def create_label(defined: Definitions, new: NewLabel, labels_per_pair_max: int) -> TypesChange:
    """Define a label, and the unlabelled type before it where the object types have none; of no text, that alone.

    The half that `label` names comes before its inverse. Records of one object type share one half where both ends
    read the same.
    Raises: InvalidLabelName, InvalidLabelText, UnlabelledInverse, LabelNameTaken, UnlabelledTypeExists,
    LabelTextTaken, TooManyLabels.
    Source: docs/behaviour.md, sections 1.7, 1.8, 6.1 and 6.2.
    """
    _require_valid_name(new.name)
    has_default = defined.there.default is not None or defined.back.default is not None
    first_id = defined.types.next_type_id
    if not new.label:
        if new.inverse_label:
            raise UnlabelledInverse
        _require_free_name(defined, new.name)
        if has_default:
            raise UnlabelledTypeExists(defined.there.source, defined.there.target)
        return TypesChange(added=_halves(defined, first_id, new.name, None, None))
    inverse = new.inverse_label or new.label
    _require_valid_text("label", new.label)
    _require_valid_text("inverseLabel", inverse)
    _require_free_name(defined, new.name)
    _require_free_texts(defined, [(defined.there, new.label), (defined.back, inverse)])
    _require_room(defined, labels_per_pair_max)
    plain = () if has_default else _halves(defined, first_id, _plain_name(defined, new.name), None, None)
    halves = _halves(defined, first_id + len(plain), new.name, new.label, inverse)
    return TypesChange(added=(*plain, *halves))


def rename_label(defined: Definitions, type_id: int, label: str, inverse_label: str | None) -> TypesChange:
    """Give a label other texts: `label` to the half with that id, the inverse one, or else the same, to its mirror.

    Raises: LabelToChangeUnknown, HubSpotDefinedType, UnlabelledType, InvalidLabelText, SymmetricLabel,
    LabelTextTaken.
    Source: docs/behaviour.md, section 6.1.
    """
    half = _own_type(defined, type_id)
    if half is None:
        raise LabelToChangeUnknown(type_id)
    if half.is_default:
        raise UnlabelledType(type_id)
    inverse = inverse_label or label
    _require_valid_text("label", label)
    _require_valid_text("inverseLabel", inverse)
    mirror = defined.find(half.mirror_key)
    if mirror is half and inverse != label:
        raise SymmetricLabel(type_id)
    renamed = [(half, label)] if mirror is half or mirror is None else [(half, label), (mirror, inverse)]
    own = {each.key for each, _ in renamed}
    _require_free_texts(defined, [(_pair_of(defined, each), text) for each, text in renamed], own)
    return TypesChange(changed=tuple(replace(each, label=text) for each, text in renamed))


def delete_label(defined: Definitions, type_id: int) -> TypesChange:
    """Remove a label at both ends, and off every record that carries it; also the unlabelled type, when it is alone.

    Raises: LabelToDeleteUnknown, HubSpotDefinedType, LabelsOnPair.
    Source: docs/behaviour.md, sections 1.8 and 6.1.
    """
    half = _own_type(defined, type_id)
    if half is None:
        raise LabelToDeleteUnknown(type_id)
    if half.is_default and defined.labels():
        raise LabelsOnPair(type_id)
    keys = dict.fromkeys([half.key, half.mirror_key])
    return TypesChange(removed=tuple(key for key in keys if defined.find(key) is not None))


def _own_type(defined: Definitions, type_id: int) -> AssociationType | None:
    """The type that the portal defined with that id, in either direction. Raises: HubSpotDefinedType."""
    if type_id < 0:
        return None
    found = defined.find(type_key(Category.USER_DEFINED, type_id))
    if found is None and defined.find(type_key(Category.HUBSPOT_DEFINED, type_id)) is not None:
        raise HubSpotDefinedType(type_id)
    return found


def _pair_of(defined: Definitions, link_type: AssociationType) -> PairTypes:
    return defined.there if link_type.key in defined.there.types else defined.back


def _require_valid_name(name: str) -> None:
    """Source: Associations schema guide: no hyphen, no digit in front; the length is ours."""
    if not name.strip():
        raise InvalidLabelName(name, NameFault.BLANK, LENGTH_MAX)
    if len(name) > LENGTH_MAX:
        raise InvalidLabelName(name, NameFault.TOO_LONG, LENGTH_MAX)
    if "-" in name:
        raise InvalidLabelName(name, NameFault.HYPHEN, LENGTH_MAX)
    if name[0].isdecimal():
        raise InvalidLabelName(name, NameFault.DIGIT_FIRST, LENGTH_MAX)


def _require_valid_text(field: str, text: str) -> None:
    if not text.strip() or len(text) > LENGTH_MAX:
        raise InvalidLabelText(field, LENGTH_MAX)


def _require_free_name(defined: Definitions, name: str) -> None:
    """Letter case makes no other name: v3 reads names in any."""
    if name.casefold() in _taken_names(defined):
        raise LabelNameTaken(name)


def _taken_names(defined: Definitions) -> set[str]:
    there, back = defined.there.types.values(), defined.back.types.values()
    return {each.name.casefold() for each in (*defined.types.association_types, *there, *back)}


def _require_free_texts(
    defined: Definitions, texts: Iterable[tuple[PairTypes, str]], own: Iterable[int] = ()
) -> None:
    """A text names one type of an ordered pair. own: keys of the types that may have it."""
    for pair, text in texts:
        if any(each.label == text and each.key not in own for each in pair.listed):
            raise LabelTextTaken(text, pair.source.id, pair.target.id)


def _require_room(defined: Definitions, labels_per_pair_max: int) -> None:
    """Both halves of a label count once, the unlabelled type not at all."""
    counted = {min(each.key, each.mirror_key) for each in defined.labels()}
    if len(counted) >= labels_per_pair_max:
        raise TooManyLabels(defined.there.source, defined.there.target, labels_per_pair_max)


def _plain_name(defined: Definitions, taken: str) -> str:
    """The name of an unlabelled type that nobody named. Source: docs/behaviour.md, section 1.8, observed."""
    name = f"{defined.there.source.name}_to_{defined.there.target.name}"
    names = _taken_names(defined) | {taken.casefold()}
    while name.casefold() in names:
        name += "_unlabeled"
    return name


def unlabelled_halves(
    source: ObjectType, target: ObjectType, first_id: int, name: str
) -> tuple[AssociationType, ...]:
    """The halves of an unlabelled type between two object types that have none, with ids from `first_id` on."""
    return _halves_of(source.code, target.code, first_id, name, None, None)


def _halves(
    defined: Definitions, first_id: int, name: str, label: str | None, inverse_label: str | None
) -> tuple[AssociationType, ...]:
    source, target = defined.there.source.code, defined.there.target.code
    return _halves_of(source, target, first_id, name, label, inverse_label)


def _halves_of(
    source: int, target: int, first_id: int, name: str, label: str | None, inverse_label: str | None
) -> tuple[AssociationType, ...]:
    """The two halves of a type; one that is its own mirror between records of one object type, if both read alike."""
    if source == target and label == inverse_label:
        return (_half(source, target, first_id, first_id, name, label),)
    return (
        _half(source, target, first_id, first_id + 1, name, label),
        _half(target, source, first_id + 1, first_id, name, inverse_label),
    )


def _half(
    source: int, target: int, type_id: int, mirror_id: int, name: str, label: str | None
) -> AssociationType:
    category = Category.USER_DEFINED
    return AssociationType(
        key=type_key(category, type_id),
        category=category,
        type_id=type_id,
        source_type=source,
        target_type=target,
        mirror_key=type_key(category, mirror_id),
        label=label,
        name=name,
        is_default=label is None,
    )
