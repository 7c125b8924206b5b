"""GET of the ten companies of a contact, 64 connections, another contact with every request."""

from __future__ import annotations

import json

from benchmarks.against_control import measure
from benchmarks.bench import Bench
from benchmarks.dataset import TARGETS, Dataset
from benchmarks.figures import Figure, Goal, Unmeasured
from benchmarks.load import LIST_PATH, list_script
from benchmarks.servers import Server

GOAL = Goal("list", "GET list of 10, requests/s of the control's", target=0.35, aim=0.45)


def run(bench: Bench) -> list[Figure]:
    """One figure."""
    return [measure(bench, GOAL, list_script, _sample, writes=False)]


def _sample(server: Server, dataset: Dataset) -> bytes:
    body = server.expect(200, "GET", LIST_PATH % dataset.contact_id(0))
    found = len(json.loads(body)["results"])
    if found != TARGETS:
        raise Unmeasured(f"a contact has {found} companies instead of {TARGETS}")
    return body
