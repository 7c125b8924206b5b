"""Sends what is meant for HubSpot to the server under test, and lets nothing else out of this machine.

Python imports this by itself in a process that has its folder on PYTHONPATH; the client that runs there is unchanged.
It needs HUBSPOT_BASE_URL. Without one every request through `requests` is refused, for raising here would not help:
Python reports an error of this module and goes on without it.
"""

import os
import sys
from urllib.parse import urlsplit, urlunsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")
HUBSPOT = ("api.hubapi.com", "api.hubspot.com")
_HOST_OR_ADDRESS = {
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
}
"""Which argument of an audit event is one."""


def _refuse_strangers(event, arguments):
    if event not in _HOST_OR_ADDRESS:
        return
    given = arguments[_HOST_OR_ADDRESS[event]]
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = given
    else:  # a text is the path of a socket in the file system
        host = given[0] if isinstance(given, tuple) else None
    if host and (host.decode() if isinstance(host, bytes) else host) not in LOOPBACK:
        raise PermissionError(f"refused: {host} is not this machine")


def _redirected(url):
    parts = urlsplit(url)
    if parts.hostname not in HUBSPOT:
        return url
    base = urlsplit(os.environ.get("HUBSPOT_BASE_URL", ""))
    if base.scheme != "http" or base.hostname not in LOOPBACK:
        raise PermissionError("refused: HUBSPOT_BASE_URL is no address of this machine")
    return urlunsplit(parts._replace(scheme=base.scheme, netloc=base.netloc))


def _redirect_requests():
    try:
        from requests.adapters import HTTPAdapter
    except ImportError:  # this environment has no such client
        return
    send = HTTPAdapter.send

    def send_redirected(self, request, **options):
        request.url = _redirected(request.url)
        return send(self, request, **options | {"proxies": {}})

    HTTPAdapter.send = send_redirected


sys.addaudithook(_refuse_strangers)
_redirect_requests()
