"""How the rules of labels refuse."""

from __future__ import annotations

from edgewise.domain import errors_labels as rules
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_labels import NameFault
from edgewise.wire.shapes.shape import VALIDATION, ErrorShape

TOO_MANY_LABELS = 437
"""A status of HubSpot's own. Source: docs/behaviour.md, section 6.2, observed."""

_FAULTS = {
    NameFault.BLANK: "must not be blank",
    NameFault.TOO_LONG: "must have at most {length_max} characters",
    NameFault.HYPHEN: "must not contain a hyphen",
    NameFault.DIGIT_FIRST: "must not start with a digit",
}


def _name_fault(error: rules.InvalidLabelName) -> str:
    fault = _FAULTS[error.fault].format(length_max=error.length_max)
    return f"Association definition name {error.name!r} is not valid: it {fault}"


SHAPES: dict[type[DomainError], ErrorShape] = {
    rules.InvalidLabelName: ErrorShape(400, VALIDATION, _name_fault, lambda e: {"name": [e.name]}),
    rules.InvalidLabelText: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.field} must not be blank, and must have at most {e.length_max} characters",
    ),
    rules.UnlabelledInverse: ErrorShape(
        400, VALIDATION, lambda e: "inverseLabel needs a label that is not empty"
    ),
    rules.SymmetricLabel: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Association type {e.type_id} reads the same from both ends; leave inverseLabel out",
    ),
    rules.InvalidLabelId: ErrorShape(
        400, VALIDATION, lambda e: f"{e.text} is not a valid associationTypeId", lambda e: {"id": [e.text]}
    ),
    rules.LabelNameTaken: ErrorShape(
        400, VALIDATION, lambda e: f"Association definition named {e.name} already exists for portal"
    ),
    rules.LabelTextTaken: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"Association definition label {e.label} already exists on ObjectType pair {e.source}-{e.target}"
        ),
        sub_category="AssociationValidationError.DUPLICATE_ASSOCIATION_LABEL",
    ),
    rules.UnlabelledTypeExists: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"Unlabeled association definition already exists on ObjectType pair {e.source.id}-{e.target.id}"
        ),
    ),
    rules.TooManyLabels: ErrorShape(
        TOO_MANY_LABELS,
        VALIDATION,
        lambda e: (
            f"No more than {e.labels_max} association types are allowed between "
            f"{e.source.plural} and {e.target.plural}"
        ),
    ),
    rules.LabelsOnPair: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            "Definition with label still exists; "
            f"Cannot delete unlabeled type with associationTypeId {e.type_id}"
        ),
    ),
    rules.LabelToChangeUnknown: ErrorShape(
        400, VALIDATION, lambda e: f"Unable to find association type {e.type_id}"
    ),
    rules.LabelToDeleteUnknown: ErrorShape(400, VALIDATION, lambda e: "Unable to find objectTypeIds"),
    rules.HubSpotDefinedType: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Association type {e.type_id} is defined by HubSpot and cannot be changed or deleted",
    ),
    rules.UnlabelledType: ErrorShape(
        400, VALIDATION, lambda e: f"Association type {e.type_id} is unlabeled and cannot get a label"
    ),
}
