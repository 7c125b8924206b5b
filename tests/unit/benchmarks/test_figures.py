"""A figure is the median of its rounds, and its verdict says how far the goal is away."""

import pytest

from benchmarks.figures import Figure, Goal, medians

AT_LEAST = Goal("put", "PUT", target=0.22, aim=0.30)
AT_MOST = Goal("start", "start", target=0.5, is_ceiling=True, unit="s")


@pytest.mark.parametrize(
    ("goal", "rounds", "verdict", "is_met"),
    [
        (AT_LEAST, [0.31, 0.1, 0.9], "met, aim too", True),
        (AT_LEAST, [0.30], "met, aim too", True),
        (AT_LEAST, [0.24], "met, aim missed by 0.060 (20%)", True),
        (AT_LEAST, [0.22], "met, aim missed by 0.080 (27%)", True),
        (AT_LEAST, [0.11], "missed by 0.110 (50%)", False),
        (AT_MOST, [0.5], "met", True),
        (AT_MOST, [0.6, 0.4, 0.75], "missed by 0.100 s (20%)", False),
    ],
)
def test_a_verdict_says_what_is_missing(goal, rounds, verdict, is_met):
    figure = Figure(goal, rounds)
    assert (figure.verdict, figure.is_met) == (verdict, is_met)


def test_an_even_number_of_rounds_has_a_median_between_them():
    assert Figure(AT_LEAST, [0.4, 0.1, 0.2, 0.9]).value == pytest.approx(0.3)


def test_medians_are_taken_of_each_quantity():
    samples = [{"a": 1.0, "b": 9.0}, {"a": 3.0, "b": 7.0}, {"a": 2.0, "b": 8.0}]
    assert medians(samples) == {"a": 2.0, "b": 8.0}
