"""Small requests cost little, whatever they hold: lists are bounded, faults few, echoes short."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.support.pace import spending

CPU = 4.0
"""Seconds of CPU that a body of a megabyte may cost; unbounded each of these takes a minute."""
_N = 200_000


def _json(start: str, part: str) -> bytes:
    return (start + ",".join([part] * _N) + "]}").encode()


HOSTILE: dict[str, tuple[str, bytes]] = {
    "a list of numbers for tags": ("statements", _json('{"text": "x", "tags": [', "1")),
    "a list for a text": ("statements", _json('{"text": [', "1")),
    "numbers for premises": ("arguments", _json('{"target": "s1", "stance": "opposing", "premises": [', "1")),
    "objects for premises": ("arguments", _json('{"target": "s1", "stance": "opposing", "premises": [', "{}")),
    "numbers for operations": ("batch", _json('{"operations": [', "1")),
    "objects for operations": ("batch", _json('{"operations": [', "{}")),
    "numbers for edits": ("what-if", _json('{"edits": [', "1")),
    "names nobody knows": ("statements", json.dumps({"text": "x", **{f"a{n}": 1 for n in range(_N)}}).encode()),
    "tags that would fit": ("statements", json.dumps({"text": "x", "tags": [f"t{n}" for n in range(2000)]}).encode()),
    "ids of elsewhere": (
        "actors",
        json.dumps({"name": "x", "actor_kind": "person", "external_ids": {f"a{n}": "b" for n in range(_N)}}).encode(),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_long_list_is_refused_before_it_is_looked_at(client: TestClient, name: str) -> None:
    place, body = HOSTILE[name]
    before = client.get("/v1/maps/m").content
    with spending() as spent:
        answer = client.post(f"/v1/maps/m/{place}", content=body, headers={"Content-Type": "application/json"})
        assert spent.within(CPU)
    expected = (413, "too_large") if place in ("batch", "what-if") else (422, "too_many_items")
    assert (answer.status_code, answer.json()["code"]) == expected
    [fault] = answer.json()["errors"]
    assert fault["code"] == "too_long"
    assert fault["pointer"] or name == "names nobody knows"
    assert len(answer.content) < 2000
    assert client.get("/v1/maps/m").content == before


@pytest.mark.parametrize("name", [one for one in HOSTILE if one != "tags that would fit"])
def test_what_is_too_long_for_any_body_is_refused_before_it_is_parsed(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Parsing a list is one call that holds up the event loop from any thread."""

    def parsed(*_: object, **__: object) -> None:
        pytest.fail("the body was parsed")

    place, body = HOSTILE[name]
    monkeypatch.setattr("service.http.routing.json.loads", parsed)
    answer = client.post(f"/v1/maps/m/{place}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (413, 422)


def test_commas_and_brackets_in_texts_count_for_nothing(client: TestClient) -> None:
    text = ',[{"' * 1_500
    answer = client.post("/v1/maps/m/statements", json={"text": text, "tags": [text[:200]]})
    assert answer.status_code == 201, answer.text
    assert client.get(answer.headers["Location"]).json()["text"] == text


def test_faults_are_told_to_a_hundred_and_then_no_more_is_looked_at(client: TestClient) -> None:
    wrong = {"op": "create", "kind": "statement", **{f"a{n}": 1 for n in range(90)}}
    with spending() as spent:
        answer = client.post("/v1/maps/m/batch", json={"operations": [wrong] * 900})
        assert spent.within(CPU)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 100
    few = client.post("/v1/maps/m/batch", json={"operations": [{"op": "create", "kind": "x", "value": {}}] * 3})
    assert [fault["pointer"] for fault in few.json()["errors"]] == [f"/operations/{n}/kind" for n in range(3)]


LONG = "y" * 5000
ECHOES: list[tuple[str, str, Any]] = [
    ("GET", f"/v1/maps/m?as_of={'9' * 5000}", None),
    ("GET", f"/v1/maps/m?as_of={LONG}", None),
    ("GET", f"/v1/maps/m?{LONG}=1", None),
    ("GET", f"/v1/maps/{LONG}", None),
    ("GET", f"/v1/{LONG}", None),
    ("GET", f"/v1/maps/m/nodes/{LONG}", None),
    ("GET", f"/v1/maps/m/statements?sort={LONG}", None),
    ("GET", f"/v1/maps/m/paths?from={LONG}&to=s1", None),
    ("GET", f"/v1/search?q=x&maps={LONG}&kinds={LONG}", None),
    ("GET", f"/docs/problems/{LONG}", None),
    ("POST", "/v1/maps/m/statements", {LONG: 1}),
    ("POST", "/v1/maps/m/statements", {"text": "x", "id": LONG}),
    ("POST", "/v1/maps/m/arguments", {"premises": [LONG], "target": LONG, "stance": LONG}),
    ("POST", "/v1/maps/m/batch", {"operations": [{"op": LONG}, {"op": "delete", "kind": LONG, "id": LONG}]}),
    ("POST", "/v1/maps/m/assertions", {"of": "s1", "source": "paper", "chain": [LONG, "b'b" * 100]}),
    ("POST", "/v1/maps/m/sources", {"title": "x", "source_kind": "article", "published": LONG, "url": LONG}),
]


@pytest.mark.parametrize(("method", "path", "body"), ECHOES, ids=[f"{m} {p[:30]}" for m, p, _ in ECHOES])
def test_what_a_client_sent_is_repeated_to_a_hundred_characters(
    client: TestClient, method: str, path: str, body: Any
) -> None:
    answer = client.request(method, path, json=body) if body else client.get(path)
    assert 400 <= answer.status_code < 500
    for run in ("y", "9"):
        assert run * 101 not in answer.json()["detail"]
        assert all(run * 101 not in fault["detail"] for fault in answer.json().get("errors", ()))
    assert len(answer.content) < 3000


ASKED = (("GET", "/v1/maps/m"), ("GET", "/v1/maps/m/statements"), ("POST", "/v1/maps/m/statements"))
HEADERS = {
    "If-None-Match": ("x" + " " * 40_000 + "x", '"' * 40_000, "W/" * 20_000, 'W/"' * 13_000),
    "If-Match": ("x" + " " * 40_000 + "x", '"' * 40_000),
    "Accept-Encoding": ("a;q=1," * 7000, "gzip;q=" + "9" * 40_000, ";" * 40_000),
    "Content-Type": ("application/json;" * 2500, " " * 40_000 + "x"),
    "Idempotency-Key": ("x" * 40_000, " " * 40_000 + "x"),
    "Authorization": ("Bearer " + "argm_" * 8000, " " * 40_000, "Bearer " + "0" * 40_000),
    "Origin": ("http://" + "[" * 40_000, "http://[::1", "http://" + "a." * 20_000),
    "Host": ("a." * 20_000, "[" * 40_000, "127.0.0.1:" + "9" * 40_000),
    "X-Request-Id": ("a" * 40_000, "-" * 40_000),
    "Sec-Fetch-Site": ("cross-site," * 4000,),
    "Prefer": ("respond-async," * 2000,),
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_takes_long_or_breaks_anything(client: TestClient, name: str) -> None:
    with spending() as spent:
        for value in HEADERS[name]:
            for method, path in (
                ("GET", "/v1/maps/m"),
                ("GET", "/v1/maps/m/statements"),
                ("POST", "/v1/maps/m/statements"),
            ):
                body = {"text": "x"} if method == "POST" else None
                answer = client.request(method, path, json=body, headers={name: value})
                assert answer.status_code < 500
                assert len(answer.content) < 5000
        assert spent.within(CPU)


def test_every_answer_has_the_headers_of_the_table(client: TestClient) -> None:
    asked = [
        *("/", "/docs", "/openapi.json", "/healthz", "/v1/maps", "/v1/maps/m", "/v1/maps/none", "/nowhere"),
        *("/v1/maps/m/export", "/assets/none.js", "/docs/problems/nowhere"),
    ]
    answers = [client.get(path) for path in (*asked, *asked)]
    tag = client.get("/v1/maps/m").headers["etag"]
    answers += [
        client.get("/v1/maps/m", headers={"If-None-Match": tag}),
        client.get("/v1/maps/m", headers={"Host": "evil.example"}),
        client.post("/v1/maps", json={"title": "x"}, headers={"Origin": "https://evil.example"}),
        client.put("/v1/maps/m"),
        client.head("/v1/maps/m"),
        client.options("/v1/maps/m"),
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert len(answer.headers.get_list("content-security-policy")) == 1
        assert "x-request-id" in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_origin_loads_nothing(client: TestClient, site: str) -> None:
    for path in ("/v1/maps", "/v1/maps/m", "/v1/maps/m", "/v1/search?q=x", "/", "/healthz"):
        for mode in ("no-cors", "cors", "websocket"):
            refused = client.get(path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode})
            assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
        followed = client.get(path, headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"})
        assert followed.status_code in (200, 503)  # a link leads here; without a built page it says so
    for own in ("same-origin", "none"):
        assert client.get("/v1/maps", headers={"Sec-Fetch-Site": own, "Sec-Fetch-Mode": "cors"}).status_code == 200


def test_an_origin_that_is_named_may_load_and_write() -> None:
    named = "http://localhost:3000"
    app = create_app(Settings(store="sqlite::memory:", seed=False, cors_origins=(named,)))
    headers = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Origin": named}
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/v1/maps", headers=headers).status_code == 200
        assert client.post("/v1/maps", json={"title": "x"}, headers=headers).status_code == 201
        other = {**headers, "Origin": "http://localhost:3001"}
        assert client.get("/v1/maps", headers=other).status_code == 403
