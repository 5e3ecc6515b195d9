"""Requests that are small for whoever sends them and may be hard on the service: the generator of `bench.adversary`.

Each is the bytes of one request, with a name. They are of a kind: bodies of many parts, of much nesting, of odd numbers
and texts; hostile heads; long questions; writes that reach far on the hostile maps of the tests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from bench.http import request
from tests.support.hostile import HOSTILE
from tests.support.writes import WRITES

Request = tuple[str, bytes]
_N = 500_000
_BODY = 4 << 20
"""Bytes that a body may have."""
_URL = 15_000
_AT = "/v1/maps/hub"


def requests() -> Iterator[Request]:
    """Every request with its name."""
    yield from _wide()
    yield from _odd()
    yield from _heads()
    yield from _questions()
    for map_id in HOSTILE:
        yield from _writes(map_id)


def sent(method: str, target: str, body: bytes = b"", more: str = "") -> bytes:
    """A request that ends its connection."""
    head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{more}"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def _post(target: str, body: bytes | dict[str, Any]) -> bytes:
    return sent("POST", target, body if isinstance(body, bytes) else json.dumps(body).encode())


def _wide() -> Iterator[Request]:
    """Bodies of as many parts as fit."""
    for field in ("tags", "aliases", "text", "premises"):
        for part in ("1", "{}", '"x"'):
            body = f'{{"text": "x", "{field}": [{",".join([part] * _N)}]}}'.encode()[: _BODY - 2]
            yield f"a list of {part} for {field}", _post(f"{_AT}/statements", body)
            yield f"a list of {part} for {field} of an argument", _post(f"{_AT}/arguments", body)
    for field, place in (("operations", "batch"), ("edits", "what-if")):
        for part in ("1", "{}", '{"op": "create"}'):
            whole = f'{{"{field}": [{",".join([part] * min(_N, _BODY // (len(part) + 1) - 20))}]}}'.encode()
            yield f"{part} for {field}", _post(f"{_AT}/{place}", whole)
        for name, value in _fat_values().items():
            one = json.dumps({"op": "create", "kind": "statement", "value": value}, separators=(",", ":"))
            whole = f'{{"{field}": [{",".join([one] * ((_BODY - 40) // (len(one) + 1)))}]}}'.encode()
            yield f"{name} for {field}", _post(f"{_AT}/{place}", whole)
    names = ",".join(f'"a{n}": 1' for n in range(300_000))
    yield "names nobody knows", _post(f"{_AT}/statements", f'{{"text": "x", {names}}}'.encode())
    yield "one name again and again", _post(f"{_AT}/statements", b'{"text": "x"' + b', "a": 1' * 500_000 + b"}")


def _fat_values() -> dict[str, dict[str, Any]]:
    """Values of a statement that have as much in them as a list or an object may have."""
    return {
        "lists of a thousand tags": {"text": "x", "tags": ["x"] * 1000},
        "objects of a thousand names": {"text": "x", **{f"a{n}": 1 for n in range(900)}},
        "longest texts": {"text": "x" * 20_000},
        "longest texts of letters with marks": {"text": "e\u0301" * 10_000},
    }


def _odd() -> Iterator[Request]:
    """Bodies of odd nesting, numbers and texts."""
    at = f"{_AT}/statements"
    yield "nesting", _post(at, b'{"text":' + b"[" * 4_000_000)
    yield "nesting that ends", _post(at, b'{"text":' + b"[" * 2_000_000 + b"]" * 2_000_000 + b"}")
    yield "brackets in a text", _post(at, b'{"text":"' + b"[" * 4_000_000 + b'"}')
    yield "flat objects", _post(at, b'{"text":[' + b"[{}]," * 800_000 + b"1]}")
    yield "escapes", _post(at, b'{"text":"' + b"\\u0041" * 600_000 + b'"}')
    yield "pairs of surrogates", _post(at, b'{"text":"' + b"\\ud83d\\ude00" * 340_000 + b'"}')
    yield "halves of surrogates", _post(at, b'{"text":"' + b"\\ud83d" * 600_000 + b'"}')
    yield "backslashes", _post(at, b'{"text":"' + b"\\\\" * 2_000_000 + b'"}')
    yield "a text without end", _post(at, b'{"text":"' + b"\\a" * 2_000_000)
    yield "a large whole number", _post(at, b'{"credence":' + b"9" * 4_000_000 + b"}")
    yield "a large fraction", _post(at, b'{"credence":0.' + b"9" * 4_000_000 + b"}")
    yield "a large exponent", _post(at, b'{"credence":1e' + b"9" * 4_000_000 + b"}")
    yield "many long numbers", _post(at, b'{"text":[' + (b"9" * 199 + b",") * 20_000 + b"1]}")
    yield "many fractions", _post(at, b'{"text":[' + (b"0." + b"9" * 190 + b"e-99,") * 20_000 + b"1]}")
    for name, unit in (("letters", "a"), ("blanks", " "), ("dashes", "-"), ("dates", "2026-01-"), ("marks", "e\u0301")):
        text = unit * (3_000_000 // len(unit.encode()))
        yield f"an id of {name}", _post(at, {"id": text, "text": "x"})
        yield f"a text of {name}", _post(at, {"text": text})
        dated = {"title": "x", "source_kind": "article", "published": text, "url": text, "sha256": text}
        yield f"a date of {name}", _post(f"{_AT}/sources", dated)
        yield f"an operation called {name}", _post(f"{_AT}/batch", {"operations": [{"op": text}]})
        yield f"an edit of the kind {name}", _post(f"{_AT}/what-if", {"edits": [{"op": "delete", "kind": text}]})


def _heads() -> Iterator[Request]:
    """Heads that nobody needs, each as large as a head may be."""
    values = (
        "x" + " " * 40_000 + "x",
        '"' * 40_000,
        "a;q=1," * 9_000,
        '"a", ' * 9_000,
        "a=b; " * 9_000,
        "=,;\\" * 9_000,
    )
    for name in (
        *("If-None-Match", "If-Match", "Accept-Encoding", "Origin", "Authorization", "Idempotency-Key", "Cookie"),
        *("Accept", "X-Request-Id", "Content-Type", "Last-Event-ID", "Range", "Prefer", "Forwarded", "Sec-Fetch-Site"),
    ):
        for value in values:
            yield f"{name} of {value[:6]!r}…", sent("GET", _AT, more=f"{name}: {value}\r\n")
    yield "a key that is long", sent("GET", _AT, more=f"Authorization: Bearer argm_{'a' * 60_000}\r\n")
    yield (
        "as many headers as there may be",
        sent("GET", _AT, more="".join(f"X-{n}: {'x' * 600}\r\n" for n in range(95))),
    )
    yield "a condition of lines", sent("GET", _AT, more='If-None-Match: "a"\r\n' * 90)


def _questions() -> Iterator[Request]:
    """Questions with as much in them as an address holds."""
    words = quote(" ".join(f"w{n}" for n in range(2_500)))[:_URL]
    for q in (
        "a+" * 7_000,
        "aa+" * 5_000,
        words,
        quote("говорят " * 1_000)[:_URL],
        quote("言" * 1_600),
        "%22a%22+" * 2_000,
    ):
        yield f"a search for {q[:12]}…", request("GET", f"/v1/search?q={q}")
        yield f"a list with {q[:12]}…", request("GET", f"/v1/maps/fat/statements?q={q}")
    for name in ("sources", "actors", "without", "ids", "kinds", "nobody", "as_of", "cursor", "sort"):
        many = "&".join([f"{name}=centre"] * (_URL // (len(name) + 8)))
        yield f"{name} again and again", request("GET", f"/v1/maps/deep/evaluation?{many}")
        yield f"{name} of another thousand", request("GET", f"/v1/maps/deep/statements?{_different(name)}")
    for place in ("paths?from=start&to=", "diff?from=", "statements?cursor=", "changes?since=", "graph?focus="):
        yield f"a long {place}", request("GET", f"/v1/maps/deep/{place}{'a' * _URL}")
        yield f"a long number as {place}", request("GET", f"/v1/maps/deep/{place}{'9' * _URL}")
    for map_id in HOSTILE:
        for measure in ("betweenness", "communities"):
            yield f"{measure} of {map_id}", request("GET", f"/v1/maps/{map_id}/structure?measure={measure}")
    yield "a long path", request("GET", f"/v1/maps/{'a/' * 7_000}")
    yield "a long id", request("GET", f"/v1/maps/hub/nodes/{'a' * _URL}")


def _different(name: str) -> str:
    return "&".join(f"{name}=n{n}" for n in range(_URL // (len(name) + 7)))


def _writes(map_id: str) -> Iterator[Request]:
    """Writes that reach far, none of which stores anything, and what looks for near duplicates and in texts."""
    at = f"/v1/maps/{map_id}"
    yield f"a search in {map_id}", request("GET", f"{at}/statements?q=matter+said+what+is+x")
    for name, made in WRITES.items():
        write = made(map_id)
        if "dry" in name or "what-if" in name or "refused" in name:
            query = "&".join(f"{one}={value}" for one, value in write.query.items())
            target = f"{write.path}?{query}" if query else write.path
            yield (
                f"{name} on {map_id}",
                sent(write.method, target, json.dumps(write.body).encode() if write.body else b""),
            )
    change = {"op": "update", "kind": "statement", "id": "centre"}
    same = [{**change, "value": {"note": f"seen {n}"}} for n in range(5_000)]
    yield f"one node changed 5,000 times in {map_id}", _dry(at, same)
    yield f"one node supposed 5,000 times in {map_id}", _post(f"{at}/what-if", {"edits": same, "ask": ["evaluation"]})
    new = [
        {"op": "create", "kind": "statements", "value": {"text": f"what {n} says of the matter"}} for n in range(5_000)
    ]
    yield f"5,000 near duplicates in {map_id}", _dry(at, new)
    gone = [{"op": "delete", "kind": "statement", "id": "centre", "cascade": True}]
    back = [{"op": "create", "kind": "statement", "id": "centre", "value": {"text": "what everything is about"}}]
    yield f"a cascade, and what it took made anew, in {map_id}", _dry(at, [*gone, *back] * 200)
    many = [{"op": "create", "kind": "statement", "id": f"many{n}", "value": {"text": f"x {n}"}} for n in range(900)]
    wide = {"premises": [f"many{n}" for n in range(900)], "target": "centre", "stance": "supporting"}
    steps = [{"op": "create", "kind": "argument", "value": wide} for _ in range(200)]
    yield f"200 arguments of 900 premises in {map_id}", _dry(at, [*many, *steps])
    supposed = {"edits": [*many, *steps], "ask": ["evaluation", "motives", "paths"], "to": ["goal"]}
    yield f"the same supposed in {map_id}", _post(f"{at}/what-if", supposed)


def _dry(at: str, operations: list[dict[str, Any]]) -> bytes:
    return _post(f"{at}/batch", {"operations": operations, "dry_run": True})
