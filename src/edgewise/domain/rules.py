"""The choices that a portal's rules leave open: which quirks hold, and whether records must exist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """How the domain decides where HubSpot's documents and its service disagree.

    first_link_is_primary: the first company of a record that may have a primary one becomes its primary.
    labelled_write_replaces: a write with labels drops the labels it does not name.
    records_must_exist: refuse links to unknown records; else a bare record is made on first mention.
    association_limit: the account's own limit of targets of a record: what counts for an unlabelled type without a
    limit of its own. Limits that the portal sets must be below it; writes are not held to it.
    labels_per_pair_max: how many labels a portal may define between two object types.
    """

    first_link_is_primary: bool = True
    labelled_write_replaces: bool = True
    records_must_exist: bool = True
    association_limit: int = 50_000
    labels_per_pair_max: int = 50
