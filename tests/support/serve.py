"""Runs a server until a signal stops it, or until the process that started it is gone.

For each byte it reads, it writes a line: how many objects only the garbage collector could find, since it began.
"""

import gc
import json
import os
import signal
import sys
import threading

from edgewise import wiring
from edgewise.settings import Settings


def main() -> None:
    options = json.loads(sys.argv[1])
    if "redis_timeout_s" in options:
        from edgewise.http import shared_throttle

        shared_throttle.TIMEOUT_S = options.pop("redis_timeout_s")
    settings = Settings(**options)
    threading.Thread(target=_heed_parent, daemon=True).start()
    wiring.run(settings, wiring.listen(settings.host, settings.port), lambda url: print(url, flush=True))


def _heed_parent() -> None:
    while os.read(0, 1):
        gc.collect()
        print(sum(generation["collected"] for generation in gc.get_stats()), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
