"""The service over a real socket: bodies in pieces, HEAD, and a connection that goes on after an error."""

from __future__ import annotations

import json

from tests.api.serving import Served

MAP = "food-finance-firepower"
POST = f"""
POST /v1/maps/{MAP}/statements HTTP/1.1
Host: localhost
Content-Type: application/json
"""


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def test_the_wire(served: Served) -> None:
    """One service for all of them, since starting it takes longer than asking it."""
    _chunked_bodies(served)
    _bodies_past_the_limit(served)
    _errors_and_then_more(served)
    _heads(served)
    _headers(served)
    assert served.complaints() == []


def test_a_head_that_is_too_large_is_a_problem(served: Served) -> None:
    for head, status, code in [
        (f"GET /v1/maps?q={'x' * 20_000} HTTP/1.1\nHost: localhost", 414, "url_too_long"),
        (f"GET /v1/maps?q={'x' * 70_000} HTTP/1.1\nHost: localhost", 414, "url_too_long"),
        (f"GET /v1/maps HTTP/1.1\nHost: localhost\nX: {'x' * 200_000}", 431, "headers_too_large"),
        ("GET /v1/maps HTTP/1.1\nHost: localhost" + "\nX: y" * 200, 431, "headers_too_large"),
        ("GET /v1/maps\nnonsense", 400, "not_http"),
    ]:
        wire = served.connect()
        wire.say(head)
        found, headers, body = wire.hear()
        assert (found, json.loads(body)["code"]) == (status, code), head[:60]
        assert headers["content-type"] == "application/problem+json"
        wire.close()


def _chunked_bodies(served: Served) -> None:
    wire = served.connect()
    wire.say(f"{POST}Transfer-Encoding: chunked", _chunk(b'{"text": '), _chunk(b'"In pieces."}'), b"0\r\n\r\n")
    status, headers, body = wire.hear()
    assert status == 201, body
    assert json.loads(body)["text"] == "In pieces."
    wire.say(f"GET {headers['location']} HTTP/1.1\nHost: localhost")
    assert wire.hear()[0] == 200
    wire.close()


def _bodies_past_the_limit(served: Served) -> None:
    for head, parts in [
        ("Content-Length: 5000000", [b"x" * 5_000_000]),
        ("Transfer-Encoding: chunked", [*[_chunk(b"x" * 1_000_000)] * 5, b"0\r\n\r\n"]),
        ("Content-Length: 5000000\nExpect: 100-continue", []),
        ("Content-Length: 5000000", [b"and no more"]),
        ("Transfer-Encoding: chunked", [_chunk(b"x" * 5_000_000)]),
    ]:
        wire = served.connect()
        wire.say(POST + head, *parts)
        status, headers, body = wire.hear()
        assert (status, headers["connection"], json.loads(body)["code"]) == (413, "close", "too_large"), head
        assert wire.ended()
        wire.close()


def _errors_and_then_more(served: Served) -> None:
    wire = served.connect()
    for head, body, expected in [
        ("GET /nothing HTTP/1.1\nHost: localhost", b"", 404),
        ("PUT /v1/maps HTTP/1.1\nHost: localhost\nContent-Length: 2", b"{}", 405),
        (f"{POST}Content-Length: 9", b'{"text": ', 400),
        ("GET /v1/maps?limit=0 HTTP/1.1\nHost: localhost", b"", 422),
        ("POST /v1/maps HTTP/1.1\nHost: localhost\nContent-Type: text/plain\nContent-Length: 3", b"abc", 415),
        (f"DELETE /v1/maps/{MAP}/statements/p-50 HTTP/1.1\nHost: localhost\nContent-Length: 3", b"abc", 409),
        ("GET /healthz HTTP/1.1\nHost: localhost", b"", 200),
    ]:
        wire.say(head, body)
        status, headers, said = wire.hear()
        assert status == expected, said
        assert headers["content-type"].startswith("application/")
    wire.close()


def _heads(served: Served) -> None:
    wire = served.connect()
    for path in ("/v1/maps", f"/v1/maps/{MAP}/statements", "/nothing", "/docs"):
        wire.say(f"GET {path} HTTP/1.1\nHost: localhost")
        status, read, body = wire.hear()
        for _ in range(2):
            wire.say(f"HEAD {path} HTTP/1.1\nHost: localhost")
            told, headers, _ = wire.hear(body=False)
            assert told == status
            assert headers["content-length"] == read["content-length"] == str(len(body))
            assert headers.get("etag") == read.get("etag")
    wire.close()


def _headers(served: Served) -> None:
    wire = served.connect()
    wire.say("GET /v1/maps HTTP/1.1\nHost: localhost")
    _, headers, _ = wire.hear()
    assert "server" not in headers
    assert headers["cache-control"] == "no-cache"
    wire.say(f"GET /v1/maps HTTP/1.1\nHost: localhost\nIf-None-Match: {headers['etag']}")
    assert wire.hear()[0] == 304
    wire.say("GET /healthz HTTP/1.1\nHost: localhost")
    assert wire.hear()[0] == 200
    wire.close()
