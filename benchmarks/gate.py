"""A server that checks who calls, or one that lets anyone in; else the same. Started as a process of its own.

Arguments: the address of a database, and `guarded` or `open`. The guarded one believes tokens of the database only,
looks at their scopes, and counts calls as `--rate-limit tier` does; its amounts are so large that the load is never
refused.
"""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace

from edgewise import wiring
from edgewise.data.rates import rates
from edgewise.settings import Settings

_AMOUNT = 10**9


def main() -> None:
    """Serve on a free port until a signal."""
    database, kind = sys.argv[1:]
    is_guarded = kind == "guarded"
    roomy = tuple(replace(rate, amounts=dict.fromkeys(rate.amounts, _AMOUNT)) for rate in rates())
    setattr(wiring, "rates", lambda: roomy)  # noqa: B010 -- to mypy, wiring has no such name
    settings = Settings(
        database,
        port=0,
        is_open=not is_guarded,
        rate_limit="tier" if is_guarded else "off",
        log_format="json",
    )
    with closing(wiring.listen(settings.host, settings.port)) as listener:
        wiring.run(settings, listener, lambda url: print(url, flush=True))


if __name__ == "__main__":
    main()
