"""The choices that a portal's rules leave open: which quirks hold, and whether records must exist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """How the domain decides where HubSpot's documents and its service disagree.

    first_link_is_primary: the first company of a record that may have a primary one becomes its primary.
    labelled_write_replaces: a write with labels drops the labels it does not name.
    records_must_exist: refuse links to unknown records; else a bare record is made on first mention.
    """

    first_link_is_primary: bool = True
    labelled_write_replaces: bool = True
    records_must_exist: bool = True
