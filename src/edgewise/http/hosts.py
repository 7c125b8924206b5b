"""By which names a server that any token opens may be asked for.

A web page may give a name of its own the address of this machine, and then ask as if the server were its own. A browser
says in `Host` which name it asked for; an address in its place, or a name that ends in `localhost`, is no page's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from edgewise.wire.refusals import HostRefused

_HOST = re.compile(r"(\[[\w:.%]*\]|[\w.-]*)(?::\d*)?", re.ASCII)
_KNOWN_MAX = 1000


class Hosts:
    """Lets requests in by the names that were allowed.

    names: beside those of this machine. has_others: whether other machines reach the server, so that it may be asked
    for by any address.
    """

    def __init__(self, names: Iterable[str], has_others: bool) -> None:
        self._names = {_plain(name) for name in names}
        self._has_others = has_others
        self._known: set[bytes] = set()

    def require(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Refuse a request that asks for another name; one that says none comes from no browser.

        Raises: HostRefused.
        """
        for name, value in headers:
            if name == b"host" and value not in self._known:
                self._look_at(value)

    def _look_at(self, value: bytes) -> None:
        match = _HOST.fullmatch(value.decode("latin-1"))
        host = _plain(match[1]) if match else ""
        if not self._is_allowed(host):
            raise HostRefused(host)
        if len(self._known) < _KNOWN_MAX:
            self._known.add(value)

    def _is_allowed(self, host: str) -> bool:
        if host in self._names or host == "localhost" or host.endswith(".localhost"):
            return True
        address = address_of(host)
        return address is not None and (self._has_others or address.is_loopback)


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is, or None for a name."""
    try:
        return ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _plain(host: str) -> str:
    return host.lower().removesuffix(".")
