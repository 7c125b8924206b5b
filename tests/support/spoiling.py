"""What a hostile client makes of a sound request: each number comes to the same bytes, whenever it is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from tests.support.seeds import Seed

CANARY = "canary-7f3a9c"
"""Is in the values of properties, in queries and in ids that are such values; nothing may tell it but answers."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PURGE")
KINDS = (
    "application/json", "application/json; charset=utf-8", "application/json;charset=utf-16", "text/json",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "", "a" * 3000, "json",
)  # fmt: skip
NAMES = (
    "after", "limit", "properties", "propertiesWithHistory", "associations", "archived", "idProperty", "name",
    "q", "offset", "createdAfter", "client_id", "scope", "state", "redirect_uri", "__proto__", "id%50roperty",
)  # fmt: skip
PLACES = (
    "0", "-1", "1" * 30, "9223372036854775808", "٣", "\0", "/", "..", ".", "null", "x" * 300, "\udcff", "2-99999999",
    "contacts", "0-1", "a b", "%", "%zz", "1e3", "default", "batch", "labels", "search", f"{CANARY}@example.org",
)  # fmt: skip
QUERIES = (
    "", "-1", "0", "1", "10001", "9" * 400, "true", "NaN", "%00", "%ff%fe", "a,b,c", f"{CANARY}", "email", "%", "+",
    "hs_object_id," * 200, "' OR 1=1 --", "\u202e", "null", "[]", "{}",
)  # fmt: skip
ATOMS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 279, 0.5, 1e308, -0.0, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, "", " ", "0", "-1",
    "null", "contacts", "0-1", "2-99999999", "*", "* *", "a" * 65_537, "\0", "\ud800", "\U0001f600", "é" * 50,
    f"{CANARY}", "__proto__", [], {}, [[]], [None], {"": None}, {"id": None}, {"id": []}, [{}] * 3, "1" * 5000,
    "2024-13-45", "NaN", "HUBSPOT_DEFINED", {"from": {"id": "1"}, "to": {"id": "1"}},
)  # fmt: skip
BYTES = (
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\0", b"null", b"null,", b"NaN", b"Infinity", b"-", b"1e999999", b'"', b"\\",
    b"\\u", b"\\ud800", b"//", b"/* */", b",", b",,", b":", b"[", b"]", b"{", b"}", b"'", b"\xef\xbb\xbf", b"0x1",
    b"01", b"1" * 400, b'"a":1,', b'{"a":', b"\r\n", b"\t", b"\x7f", b"True", b"undefined",
)  # fmt: skip

_EVERY_LARGE = 100
_EVERY_HUGE = 1_000
"""One request of so many is large, or as large as the server reads."""


class Sent(NamedTuple):
    """A request as bytes, and the path it was made for."""

    number: int
    data: bytes
    template: str


def spoiled(seeds: Sequence[Seed], seed: int, number: int, tokens: Sequence[str], body_max: int) -> Sent:
    """The request of a number. tokens: what it may show, the usual one first; body_max: in bytes."""
    rng = Random(f"{seed}:{number}")
    is_large = number % _EVERY_LARGE == 0
    sound = rng.choice(seeds)
    while is_large and sound.body is None:
        sound = rng.choice(seeds)
    method = rng.choice(METHODS) if rng.random() < 0.05 else sound.method
    body = _body(rng, sound, number, body_max)
    lines = [f"{method} {_target(rng, sound)} HTTP/1.1".encode("latin-1"), b"host: localhost"]
    lines += _headers(rng, sound, tokens)
    if body is None:
        return Sent(number, b"\r\n".join([*lines, b"", b""]), sound.template)
    if rng.random() < 0.05:
        lines.append(b"transfer-encoding: chunked")
        body = _chunked(rng, body)
    else:
        lines.append(b"content-length: %d" % len(body))
    return Sent(number, b"\r\n".join([*lines, b"", b""]) + body, sound.template)


def _target(rng: Random, sound: Seed) -> str:
    places = [rng.choice(PLACES) if rng.random() < 0.12 else each for each in sound.places]
    query: list[tuple[str, str]] = [(name, str(value)) for name, value in sound.query.items()]
    values = iter(quote(each, safe="", errors="surrogateescape") for each in places)
    path = re.sub(r"{\w+}", lambda _: next(values, "1"), sound.template)
    if rng.random() < 0.05:
        path = _bent(rng, path)
    if rng.random() < 0.06 and sound.places:
        path = re.sub(r"[^/]+$", quote(f"{CANARY}@example.org"), path)
        query.append(("idProperty", "email"))
    for _ in range(rng.choice((0, 0, 0, 1, 2, 5))):
        query.append((rng.choice(NAMES), rng.choice(QUERIES)))
    if rng.random() < 0.01:
        query += [("properties", f"p{number}") for number in range(rng.choice((50, 900, 3000)))]
    if not query:
        return path
    return f"{path}?{urlencode(query) if rng.random() < 0.8 else _loose(query)}"


def _loose(query: list[tuple[str, str]]) -> str:
    """A query as it is, but for what would end the target."""
    text = "&".join(f"{name}={value}" for name, value in query)
    return quote(text, safe="%&=+,;:@!*'()[]{}<>\"")


def _bent(rng: Random, path: str) -> str:
    return rng.choice((path + "/", "/" + path, path.upper(), path + "/..", path.replace("/", "//"), path + "%2f",
                       path.rpartition("/")[0] or "/", path + "/x", path.replace("crm", "%63rm"), path + "%00",
                       "http://elsewhere" + path, path + ";a=b", path + "#x"))  # fmt: skip


