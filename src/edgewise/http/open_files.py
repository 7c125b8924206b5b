"""How many connections fit into the files that the system lets a process open."""

from __future__ import annotations

_OTHERS = 256
"""Databases, logs, pipes, and connections of which the client is told that there are too many."""


def places(connections: int) -> int:
    """How many of so many connections fit, after the process allowed itself as many files as it may."""
    try:
        import resource
    except ImportError:  # Windows, where sockets are not counted as files
        return connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= connections + _OTHERS:
        return connections
    allowed = connections + _OTHERS
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    except (OSError, ValueError):  # a system with a lower limit of its own
        allowed = soft
    return max(1, min(connections, allowed - _OTHERS))
