"""How many histories are tried, and how long they are."""

from hypothesis import HealthCheck, Phase, settings

BOUNDED = settings(
    max_examples=50,
    stateful_step_count=50,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(BOUNDED, max_examples=3000, stateful_step_count=60, derandomize=False, print_blob=True)
UNTIL_CAUGHT = settings(
    BOUNDED, max_examples=200, derandomize=False, phases=[Phase.generate], report_multiple_bugs=False
)
