"""What is purged is in no revision, no kept answer, no remark, no text, no search and nowhere in the store; ids and a
mark are left, and other processes let go of what they had read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from neo4j import GraphDatabase
from starlette.testclient import TestClient

from graph.budgets import Cancelled, wanted
from graph.maps.doctor import examine
from graph.maps.redaction import MARK, Redaction
from graph.maps.workspace import Workspace
from graph.stores import sqlite
from graph.stores.sqlite import SqliteStore
from schemas.query import ViewQuery
from service.app import create_app
from service.settings import Settings
from tests.support.chronicle import fresh_id
from tests.support.stores import Place

SECRET = "Zwetschgenkanarienvogel"
"""One word, so that it is found in the index of search too."""
OTHER = "Quittenpapagei sits on the fence"
KEY = {"Idempotency-Key": "kept"}


@pytest.fixture
def map_id() -> str:
    return fresh_id()


@pytest.fixture
def client(place: Place, map_id: str) -> Any:
    settings = Settings(
        store=place.url,
        neo4j_user=place.user or "neo4j",
        neo4j_password=place.password,
        seed=False,
        deleted_days=0,
        store_timeout=60,
    )
    with TestClient(create_app(settings), base_url="http://localhost") as made:
        _write(made, map_id)
        yield made
        made.delete(f"/v1/maps/{map_id}")


def _write(client: TestClient, map_id: str) -> None:
    """A map in which the secret stands in every place in which a client can put it."""
    at = f"/v1/maps/{map_id}"
    _good(client.post("/v1/maps", json={"id": map_id, "title": "A map"}))
    source = {"id": "s", "title": f"On {SECRET}", "source_kind": "article", "url": f"https://example.org/{SECRET}"}
    _good(client.post(f"{at}/sources", json=source, headers={"Idempotency-Key": f"{map_id}-s"}))
    text = f"{OTHER}. {SECRET} was here, and left."
    _good(client.put(f"{at}/sources/s/text", content=text.encode(), headers={"Content-Type": "text/plain"}))
    made = {"id": "p", "text": f"{SECRET} sings of {SECRET}", "tags": [SECRET], "note": f"see {SECRET}"}
    _good(client.post(f"{at}/statements", json=made, headers={"Idempotency-Key": f"{map_id}-p"}))
    _good(client.post(f"{at}/statements", json={"id": "q", "text": OTHER}))
    quantity = {"value": 5, "unit": "t", "of": SECRET}
    assertion = {"id": "x", "of": "p", "source": "s", "quote": f"{SECRET} was here", "quantities": [quantity]}
    _good(client.post(f"{at}/assertions", json={**assertion, "wording": f"as {SECRET} has it"}))
    _good(client.patch(f"{at}/statements/p", json={"text": f"{SECRET} sings no more"}))
    _good(client.post(f"{at}/arguments", json={"premises": ["p"], "target": "q", "stance": "supporting", "id": "a"}))
    _good(client.post(f"{at}/nodes/p/remarks", json={"id": "r", "text": f"I doubt that {SECRET} sings"}))
    _good(client.post(f"{at}/statements", json={"id": "gone", "text": f"{SECRET} is deleted"}))
    _good(client.delete(f"{at}/statements/gone"))


def _good(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer


def _held(place: Place, needle: str) -> list[str]:
    """Where a word stands in what a store keeps: in the bytes of its files, or in a property of any node or link."""
    if place.user is None:
        file = Path(place.url.removeprefix("sqlite:"))
        return [one.name for one in file.parent.iterdir() if needle.encode() in one.read_bytes()]
    with GraphDatabase.driver(place.url, auth=(place.user, place.password or "")) as driver:
        everything = "MATCH (n) RETURN properties(n) AS held UNION ALL MATCH ()-[r]->() RETURN properties(r) AS held"
        records, _, _ = driver.execute_query(everything)
    return [str(record["held"])[:200] for record in records if needle in str(record["held"])]


def test_a_text_is_taken_out_of_everything_that_the_store_holds(place: Place, client: TestClient, map_id: str) -> None:
    at = f"/v1/maps/{map_id}"
    assert _held(place, SECRET)
    _good(client.patch(at, json={"description": f"of {SECRET}"}))
    before = client.get(at).json()["revision"]
    found = _good(client.post(f"{at}/purge", json={"texts": [SECRET]})).json()
    assert found["revision"] == before + 1
    assert all(found[name] for name in ("changes", "nodes", "receipts", "remarks", "texts")), found
    assert _held(place, SECRET) == []
    assert _held(place, SECRET.casefold()) == []
    node = client.get(f"{at}/statements/p").json()
    assert node["text"] == f"{MARK} sings no more"
    assert client.get(f"{at}/statements/p?as_of=4").json()["text"] == f"{MARK} sings of {MARK}"
    assert client.get(f"{at}/statements/q").json()["text"] == OTHER
    assert client.get(f"/v1/search?q={SECRET}&maps={map_id}").json()["total"] == 0
    assert client.get(f"{at}/nodes/p/remarks").json()["items"][0]["text"] == f"I doubt that {MARK} sings"
    told = client.get(f"{at}/changes").json()["items"][0]
    assert "took a text out of the map and all its history" in told["sentence"]
    text = client.get(f"{at}/sources/s/text?format=text").text
    assert text == f"{OTHER}. {'█' * len(SECRET)} was here, and left."


def test_what_the_threads_of_the_store_take_is_charged_to_whoever_asked(client: TestClient, map_id: str) -> None:
    told: list[tuple[str, float]] = []
    governor = client.app.state.service.work  # type: ignore[attr-defined]
    governor.settled.append(lambda record: told.append((record.operation, record.on_threads)))
    _good(client.post(f"/v1/maps/{map_id}/purge", json={"texts": [SECRET]}))
    [(operation, on_threads)] = told
    assert operation == "purge_map"
    assert on_threads > 0


def test_what_would_go_is_told_and_nothing_goes(place: Place, client: TestClient, map_id: str) -> None:
    at = f"/v1/maps/{map_id}"
    body = {"nodes": ["x"], "texts": [SECRET]}
    before, held = client.get(at), _held(place, SECRET)
    would = _good(client.post(f"{at}/purge?dry_run=true", json=body))
    assert (would.json()["dry_run"], would.json()["revision"]) == (True, before.json()["revision"])
    assert would.headers["etag"] == before.headers["etag"]
    after = client.get(at)
    assert (after.content, after.headers["etag"], bool(_held(place, SECRET))) == (
        before.content, before.headers["etag"], bool(held),
    )  # fmt: skip
    done = _good(client.post(f"{at}/purge", json=body)).json()
    assert would.json() == {**done, "dry_run": True, "revision": done["revision"] - 1}


def test_a_node_keeps_its_id_and_how_it_hangs_together(place: Place, client: TestClient, map_id: str) -> None:
    at = f"/v1/maps/{map_id}"
    _good(client.post(f"{at}/purge", json={"nodes": ["p", "x", "s", "gone"]}))
    for asked in ("", "?as_of=4"):
        node = client.get(f"{at}/statements/p{asked}").json()
        assert (node["id"], node["text"], node["tags"], node["note"]) == ("p", MARK, [], None)
    assert client.get(f"{at}/arguments/a").json()["premises"] == ["p"]
    assertion = client.get(f"{at}/assertions/x").json()
    assert (assertion["of"], assertion["source"], assertion["quantities"]) == ("p", "s", [])
    assert client.get(f"{at}/sources/s/text").status_code == 404
    assert _held(place, SECRET) == []
    again = client.post(f"{at}/statements", json={"id": "p", "text": f"{SECRET} sings of {SECRET}", "tags": [SECRET],
                        "note": f"see {SECRET}"}, headers={"Idempotency-Key": f"{map_id}-p"})  # fmt: skip
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.json()["id"], again.json()["text"]) == ("p", MARK)


async def test_another_process_lets_go_of_what_it_had_read(place: Place, client: TestClient, map_id: str) -> None:
    other = place.store()
    await other.open()
    try:
        workspace = Workspace(other)
        narrowed = ViewQuery(without=("q",), as_of="4")
        for query in (ViewQuery(), ViewQuery(as_of="4"), narrowed):
            assert SECRET in (await workspace.view(map_id, query)).node("p").model_dump_json()
        _good(client.post(f"/v1/maps/{map_id}/purge", json={"texts": [SECRET]}))
        for query in (ViewQuery(), ViewQuery(as_of="4"), narrowed):
            assert SECRET not in (await workspace.view(map_id, query)).node("p").model_dump_json()
        assert await examine(other, map_id) == []
    finally:
        await other.close()


def test_a_purge_cannot_be_taken_back(client: TestClient, map_id: str) -> None:
    at = f"/v1/maps/{map_id}"
    revision = _good(client.post(f"{at}/purge", json={"nodes": ["p"]})).json()["revision"]
    assert client.post(f"{at}/changes/{revision}/revert").status_code == 409
    _good(client.post(f"{at}/undo"))
    assert client.get(f"{at}/statements/p").json()["text"] == MARK
    _good(client.post(f"{at}/changes/1/revert?since=true"))
    assert SECRET not in client.get(f"{at}/statements?as_of={revision}").text


def test_what_was_never_there_is_refused_and_too_short_a_text_too(client: TestClient, map_id: str) -> None:
    at = f"/v1/maps/{map_id}"
    assert client.post(f"{at}/purge", json={"nodes": ["never"]}).status_code == 422
    assert client.post(f"{at}/purge", json={"texts": ["a"]}).status_code == 422
    assert client.post(f"{at}/purge", json={}).status_code == 422
    assert client.post("/v1/maps/no-such-map/purge", json={"nodes": ["p"]}).status_code == 404


async def test_a_purge_that_is_not_wanted_any_more_leaves_all_as_it_was(
    place: Place, client: TestClient, map_id: str
) -> None:
    """Wherever it is when it hears of that; then it is asked for again and comes to its end."""
    store = place.store()
    await store.open()
    try:
        workspace = Workspace(store)
        redaction = Redaction(frozenset({"x"}), (SECRET,))
        stood = await workspace.version(map_id)
        asked = 0

        def within(limit: int) -> Callable[[], bool]:
            def is_wanted() -> bool:
                nonlocal asked
                asked += 1
                return asked <= limit

            return is_wanted

        with wanted(within(10_000)):
            await workspace.redact(map_id, replace(redaction, dry=True), "ann")
        times = asked
        assert times > 2 * (stood.revision - 1)
        for limit in sorted({0, 1, times // 3, times // 2, 2 * times // 3, times - 2, times - 1}):
            asked = 0
            with wanted(within(limit)), pytest.raises(Cancelled):
                await workspace.redact(map_id, redaction, "ann")
            assert await workspace.version(map_id) == stood
            assert await examine(store, map_id) == []
        assert client.get(f"/v1/search?q={SECRET}&maps={map_id}").json()["total"]
        assert (await workspace.redact(map_id, redaction, "ann")).revision == stood.revision + 1
        assert _held(place, SECRET) == []
    finally:
        await store.close()


def test_what_a_killed_process_leaves_of_it_goes_when_the_store_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when the purge was durable and the write-ahead log not folded in yet: the files as they stand then."""
    file, killed = tmp_path / "store.db", tmp_path / "killed"
    killed.mkdir()
    with TestClient(create_app(Settings(store=f"sqlite:{file}", seed=False)), base_url="http://localhost") as client:
        _write(client, "m")
        monkeypatch.setattr(sqlite, "forget_log", lambda connection: None)
        _good(client.post("/v1/maps/m/purge", json={"texts": [SECRET]}))
        for one in tmp_path.glob("store.db*"):
            copy(one, killed)
    held = [one for one in killed.iterdir() if SECRET.encode() in one.read_bytes()]
    assert [one.name for one in held] == ["store.db-wal"]
    asyncio.run(_opened_without_it(killed / "store.db"))


async def _opened_without_it(file: Path) -> None:
    store = SqliteStore(str(file))
    await store.open()
    try:
        for needle in (SECRET, SECRET.casefold()):
            assert _held(Place(f"sqlite:{file}"), needle) == []
    finally:
        await store.close()


async def test_a_backup_made_after_it_holds_nothing_of_it(tmp_path: Path) -> None:
    place = Place(f"sqlite:{tmp_path / 'store.db'}")
    with TestClient(create_app(Settings(store=place.url, seed=False)), base_url="http://localhost") as client:
        _write(client, "m")
        store = client.app.state.service.store  # type: ignore[attr-defined]
        assert isinstance(store, SqliteStore)
        await Workspace(store).redact("m", Redaction(frozenset(), (SECRET,)), "ann")
        (tmp_path / "kept").mkdir()
        await store.backup(str(tmp_path / "kept" / "backup.db"))
    assert SECRET.encode() not in (tmp_path / "kept" / "backup.db").read_bytes()
