"""Every way a request can break a rule of labels.

DomainError
  InvalidLabelName, InvalidLabelText, InvalidLabelId      what cannot be a name, a text or an id
  UnlabelledInverse, SymmetricLabel                       texts that do not go together
  LabelNameTaken, LabelTextTaken, UnlabelledTypeExists, TooManyLabels
  LabelToChangeUnknown, LabelToDeleteUnknown, HubSpotDefinedType, UnlabelledType, LabelsOnPair
"""

from __future__ import annotations

from enum import Enum, auto

from edgewise.domain.errors import DomainError
from edgewise.domain.model import ObjectType


class NameFault(Enum):
    """What is wrong with the name of a label."""

    BLANK = auto()
    TOO_LONG = auto()
    HYPHEN = auto()
    DIGIT_FIRST = auto()


class InvalidLabelName(DomainError):
    """A name that no label may have."""

    name: str
    fault: NameFault
    length_max: int


class InvalidLabelText(DomainError):
    """A text of a label that is blank or too long. field: its key in the request."""

    field: str
    length_max: int


class UnlabelledInverse(DomainError):
    """An unlabelled type that shall have a label in the other direction."""


class SymmetricLabel(DomainError):
    """A label that has one half, which cannot read otherwise from the other end."""

    type_id: int


class InvalidLabelId(DomainError):
    """An id of a label in a path that is no number, or too large for one."""

    text: str


class LabelNameTaken(DomainError):
    """A name that another association type of the portal has."""

    name: str


class LabelTextTaken(DomainError):
    """A text that another type of the ordered pair has. source, target: ids of its object types."""

    label: str
    source: str
    target: str


class UnlabelledTypeExists(DomainError):
    """An unlabelled type between two object types that have one."""

    source: ObjectType
    target: ObjectType


class TooManyLabels(DomainError):
    """One label more than two object types may have between them."""

    source: ObjectType
    target: ObjectType
    labels_max: int


class LabelsOnPair(DomainError):
    """An unlabelled type that cannot be deleted before the labels of its pair."""

    type_id: int


class LabelToChangeUnknown(DomainError):
    """A label to change that does not exist between the two object types."""

    type_id: int


class LabelToDeleteUnknown(DomainError):
    """A label to delete that does not exist between the two object types."""

    type_id: int


class HubSpotDefinedType(DomainError):
    """An association type to change or delete that every portal has."""

    type_id: int


class UnlabelledType(DomainError):
    """An unlabelled type that shall get a label."""

    type_id: int
