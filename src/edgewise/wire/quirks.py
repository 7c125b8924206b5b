"""Which way the server goes where HubSpot's documents and its live service disagree: the one reader of the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from edgewise.data import quirk_facts
from edgewise.domain.rules import Rules

Profile = Literal["documented", "observed"]


class UnknownQuirk(ValueError):
    """A quirk, or a choice of one, that the table does not have."""


class Quirks(msgspec.Struct, frozen=True):
    """One choice for each row of the table; the rows say what each choice means and where it was seen."""

    record_ids: Literal["string", "number"]
    labelled_put_body: Literal["superset", "pair"]
    error_category: Literal["always", "as_recorded"]
    batch_error_items: Literal["full", "sparse"]
    first_link_is_primary: Literal["yes", "no"]
    labelled_write: Literal["replace", "append"]
    default_put_results: Literal["both", "one"]
    default_batch_results: Literal["one", "both"]
    partly_failed_batch: Literal["usual", "207"]
    unknown_record_list: Literal["empty", "not_found"]
    list_limit_over_maximum: Literal["refuse", "clamp"]
    inputs_over_maximum: Literal["refuse"]
    batch_read_page: Literal["500", "100"]
    purge_answer: Literal["batch", "no_content"]
    canceled_spelling: Literal["CANCELED"]
    over_limit_write: Literal["refuse"]
    limit_exists: Literal["replace"]
    label_created_ends: Literal["left_out", "null"]
    label_in_use: Literal["drop"]
    labels_per_pair: Literal["setting"]
    label_length: Literal["200"]
    write_without_types: Literal["accept"]
    second_parent: Literal["replace"]
    legacy_types: Literal["accept_unlisted"]
    one_way_types: Literal["own_side"]
    v3_create_status: Literal["201", "200"]
    v3_create_results: Literal["both", "one"]
    v3_envelope: Literal["lean", "full"]
    v3_archive: Literal["named_type"]
    archived_schemas: Literal["only", "all"]
    schema_details: Literal["published", "recorded"]
    transport_errors: Literal["envelope"]

    def rules(self, records_must_exist: bool, **limits: int) -> Rules:
        """The choices that the domain decides by. limits: those of `Rules` that are not the usual ones."""
        return Rules(
            first_link_is_primary=self.first_link_is_primary == "yes",
            labelled_write_replaces=self.labelled_write == "replace",
            records_must_exist=records_must_exist,
            **limits,
        )


def quirks_of(profile: Profile, overrides: Mapping[str, str] | None = None) -> Quirks:
    """The choices of a profile, some of them replaced by name. Raises: UnknownQuirk, saying what there is."""
    choices = {fact.name: getattr(fact, profile) for fact in quirk_facts()}
    allowed = {fact.name: fact.choices for fact in quirk_facts()}
    for name, choice in (overrides or {}).items():
        if name not in allowed:
            raise UnknownQuirk(f"no quirk is named {name!r}; `edgewise quirks` lists them")
        if choice not in allowed[name]:
            raise UnknownQuirk(f"quirk {name} is one of {', '.join(allowed[name])}, not {choice!r}")
        choices[name] = choice
    return msgspec.convert(choices, Quirks)
