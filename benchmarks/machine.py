"""The machine: its cores, the processes on them, its disk, and what a reader must know of it to judge a figure."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

import apsw

_TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_FSYNC_TRIES = 200


class Cores(NamedTuple):
    """Which core runs the servers, and which one the load; None for both where there is only one."""

    server: int | None
    load: int | None


class Memory(NamedTuple):
    """What a process holds: RSS counts pages shared with other processes in full, PSS its share of them."""

    rss_mb: float
    pss_mb: float


def pick_cores() -> Cores:
    """The last core for the servers, the first for the load; the system itself prefers the first."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[-1], usable[0]) if len(usable) > 1 else Cores(None, None)


@contextmanager
def pinned_to(core: int | None) -> Iterator[None]:
    """Keep this process on one core, and with it the processes that the block starts."""
    if core is None:
        yield
        return
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, usable)


def cpu_s(pid: int) -> float:
    """The CPU time that a process used so far, in user and in system mode, over all its threads."""
    after_name = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS_PER_S


def memory(pid: int) -> Memory:
    """What a process holds now. MB are millions of bytes."""
    kibibytes = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]:
        name, _, rest = line.partition(":")
        kibibytes[name] = int(rest.split()[0])
    return Memory(kibibytes["Rss"] * 1024 / 1e6, kibibytes["Pss"] * 1024 / 1e6)


def fsync_us(folder: Path) -> float:
    """How long the disk takes to keep 4 KiB that were appended to a file: the median of many tries."""
    file = folder / "fsync.probe"
    block = os.urandom(4096)
    took = []
    try:
        with file.open("wb", buffering=0) as out:
            for _ in range(_FSYNC_TRIES):
                out.write(block)
                started = perf_counter()
                os.fdatasync(out.fileno())
                took.append(perf_counter() - started)
    finally:
        file.unlink(missing_ok=True)
    return median(took) * 1e6


def facts(folder: Path, cores: Cores) -> dict[str, str]:
    """What a figure says little without: the machine, the versions, the commit and the day."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": _commit(),
        "processor": f"{_processor()}, {len(os.sched_getaffinity(0))} cores usable{_same_core(cores)}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load before the start": f"{os.getloadavg()[0]:.2f}",
        "disk": f"an fdatasync after 4 KiB takes {fsync_us(folder):.0f} µs where the databases are",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": f"SQLite {apsw.sqlite_lib_version()}, "
        + ", ".join(
            f"{name} {version(name)}" for name in ("apsw", "uvicorn", "uvloop", "httptools", "msgspec")
        ),
        "load generator": _wrk_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _same_core(cores: Cores) -> str:
    siblings = Path(f"/sys/devices/system/cpu/cpu{cores.server}/topology/thread_siblings_list")
    if cores.server is None:
        return " (servers and load share it)"
    if siblings.exists() and len(siblings.read_text("ascii").strip()) > len(str(cores.server)):
        return f" (the servers' core is one thread of {siblings.read_text('ascii').strip()})"
    return ""


def _commit() -> str:
    try:
        commit = _output("git", "rev-parse", "--short=12", "HEAD")
        changed = _output("git", "status", "--porcelain", "--untracked-files=no", "--", "src")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}, with changes to src that are not committed" if changed else commit


def _wrk_version() -> str:
    wrk = shutil.which("wrk")
    if wrk is None:
        return "none"
    shown = subprocess.run([wrk, "--version"], capture_output=True, text=True, check=False)
    return " ".join((shown.stdout or shown.stderr).split()[:2])


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def is_supported() -> bool:
    """Whether this system tells what is needed to know."""
    return sys.platform == "linux" and Path("/proc/self/smaps_rollup").exists()
