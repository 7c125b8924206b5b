"""A page of metrics, read as Prometheus reads it."""

from collections.abc import Mapping

from prometheus_client.openmetrics.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]


class Metrics(dict[str, dict[Labels, float]]):
    """Samples by name and labels. families: the names that the page describes, whether or not they have samples."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.families: dict[str, str] = {}
        for family in text_string_to_metric_families(text):
            self.families[family.name] = family.type
            for sample in family.samples:
                self.setdefault(sample.name, {})[_key(sample.labels)] = sample.value

    def of(self, name: str, **labels: str) -> float:
        """The value of a sample; 0 where there is none."""
        return self.get(name, {}).get(_key(labels), 0.0)


def _key(labels: Mapping[str, str]) -> Labels:
    return frozenset(labels.items())