def _headers(rng: Random, sound: Seed, tokens: Sequence[str]) -> list[bytes]:
    token = tokens[0] if rng.random() < 0.9 else rng.choice(tokens)
    lines = [f"authorization: Bearer {token}".encode()] if token else []
    usual = KINDS[4] if sound.is_form else KINDS[0]
    if sound.body is not None or rng.random() < 0.3:
        kind = usual if rng.random() < 0.92 else rng.choice(KINDS)
        lines.append(b"content-type: " + kind.encode())
    if rng.random() < 0.04:
        lines.append(rng.choice((b"content-encoding: gzip", b"accept: text/html", b"x: \xff\xfe",
                                 b"cookie: edgewise=x; a=b", b"origin: http://elsewhere", b"expect: 100-continue",
                                 b"x-forwarded-for: 1.2.3.4", b"if-none-match: *", b"range: bytes=0-1",
                                 b"connection: close", b"content-type: application/json")))  # fmt: skip
    return lines


def _body(rng: Random, sound: Seed, number: int, body_max: int) -> bytes | None:
    if number % _EVERY_HUGE == 0:
        return _large(rng, body_max)
    if number % _EVERY_LARGE == 0:
        return _large(rng, rng.choice((30_000, 100_000, 400_000)))
    if sound.body is None:
        return _spoiled_text(rng, b"{}") if rng.random() < 0.1 else None
    if sound.is_form:
        fields = sound.body if isinstance(sound.body, dict) else {}
        return (
            _spoiled_text(rng, urlencode(fields).encode())
            if rng.random() < 0.7
            else urlencode(fields).encode()
        )
    if isinstance(sound.body, bytes):
        return _spoiled_text(rng, sound.body)
    body = sound.body
    for _ in range(rng.choice((0, 1, 1, 2))):
        body = _replaced(rng, body)
    text = json.dumps(body).encode() if rng.random() < 0.7 else _encoded(body)
    return _spoiled_text(rng, text) if rng.random() < 0.5 else text


def _encoded(body: Any) -> bytes:
    """Not escaped: with what is no UTF-8 where the text cannot be it."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _replaced(rng: Random, body: Any) -> Any:
    """The body with something in it replaced, gone, named otherwise, doubled or wrapped."""
    if isinstance(body, dict) and body and rng.random() < 0.85:
        key = rng.choice(list(body))
        match rng.randrange(8):
            case 0:
                return {name: value for name, value in body.items() if name != key}
            case 1:
                return {**body, rng.choice(("", "x\udcff", "id", key.upper(), CANARY)): body[key]}
        return {**body, key: _replaced(rng, body[key])}
    if isinstance(body, list) and body and rng.random() < 0.85:
        place = rng.randrange(len(body))
        match rng.randrange(8):
            case 0:
                return body * rng.choice((2, 2, 30))
            case 1:
                return [*body, rng.choice(ATOMS)]
        return [*body[:place], _replaced(rng, body[place]), *body[place + 1 :]]
    match rng.randrange(6):
        case 0:
            return [body]
        case 1:
            return {"id": body}
    return rng.choice(ATOMS)


def _spoiled_text(rng: Random, text: bytes) -> bytes:
    """Cut, overwritten, with something in it, or with a key twice."""
    place = rng.randrange(len(text) + 1)
    match rng.randrange(6):
        case 0 | 1:
            return text[:place]
        case 2 | 3:
            return text[:place] + rng.choice(BYTES) + text[place + rng.choice((0, 0, 1, 4)) :]
        case 4:
            return text.replace(
                b"{", b'{"' + rng.choice((b"x\xff", b"id", b"inputs", b"name", b"")) + b'":null,', 1
            )
    keys = re.findall(rb'"\w+":', text)
    return text.replace(b"}", b"," + rng.choice(keys) + b"null}", 1) if keys else text + text


def _large(rng: Random, size: int) -> bytes:
    """A body of about so many bytes, of a kind that costs much to read."""
    match rng.randrange(12):
        case 0:
            return b"[" * size
        case 1:
            return b'{"a":' * (size // 5)
        case 2:
            return b"{" + b'"a":0,' * (size // 6) + b'"client_id":5}'
        case 3:
            return b"{" + b",".join(b'"k%d":0' % number for number in range(size // 11)) + b"}"
        case 4:
            return b'{"inputs":[' + b",".join([b'{"id":"1"}'] * (size // 11)) + b"]}"
        case 5:
            return b'{"properties":{' + b",".join(b'"p%d":"v"' % n for n in range(size // 12)) + b"}}"
        case 6:
            return b'{"properties":{"firstname":"' + b"a" * size + b'"}}'
        case 7:
            return (
                b'{"properties":['
                + b",".join(b'"p%d"' % n for n in range(size // 10))
                + b'],"inputs":[{"id":"1"}]}'
            )
        case 8:
            return b"a=" + b"%41" * (size // 3)
        case 9:
            return b"&".join([b"a=b"] * (size // 4))
        case 10:
            return b'{"filterGroups":[' + b",".join([b'{"filters":[]}'] * (size // 15)) + b"]}"
    return b'{"x":"' + b"\\u00e9" * (size // 6) + b'","y\xff":1}'


def _chunked(rng: Random, body: bytes) -> bytes:
    pieces, start = [], 0
    while start < len(body):
        size = rng.choice((1, 7, 1000, 65_536)) if len(body) < 10_000 else 65_536
        piece = body[start : start + size]
        pieces.append(b"%x\r\n%b\r\n" % (len(piece), piece))
        start += size
    return b"".join([*pieces, b"0\r\n\r\n"])
