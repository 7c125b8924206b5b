"""PUT of a default link, 64 connections, a new pair with every request."""

from __future__ import annotations

import json

from benchmarks.against_control import measure
from benchmarks.bench import Bench
from benchmarks.dataset import Dataset
from benchmarks.figures import Figure, Goal
from benchmarks.load import LIST_PATH, PUT_PATH, put_script
from benchmarks.servers import Server

GOAL = Goal("put", "PUT default link, requests/s of the control's", target=0.22, aim=0.30)


def run(bench: Bench) -> list[Figure]:
    """One figure."""
    return [measure(bench, GOAL, put_script, _sample, writes=True)]


def _sample(server: Server, dataset: Dataset) -> bytes:
    """What a PUT answers; of a pair that is linked already, so that nothing is added."""
    contact_id = dataset.contact_id(0)
    listed = json.loads(server.expect(200, "GET", LIST_PATH % contact_id))
    company_id = int(listed["results"][0]["toObjectId"])
    return server.expect(200, "PUT", PUT_PATH % (contact_id, company_id), b"")
