"""What the rules of labels refuse, and how it reads: samples for `test_errors`."""

from edgewise.data import hubspot_types
from edgewise.domain import errors_labels as rules
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_labels import NameFault

_CATALOG = Catalog(hubspot_types())
_CONTACT, _COMPANY = (_CATALOG.object_type(name) for name in ("contact", "company"))


def _invalid_name(name: str, fault: NameFault) -> rules.InvalidLabelName:
    return rules.InvalidLabelName(name, fault, 200)


LABEL_REFUSALS: list[tuple[DomainError, int, str, dict[str, list[str]] | None]] = [
    (
        _invalid_name("a-b", NameFault.HYPHEN), 400,
        "Association definition name 'a-b' is not valid: it must not contain a hyphen", {"name": ["a-b"]},
    ),
    (
        _invalid_name("1st", NameFault.DIGIT_FIRST), 400,
        "Association definition name '1st' is not valid: it must not start with a digit", {"name": ["1st"]},
    ),
    (
        _invalid_name("", NameFault.BLANK), 400,
        "Association definition name '' is not valid: it must not be blank", {"name": [""]},
    ),
    (
        _invalid_name("long", NameFault.TOO_LONG), 400,
        "Association definition name 'long' is not valid: it must have at most 200 characters",
        {"name": ["long"]},
    ),
    (
        rules.InvalidLabelText("inverseLabel", 200), 400,
        "inverseLabel must not be blank, and must have at most 200 characters", None,
    ),
    (rules.UnlabelledInverse(), 400, "inverseLabel needs a label that is not empty", None),
    (
        rules.SymmetricLabel(7), 400,
        "Association type 7 reads the same from both ends; leave inverseLabel out", None,
    ),
    (rules.InvalidLabelId("x"), 400, "x is not a valid associationTypeId", {"id": ["x"]}),
    (
        rules.LabelNameTaken("boss"), 400,
        "Association definition named boss already exists for portal", None,
    ),
    (
        rules.LabelTextTaken("Boss", "0-1", "0-2"), 400,
        "Association definition label Boss already exists on ObjectType pair 0-1-0-2", None,
    ),
    (
        rules.UnlabelledTypeExists(_CONTACT, _COMPANY), 400,
        "Unlabeled association definition already exists on ObjectType pair 0-1-0-2", None,
    ),
    (
        rules.TooManyLabels(_CONTACT, _COMPANY, 50), 437,
        "No more than 50 association types are allowed between contacts and companies", None,
    ),
    (
        rules.LabelsOnPair(7), 400,
        "Definition with label still exists; Cannot delete unlabeled type with associationTypeId 7", None,
    ),
    (rules.LabelToChangeUnknown(7), 400, "Unable to find association type 7", None),
    (rules.LabelToDeleteUnknown(7), 400, "Unable to find objectTypeIds", None),
    (
        rules.HubSpotDefinedType(279), 400,
        "Association type 279 is defined by HubSpot and cannot be changed or deleted", None,
    ),
    (rules.UnlabelledType(7), 400, "Association type 7 is unlabeled and cannot get a label", None),
]  # fmt: skip
