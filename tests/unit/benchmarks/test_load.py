"""What wrk says at its end counts only when every request was answered well."""

import pytest

from benchmarks.figures import Unmeasured
from benchmarks.load import parse

GOOD = """
Running 1s test @ http://127.0.0.1:1
figures of the run: {"requests":5000,"duration_us":1010000,"p50_us":900,"p99_us":2000,"status":0,"connect":0,\
"read":0,"write":0,"timeout":0}
"""


def test_figures_are_read_from_the_output():
    load = parse(GOOD)
    assert (load.requests, load.duration_s, load.p50_us, load.p99_us) == (5000, 1.01, 900, 2000)
    assert load.per_s == pytest.approx(5000 / 1.01)


@pytest.mark.parametrize("error", ["status", "connect", "read", "write", "timeout"])
def test_a_run_with_an_error_is_no_run(error):
    with pytest.raises(Unmeasured, match=error):
        parse(GOOD.replace(f'"{error}":0', f'"{error}":3'))


@pytest.mark.parametrize("output", ["", "unable to connect", GOOD.replace('"requests":5000', '"requests":0')])
def test_a_run_without_answers_is_no_run(output):
    with pytest.raises(Unmeasured):
        parse(output)
