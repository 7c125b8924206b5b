"""Requests that two readers of HTTP may read differently, as data: what is sent, and what alone may be answered.

Each is followed on its connection by `NEXT`; one that ends its connection is the last that is answered there. Nothing
in a body is ever a request: a body that looks like one asks for `/smuggled`. Kinds: RFC 9112 sections 2.2, 3, 5, 6, 7
and 11.2, and what is known of proxies that were fooled.
"""

from __future__ import annotations

from typing import NamedTuple

HEALTH = "/_edgewise/health"
NEXT = b"GET /next HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer any\r\n\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer any\r\n\r\n"


class Odd(NamedTuple):
    """statuses: of its answers, in order. goes_on: whether the connection then answers `NEXT`, or ends."""

    says: str
    data: bytes
    statuses: tuple[int, ...]
    goes_on: bool


def _get(*lines: bytes, target: bytes = HEALTH.encode()) -> bytes:
    return b"\r\n".join(
        [b"GET %b HTTP/1.1" % target, b"host: localhost", b"authorization: Bearer any", *lines, b"", b""]
    )


def _post(*lines: bytes, body: bytes = b"") -> bytes:
    path = b"/crm/v4/associations/contacts/companies/batch/read"
    head = [
        b"POST %b HTTP/1.1" % path,
        b"host: localhost",
        b"authorization: Bearer any",
        b"content-type: application/json",
    ]
    return b"\r\n".join([*head, *lines, b"", b""]) + body


JSON = b'{"inputs":[]}'
CHUNKS = b"d\r\n" + JSON + b"\r\n0\r\n\r\n"
_LENGTH = b"content-length: 13"
_CHUNKED = b"transfer-encoding: chunked"
_REFUSED, _READ, _READ_AS_THE_LAST = ((400,), False), ((200,), True), ((200,), False)

LENGTHS = [
    Odd("a length and chunks", _post(_LENGTH, _CHUNKED, body=CHUNKS + SMUGGLED), *_REFUSED),
    Odd("chunks and a length", _post(_CHUNKED, _LENGTH, body=CHUNKS + SMUGGLED), *_REFUSED),
    Odd("chunks and a length of nothing", _post(b"content-length: 0", _CHUNKED, body=CHUNKS), *_REFUSED),
    Odd("two lengths", _post(_LENGTH, b"content-length: 0", body=JSON), *_REFUSED),
    Odd("one length twice", _post(_LENGTH, _LENGTH, body=JSON), *_REFUSED),
    Odd("lengths in a list", _post(b"content-length: 13, 13", body=JSON), *_REFUSED),
    Odd("a length with a sign", _post(b"content-length: +13", body=JSON), *_REFUSED),
    Odd("a negative length", _post(b"content-length: -13", body=JSON), *_REFUSED),
    Odd("a length in hexadecimal", _post(b"content-length: 0xd", body=JSON), *_REFUSED),
    Odd("a length with a fraction", _post(b"content-length: 13.0", body=JSON), *_REFUSED),
    Odd("a length in words", _post(b"content-length: many", body=JSON), *_REFUSED),
    Odd("a length of no digits", _post(b"content-length: ", body=JSON), *_REFUSED),
    Odd("a length without end", _post(b"content-length: " + b"9" * 300, body=JSON), *_REFUSED),
    Odd("a length of 2^64 and 13", _post(b"content-length: 18446744073709551629", body=JSON), *_REFUSED),
    Odd("a length with noughts before it", _post(b"content-length: 00013", body=JSON), *_READ),
    Odd("a length after a tab", _post(b"content-length:\t13", body=JSON), *_READ),
    Odd("a length before a blank", _post(b"content-length: 13 ", body=JSON), *_READ),
    Odd("a length with a blank in it", _post(b"content-length: 1 3", body=JSON), *_REFUSED),
    Odd("a blank before the colon", _post(b"content-length : 13", body=JSON), *_REFUSED),
    Odd("a blank before the name", _post(b" content-length: 13", body=JSON), *_REFUSED),
    Odd("a length in a request without a body", _get(_LENGTH) + JSON, *_READ),
    Odd("a request as the body of another", _get(b"content-length: %d" % len(SMUGGLED)) + SMUGGLED, *_READ),
]

CODINGS = [
    Odd("chunks", _post(_CHUNKED, body=CHUNKS), *_READ),
    Odd("chunks in capitals", _post(b"Transfer-Encoding: CHUNKED", body=CHUNKS), *_READ),
    Odd("chunked twice", _post(_CHUNKED, _CHUNKED, body=CHUNKS), *_REFUSED),
    Odd("chunked within identity", _post(b"transfer-encoding: identity, chunked", body=CHUNKS), *_READ),
    Odd(
        "another coding after chunked", _post(b"transfer-encoding: chunked, identity", body=CHUNKS), *_REFUSED
    ),
    Odd("a coding that is nearly chunked", _post(b"transfer-encoding: xchunked", body=CHUNKS), *_REFUSED),
    Odd("a coding with a vertical tab", _post(b"transfer-encoding:\x0bchunked", body=CHUNKS), *_REFUSED),
    Odd("a coding of no name", _post(b"transfer-encoding: ", body=CHUNKS), *_REFUSED),
    Odd("a coding in quotes", _post(b'transfer-encoding: "chunked"', body=CHUNKS), *_REFUSED),
    Odd(
        "chunks before HTTP/1.1",
        _post(_CHUNKED, body=CHUNKS).replace(b"HTTP/1.1", b"HTTP/1.0"),
        *_READ_AS_THE_LAST,
    ),
]

