"""The published documents: what they offer, and their schemas as JSON Schema that refuses what they do not name."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

PUBLISHED = Path(__file__).with_name("published")
GUIDES = Path(__file__).with_name("guides")
"""Schemas written from guides, of operations that no document has."""
DOCUMENTS = {
    "v1": ("oauth.v1",),
    "v3": (
        "associations.v3",
        "associations-schema.v3",
        "limits-tracking.v3",
        "objects.v3",
        "oauth.v3",
        "properties.v3",
        "schemas.v3",
    ),
    "v4": (
        "associations.v4-older-rollout",
        "associations-schema.v4-older-rollout",
        "associations.v4",
        "associations-schema.v4",
    ),
    **{
        version: tuple(
            f"{family}.{version}"
            for family in (
                "associations",
                "associations-schema",
                "limits-tracking",
                "objects",
                "properties",
                "schemas",
                *further,
            )
        )
        for version, further in (("2025-09", ()), ("2026-03", ("oauth",)), ("2026-09", ("oauth",)))
    },
    "2026-09-beta": ("associations.2026-09-beta",),
}
"""The files of each version; an operation that two of them publish is as the later one has it."""
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"

Schemas = dict[str, Any]


class Published(NamedTuple):
    """One operation of a published document.

    document: its file. responses: the name of the schema of each success status, or None.
    """

    version: str
    method: str
    path: str
    document: str
    responses: dict[int, str | None]


@cache
def load(document: str) -> dict[str, Any]:
    files = [folder / f"{document}.json" for folder in (PUBLISHED, GUIDES)]
    content: dict[str, Any] = json.loads(next(file for file in files if file.is_file()).read_text("utf-8"))
    return content


@cache
def published() -> dict[tuple[str, str, str], Published]:
    """Every published operation, by version, method and path."""
    return {
        (each.version, each.method, each.path): each
        for version, documents in DOCUMENTS.items()
        for document in documents
        for each in _operations(document, version)
    }


def _operations(document: str, version: str) -> Iterator[Published]:
    for path, methods in load(document)["paths"].items():
        for method, operation in methods.items():
            responses = {
                int(status): _schema_name(response)
                for status, response in operation["responses"].items()
                if status != "default"
            }
            yield Published(version, method.upper(), path, document, responses)


def _schema_name(response: dict[str, Any]) -> str | None:
    for content in response.get("content", {}).values():
        return str(content["schema"]["$ref"]).rpartition("/")[2]
    return None


class Allowance(NamedTuple):
    """Where an answer may differ from its published schema.

    profile: the one that differs, or None for both. schemas: the shapes it concerns. documents: with what the names of
    those begin that it concerns.
    """

    name: str
    profile: str | None
    source: str
    schemas: tuple[str, ...]
    allow: Callable[[dict[str, Any]], None]
    documents: str = ""


def _or_null(name: str) -> Callable[[dict[str, Any]], None]:
    def allow(schema: dict[str, Any]) -> None:
        schema["properties"][name]["type"] = [schema["properties"][name]["type"], "null"]

    return allow


def _unset_values(schema: dict[str, Any]) -> None:
    schema["properties"]["properties"]["additionalProperties"] = {"type": ["string", "null"]}


def _further(**properties: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    return lambda schema: schema["properties"].update(properties)


def _optional(*names: str) -> Callable[[dict[str, Any]], None]:
    def allow(schema: dict[str, Any]) -> None:
        schema["required"] = [name for name in schema["required"] if name not in names]

    return allow


def _numbers(*names: str) -> Callable[[dict[str, Any]], None]:
    return lambda schema: schema["properties"].update({name: {"type": "integer"} for name in names})


def _emptiness(schema: dict[str, Any]) -> None:
    schema["properties"]["requestedAt"] = {"type": "null"}
    schema["properties"].setdefault("errors", {"const": []})


def _oauth_envelope(schema: dict[str, Any]) -> None:
    _optional("category")(schema)
    texts = ("status", "error", "error_description")
    schema["properties"].update({name: {"type": "string"} for name in texts})


def _dead_token(schema: dict[str, Any]) -> None:
    dead = {"properties": {"active": {"const": False}}, "required": ["active"], "additionalProperties": False}
    if "oneOf" in schema:
        schema["oneOf"].append(dead)


def _whole_token(schema: dict[str, Any]) -> None:
    if "oneOf" not in schema:
        schema["additionalProperties"] = True


def _association_limits(schema: dict[str, Any]) -> None:
    kinds: dict[str, Any] = dict.fromkeys(("cardinality", "inverseCardinality"), "string")
    kinds |= {f"hasUserEnforcedMax{end}ObjectIds": "boolean" for end in ("To", "From")}
    kinds |= {f"max{end}ObjectIds": "integer" for end in ("To", "From")}
    kinds |= {key: ["string", "null"] for key in ("createdAt", "updatedAt")}
    schema["properties"].update({name: {"type": kind} for name, kind in kinds.items()})


_RECORDS = ("SimplePublicObject", "SimplePublicObjectWithAssociations")
_LIMITED = ("PublicAssociationDefinitionUserConfiguration",)

ALLOWANCES = (
    Allowance(
        "an unlabelled type has a null label",
        None,
        "recorded reads of several accounts",
        ("AssociationSpecWithLabel",),
        _or_null("label"),
    ),
    Allowance(
        "a limited type that is unlabelled has a null label",
        None,
        "recorded by ballerina-platform",
        _LIMITED,
        _or_null("label"),
    ),
    Allowance(
        "an inverse type without a limit has a null limit",
        None,
        "recorded by ballerina-platform",
        _LIMITED,
        _or_null("userEnforcedMaxToObjectIds"),
    ),
    Allowance(
        "subCategory is text",
        None,
        "recorded batch errors, such as crm.associations.NO_ASSOCIATIONS_FOUND; published as an object",
        ("StandardError",),
        _further(subCategory={"type": "string"}),
    ),
    Allowance(
        "an unset property that was asked for is null", None, "recorded reads", _RECORDS, _unset_values
    ),
    Allowance(
        "an error has the status error",
        None,
        "recorded errors of every kind",
        ("Error",),
        _further(status={"const": "error"}),
    ),
    Allowance(
        "a labelled PUT answers its pair and a wrapper of it",
        "documented",
        "quirk labelled_put_body",
        ("LabelsBetweenObjectPair",),
        _further(
            createdResourceId={"type": "string"},
            location={"type": "string"},
            entity={"$ref": "#/components/schemas/LabelsBetweenObjectPair"},
        ),
    ),
    Allowance(
        "ids of linked records are numbers in reads",
        "observed",
        "quirk record_ids",
        ("MultiAssociatedObjectWithLabel",),
        _numbers("toObjectId"),
    ),
    Allowance(
        "ids of linked records are numbers in writes",
        "observed",
        "quirk record_ids",
        ("LabelsBetweenObjectPair",),
        _numbers("fromObjectId", "toObjectId"),
    ),
    Allowance(
        "a moment in milliseconds takes more than 32 bits",
        None,
        "recorded by ballerina-platform; 2026-09 alone publishes 32 bits, which ended with January 1970",
        ("DateTime",),
        _numbers("value"),
    ),
    Allowance(
        "a record id takes more than 32 bits",
        None,
        "recorded ids; 2025-09 and 2026-09 publish 32 bits for samples, other versions 64",
        ("AtLimitRecordSample", "NearLimitRecordSample"),
        _numbers("objectId"),
    ),
    Allowance(
        "a batch by name has what is empty",
        "observed",
        "quirk v3_envelope",
        ("BatchResponsePublicAssociation", "BatchResponsePublicAssociationWithErrors"),
        _emptiness,
    ),
    Allowance(
        "the ends of a new label are null",
        "observed",
        "quirk label_created_ends",
        ("AssociationSpecWithLabel",),
        _further(fromObjectTypeId={"type": "null"}, toObjectTypeId={"type": "null"}),
    ),
    Allowance(
        "a schema says whose it is",
        "observed",
        "quirk schema_details",
        ("ObjectSchema", "ObjectTypeDefinition"),
        _further(metaType={"type": "string"}, restorable={"type": "boolean"}),
        "schemas.",
    ),
    Allowance(
        "an association of a schema has its limits",
        "observed",
        "quirk schema_details",
        ("AssociationDefinition",),
        _association_limits,
        "schemas.",
    ),
    Allowance(
        "an error may lack its category",
        "observed",
        "quirk error_category",
        ("Error",),
        _optional("category"),
    ),
    Allowance(
        "an error of a batch lacks what is empty",
        "observed",
        "quirk batch_error_items",
        ("StandardError",),
        _optional("context", "errors", "links"),
    ),
    Allowance(
        "an error of OAuth has the older envelope and the words of RFC 6749",
        None,
        "docs/behaviour.md, section 8.2",
        ("Error",),
        _oauth_envelope,
        "oauth.",
    ),
    Allowance(
        "of a dead token nothing is told",
        None,
        "RFC 7662, section 2.2; published is what a live one looks like",
        ("TokenInfoResponseBaseIF",),
        _dead_token,
    ),
    Allowance(
        "all that other versions tell of a token is told in 2026-09 too",
        None,
        "the document of 2026-09 has no more than the one field that all kinds of tokens share",
        ("TokenInfoResponseBaseIF",),
        _whole_token,
    ),
)


def allowances_of(profile: str) -> tuple[Allowance, ...]:
    return tuple(each for each in ALLOWANCES if each.profile in (None, profile))


def complaints(
    published_in: Published, schema: str, body: Any, allowances: Iterable[Allowance] = ()
) -> list[str]:
    """What is wrong with a body, measured by a schema of the document that publishes its operation."""
    names = tuple(each.name for each in allowances)
    validator = _validator(published_in.document, schema, names)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)]


@cache
def _validator(document: str, schema: str, allowances: tuple[str, ...]) -> Draft202012Validator:
    source = load(document)["components"]["schemas"]
    schemas: Schemas = {name: _json_schema(each) for name, each in source.items()}
    for allowance in ALLOWANCES:
        if allowance.name in allowances and document.startswith(allowance.documents):
            for name in set(allowance.schemas) & set(schemas):
                allowance.allow(schemas[name])
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": schemas}}
    )


def _json_schema(schema: Any) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema, its formats as patterns and bounds, its objects closed."""
    if isinstance(schema, list):
        return [_json_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    adapted = {key: _json_schema(value) for key, value in schema.items()}
    match schema.get("format"):
        case "date-time":
            adapted["pattern"] = MOMENT
        case "uuid":
            adapted["pattern"] = UUID
        case "int32":
            adapted |= {"minimum": -(2**31), "maximum": 2**31 - 1}
    if schema.get("type") == "object" and schema.get("properties"):
        adapted["additionalProperties"] = False
    return adapted
