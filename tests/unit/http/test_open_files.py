"""As many connections are promised as the system has files for."""

import subprocess
import sys

import pytest

pytest.importorskip("resource")

SCRIPT = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
from edgewise.http.open_files import places
print(places({wanted}), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "found", "allowed"),
    [
        (900, 900, 100, 100, 900),
        (300, 900, 100, 100, 356),
        (300, 900, 1_000, 644, 900),
        (100, 100, 1_000, 1, 100),
    ],
)
def test_the_process_allows_itself_what_it_needs_and_may(soft, hard, wanted, found, allowed):
    script = SCRIPT.format(soft=soft, hard=hard, wanted=wanted)
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    )
    assert ran.stdout.split() == [str(found), str(allowed)]
