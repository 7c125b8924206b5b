"""What was seen of a server, in OpenMetrics. Imports a library that is large: imported where somebody asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.utils import floatToGoString

from edgewise import __version__
from edgewise.domain.figures import Histogram
from edgewise.http.seen import Seen
from edgewise.http.traffic import DURATIONS_S

CONTENT_TYPE = CONTENT_TYPE_LATEST.encode()


def expose(seen: Seen) -> bytes:
    """The text, with what the system tells of the process."""
    registry = CollectorRegistry()
    registry.register(_Families(seen))
    ProcessCollector(registry=registry)
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text


class _Families:
    """What was seen, as the library has it."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def collect(self) -> Iterator[Metric]:
        """Each metric once."""
        yield from self._of_requests()
        seen, told = self._seen, self._seen.figures
        build = {
            "version": __version__,
            "store": seen.info.kind,
            "schema_version": str(seen.info.schema_version),
        }
        yield InfoMetricFamily("edgewise_build", "What runs", build)
        about = "How long the event loop took to get to something new"
        yield _histogram("edgewise_event_loop_wait_seconds", about, seen.loop_waits_s)
        about = "How often an operation was found to hold up the event loop"
        yield _counters("edgewise_event_loop_stalls", about, "operation", seen.loop_stalls)
        yield _gauge("edgewise_connections", "Connections that are open", seen.connections)
        yield _counter(
            "edgewise_connections_turned_away", "Connections that found no place", seen.turned_away
        )
        yield _gauge("edgewise_writes_kept", "1 while writes are kept, 0 while they are not", seen.is_kept)
        yield _gauge("edgewise_writes_waiting", "Changes that wait for the writer", told.writes_waiting)
        yield _counter("edgewise_writes_failed", "Changes that could not be kept", told.writes_failed)
        yield _histogram("edgewise_write_group_size", "Changes committed together", told.group_sizes)
        yield _histogram("edgewise_commit_duration_seconds", "How long commits took", told.commit_s)
        yield _gauge("edgewise_wal_bytes", "Size of the write-ahead log", told.log_bytes)
        yield _gauges("edgewise_reads_waiting", "Long reads that wait", "kind", told.reads_waiting)
        yield _gauges("edgewise_reads_running", "Long reads that run", "kind", told.reads_running)
        yield _counters("edgewise_reads_given_up", "Long reads not finished", "cause", told.reads_given_up)
        yield _counter("edgewise_reads_moved", "Reads that went on among the slow ones", told.reads_moved)
        yield _gauges("edgewise_jobs", "Jobs; due ones wait for a worker", "state", seen.jobs)

    def _of_requests(self) -> Iterator[Metric]:
        counted: Counter[tuple[str, str, str]] = Counter()
        durations: dict[str, Histogram] = {}
        for each in self._seen.served:
            for status, count in each.statuses.items():
                counted[each.operation, each.version, str(status)] += count
            histogram = durations.setdefault(each.operation, Histogram(DURATIONS_S))
            histogram.counts = [a + b for a, b in zip(histogram.counts, each.durations, strict=True)]
            histogram.total += each.total_ns / 1e9
        requests = CounterMetricFamily(
            "edgewise_requests", "Requests answered", labels=("operation", "version", "status")
        )
        for labels, count in counted.items():
            requests.add_metric(labels, count)
        yield requests
        about = "From the head of a request to the end of its answer"
        latency = HistogramMetricFamily(
            "edgewise_request_duration_seconds", about, labels=("operation",), unit="seconds"
        )
        for operation, histogram in durations.items():
            latency.add_metric((operation,), _buckets(histogram), histogram.total)
        yield latency
        yield _counters("edgewise_refusals", "Requests refused", "cause", self._seen.refusals)


def _unit(name: str) -> str:
    """OpenMetrics has the unit in the name."""
    return next((unit for unit in ("seconds", "bytes") if name.endswith(unit)), "")


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value, unit=_unit(name))


def _gauges(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    return _labelled(GaugeMetricFamily(name, about, labels=(label,)), values)


def _counter(name: str, about: str, value: float) -> Metric:
    return CounterMetricFamily(name, about, value)


def _counters(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    return _labelled(CounterMetricFamily(name, about, labels=(label,)), values)


def _labelled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, float]) -> Metric:
    for each, value in values.items():
        family.add_metric((each,), value)
    return family


def _histogram(name: str, about: str, histogram: Histogram) -> Metric:
    return HistogramMetricFamily(name, about, _buckets(histogram), histogram.total, unit=_unit(name))


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    """As OpenMetrics has them: each counts what is in those below it too."""
    bounds = [*map(floatToGoString, histogram.bounds), "+Inf"]
    return list(zip(bounds, accumulate(histogram.counts), strict=True))
