"""What is known of a server at one moment, before it is put into the words of Prometheus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from edgewise.domain.figures import Histogram, StoreFigures
from edgewise.domain.ports import StoreInfo
from edgewise.http.traffic import Served


class Seen(NamedTuple):
    """What a page tells, as it was at one moment. is_kept: whether writes are. refusals: how often, by cause."""

    info: StoreInfo
    is_kept: bool
    figures: StoreFigures
    jobs: Mapping[str, int]
    served: Sequence[Served]
    refusals: Mapping[str, int]
    connections: int
    turned_away: int
    loop_waits_s: Histogram
    loop_stalls: Mapping[str, int]