CHUNK = [
    Odd("a chunk with an extension", _post(_CHUNKED, body=b"d;a=b\r\n" + CHUNKS[3:]), *_READ),
    Odd("a size in capitals", _post(_CHUNKED, body=b"D\r\n" + CHUNKS[3:]), *_READ),
    Odd("a size with noughts before it", _post(_CHUNKED, body=b"0" * 8 + CHUNKS), *_READ),
    Odd("a size with 0x", _post(_CHUNKED, body=b"0x" + CHUNKS), *_REFUSED),
    Odd("a size with a sign", _post(_CHUNKED, body=b"+" + CHUNKS), *_REFUSED),
    Odd("a negative size", _post(_CHUNKED, body=b"-" + CHUNKS), *_REFUSED),
    Odd("a size of 2^64 and 13", _post(_CHUNKED, body=b"1000000000000000" + CHUNKS), *_REFUSED),
    Odd("a size of nothing", _post(_CHUNKED, body=b"\r\n" + CHUNKS), *_REFUSED),
    Odd("a size before a bare line feed", _post(_CHUNKED, body=b"d\n" + CHUNKS[3:]), *_REFUSED),
    Odd("a chunk before a bare line feed", _post(_CHUNKED, body=b"d\r\n" + JSON + b"\n0\r\n\r\n"), *_REFUSED),
    Odd("a chunk that is longer than its size", _post(_CHUNKED, body=b"c\r\n" + CHUNKS[3:]), *_REFUSED),
    Odd("a line feed in an extension", _post(_CHUNKED, body=b"d;a\nb\r\n" + CHUNKS[3:]), *_REFUSED),
    Odd("trailers", _post(_CHUNKED, body=CHUNKS[:-2] + b"a: b\r\nhost: y\r\n\r\n"), *_READ),
    Odd(
        "a length after the chunks",
        _post(_CHUNKED, body=CHUNKS[:-2] + b"content-length: 99\r\n\r\n"),
        *_REFUSED,
    ),
    Odd("trailers of no form", _post(_CHUNKED, body=CHUNKS[:-2] + b"nonsense\r\n\r\n"), *_REFUSED),
]

LINES = [
    Odd("a bare line feed after the request line", _get().replace(b"1.1\r\n", b"1.1\n", 1), *_REFUSED),
    Odd("bare line feeds", _get().replace(b"\r\n", b"\n"), *_REFUSED),
    Odd("a bare carriage return", _get(b"a: b\rc: d"), *_REFUSED),
    Odd("a folded line", _get(b"a: b", b" c"), *_REFUSED),
    Odd("a folded length", _post(b"content-length:", b" 13", body=JSON), *_REFUSED),
    Odd("a NUL in a value", _get(b"a: b\0c"), *_REFUSED),
    Odd("a NUL in a name", _get(b"a\0: b"), *_REFUSED),
    Odd("a NUL in the target", _get(target=b"/\0"), *_REFUSED),
    Odd("a line without a colon", _get(b"nonsense"), *_REFUSED),
    Odd("a line without a name", _get(b": b"), *_REFUSED),
    Odd("empty lines before a request", b"\r\n\r\n" + _get(), *_READ),
    Odd("blanks around the target", _get().replace(b"GET /", b"GET  /"), *_READ),
    Odd("a blank before the method", b" " + _get(), *_REFUSED),
    Odd("no version", _get().replace(b" HTTP/1.1", b""), *_READ_AS_THE_LAST),
    Odd("HTTP/0.9", b"GET /\r\n", *_REFUSED),
    Odd("HTTP/2.0 spoken as HTTP/1.1", _get().replace(b"1.1", b"2.0"), *_READ_AS_THE_LAST),
    Odd("two hosts", _get(b"host: y"), (421,), True),
    Odd("two tokens", _get(b"authorization: Bearer other", target=b"/next-but-one"), (404,), True),
    Odd("a name with a bracket", _get(b"a(b): c"), *_REFUSED),
    Odd("UTF-8 in a value", _get(b"a: \xc3\xa9"), *_READ),
]

TARGETS = [
    Odd("a whole address", _get(target=b"http://elsewhere" + HEALTH.encode()), *_READ),
    Odd("a whole address without a path", _get(target=b"http://elsewhere"), *_REFUSED),
    Odd("an asterisk", _get(target=b"*").replace(b"GET", b"OPTIONS"), (404,), True),
    Odd("a host and a port", _get(target=b"elsewhere:443").replace(b"GET", b"CONNECT"), *_REFUSED),
    Odd("a path without a slash", _get(target=b"nowhere"), *_REFUSED),
    Odd("dots", _get(target=b"/crm/../_edgewise/health"), (404,), True),
    Odd("dots in per cent", _get(target=b"/crm/%2e%2e/_edgewise/health"), (404,), True),
    Odd("a slash in per cent", _get(target=b"/_edgewise%2fhealth"), *_READ),
    Odd("a double slash", _get(target=b"//_edgewise/health"), (404,), True),
    Odd("a line end in per cent", _get(target=b"/a%0d%0aset-cookie:%20a=b"), (404,), True),
    Odd("a NUL in per cent", _get(target=b"/a%00"), (404,), True),
    Odd("half a per cent", _get(target=b"/a%"), (404,), True),
    Odd("a fragment", _get(target=b"/a#b"), (404,), True),
    Odd("no UTF-8 in per cent", _get(target=b"/%ff%fe"), (404,), True),
    Odd("a target of 20,000", _get(target=b"/" + b"a" * 20_000), (414,), False),
    Odd("a query of 20,000", _get(target=b"/?" + b"a" * 20_000), (414,), False),
]

ODD = [*LENGTHS, *CODINGS, *CHUNK, *LINES, *TARGETS]
