"""Idempotency keys: the same request again is answered again and not done again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.api.serving import Served
from tests.support.chronicle import fresh_id
from tests.support.neo4j import Neo4jAddress
from tests.support.stores import PATIENCE, STORES, place_of

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
WRITES = [
    ("/v1/maps", {"title": "again"}),
    ("/v1/maps/m/statements", {"text": "Once."}),
    ("/v1/maps/m/arguments", {"text": "Once.", "stance": "opposing", "target": "s2"}),
    ("/v1/maps/m/batch", {"operations": [{"op": "create", "kind": "statement", "value": {"text": "Once."}}]}),
]


@pytest.mark.parametrize(("path", "body"), WRITES)
def test_the_same_key_and_body_give_the_first_answer_again(client: TestClient, path: str, body: Any) -> None:
    first = client.post(path, json=body, headers=KEY)
    where = "/v1/maps" if path == "/v1/maps" else "/v1/maps/m"
    after = client.get(where).content
    client.post("/v1/maps/m/sources", json={"title": "Between", "source_kind": "other"})
    between = client.get(where).content
    second = client.post(path, json=body, headers=KEY)
    assert (second.status_code, second.content) == (first.status_code, first.content)
    for header in ("etag", "location"):
        assert second.headers.get(header) == first.headers.get(header)
    assert (first.headers.get("idempotency-replayed"), second.headers["idempotency-replayed"]) == (None, "true")
    assert client.get(where).content == between
    assert after != b""


def test_the_same_key_with_something_else_is_refused(client: TestClient) -> None:
    client.post("/v1/maps/m/statements", json={"text": "Once."}, headers=KEY)
    before = client.get("/v1/maps/m").content
    for path, body in [("/v1/maps/m/statements", {"text": "Twice."}), *WRITES[2:]]:
        refused = client.post(path, json=body, headers=KEY)
        assert (refused.status_code, refused.json()["code"]) == (422, "key_reused")
    assert client.get("/v1/maps/m").content == before


def test_a_refused_request_leaves_its_key_free(client: TestClient) -> None:
    assert client.post("/v1/maps/m/statements", json={"text": 3}, headers=KEY).status_code == 422
    assert client.post("/v1/maps/m/statements", json={"text": "Right."}, headers=KEY).status_code == 201


def test_a_dry_run_does_not_use_its_key_up(client: TestClient) -> None:
    path, body = WRITES[3]
    assert client.post(path, json={**body, "dry_run": True}, headers=KEY).json()["dry_run"] is True
    assert client.post(path, json=body, headers=KEY).json()["dry_run"] is False


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "\t"])
def test_a_key_that_is_none(client: TestClient, key: str) -> None:
    refused = client.post("/v1/maps/m/statements", json={"text": "x"}, headers={"Idempotency-Key": key})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_idempotency_key")


async def test_the_same_key_at_the_same_time_writes_once() -> None:
    app = create_app(Settings(store="sqlite::memory:", seed=False))
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        await client.post("/v1/maps", json={"id": "m", "title": "x"})
        posts = (client.post("/v1/maps/m/statements", json={"text": "Once."}, headers=KEY) for _ in range(20))
        answers = await asyncio.gather(*posts)
        assert {(a.status_code, a.content) for a in answers} == {(201, answers[0].content)}
        assert (await client.get("/v1/maps/m/statements")).json()["total"] == 1


@pytest.mark.parametrize("name", STORES)
def test_a_client_that_is_cut_off_in_mid_write_repeats_it_and_gets_one_result(
    name: str, tmp_path: Path, neo4j_of_version: Callable[[str], Neo4jAddress]
) -> None:
    place, map_id, writes = place_of(name, tmp_path, neo4j_of_version), fresh_id(), 8
    given = {"ARGUMAP_STORE": place.url, "ARGUMAP_SEED": "0", "ARGUMAP_STORE_TIMEOUT": str(PATIENCE)}
    if place.user is not None:
        given |= {"ARGUMAP_NEO4J_USER": place.user, "ARGUMAP_NEO4J_PASSWORD": str(place.password)}
    where = f"/v1/maps/{map_id}/statements"
    with Served(tmp_path, given) as served, httpx2.Client(base_url=served.url, timeout=PATIENCE) as client:
        assert client.post("/v1/maps", json={"id": map_id, "title": "t"}).status_code == 201
        for n in range(writes):
            body = json.dumps({"text": f"Point {n} holds."}).encode()
            head = (
                f"POST {where} HTTP/1.1\nHost: localhost\nIdempotency-Key: {map_id}-{n}\n"
                f"Content-Type: application/json\nContent-Length: {len(body)}"
            )
            wire = served.connect()
            wire.say(head, body[: len(body) // 2], body[len(body) // 2 :] if n % 3 else b"")
            if n % 3 == 2:
                wire.hear()  # what was answered is lost behind here
            wire.close()
            again = {"Idempotency-Key": f"{map_id}-{n}", "Content-Type": "application/json"}
            answers = [client.post(where, content=body, headers=again) for _ in range(2)]
            assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
        assert client.get(where).json()["total"] == writes
        assert client.get(f"/v1/maps/{map_id}").json()["revision"] == 1 + writes
        assert client.delete(f"/v1/maps/{map_id}").is_success
