"""Quotas: a map and each principal of it grow up to their bounds, are told of them, and may always make less."""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from graph.beside.port import SideRecord
from graph.errors import TooLarge
from graph.stores import sqlite
from service.app import create_app
from service.auth.guard import Holding, Quotas
from service.settings import Settings
from tests.api.conftest import SMALL, client_of, filled

MAP = "/v1/maps/m"


def add(client: TestClient, node_id: str, text: str = "It rains.", **headers: str) -> Any:
    return client.post(f"{MAP}/statements", json={"id": node_id, "text": text}, headers=headers)


def refused(answer: Any, setting: str) -> bool:
    problem = answer.json()
    return (answer.status_code, problem["code"], setting in problem["detail"]) == (413, "quota_reached", True)


def test_a_map_that_is_full_takes_no_more_nodes_and_any_change_that_adds_none() -> None:
    with client_of(quota_map_nodes=len(SMALL) + 1) as client:
        filled(client)
        assert add(client, "one").status_code == 201
        assert refused(add(client, "two"), "ARGUMAP_QUOTA_MAP_NODES")
        assert client.get(f"{MAP}/nodes/two").status_code == 404
        made = [{"op": "create", "kind": "statement", "id": f"n{n}", "value": {"text": "x"}} for n in range(2)]
        gone = {"op": "delete", "kind": "statement", "id": "one"}
        for dry in (True, False):
            sent = {"operations": [gone, *made], "dry_run": dry}
            assert refused(client.post(f"{MAP}/batch", json=sent), "ARGUMAP_QUOTA_MAP_NODES")
        assert client.patch(f"{MAP}/statements/one", json={"text": "It pours, and how."}).status_code == 200
        assert client.post(f"{MAP}/batch", json={"operations": [gone, made[0]]}).status_code == 200
        assert client.delete(f"{MAP}/statements/n0").status_code == 200
        assert add(client, "three").status_code == 201


def test_what_was_deleted_does_not_come_back_over_the_bound() -> None:
    with client_of(quota_map_nodes=len(SMALL)) as client:
        filled(client)
        assert client.delete(f"{MAP}/arguments/a2").status_code == 200
        assert add(client, "instead").status_code == 201
        assert refused(client.post(f"{MAP}/changes/3/revert"), "ARGUMAP_QUOTA_MAP_NODES")


def test_bytes_are_bounded_and_texts_may_always_get_shorter() -> None:
    with client_of(quota_map_bytes=6000) as client:
        filled(client)
        assert refused(add(client, "long", "x" * 6000), "ARGUMAP_QUOTA_MAP_BYTES")
        assert refused(client.patch(f"{MAP}/statements/s1", json={"text": "x" * 6000}), "ARGUMAP_QUOTA_MAP_BYTES")
        assert client.patch(f"{MAP}/statements/s1", json={"text": "x" * 100}).status_code == 200
    with client_of(quota_map_bytes=1) as client:  # as after the bound was lowered
        client.app.state.service.quotas._of_map = Holding()  # type: ignore[attr-defined]
        filled(client)
        client.patch(f"{MAP}/statements/s1", json={"text": "x" * 500})
        client.app.state.service.quotas._of_map = Holding(0, 1)  # type: ignore[attr-defined]
        assert client.patch(f"{MAP}/statements/s1", json={"text": "x" * 400}).status_code == 200
        assert refused(client.patch(f"{MAP}/statements/s1", json={"text": "x" * 401}), "ARGUMAP_QUOTA_MAP_BYTES")
        assert client.delete(f"{MAP}/arguments/a2").status_code == 200


@pytest.fixture
def keyed(tmp_path: Path) -> Any:
    """A service whose principals may have three nodes and 2000 bytes each, its owner's client, and two keys."""
    given = {"store": f"sqlite:{tmp_path / 'store.db'}", "seed": False}
    bounds: dict[str, Any] = {"quota_principal_nodes": 3, "quota_principal_bytes": 2000, "quota_principal_maps": 2}
    service = create_app(Settings(**given, **bounds))
    owner = create_app(Settings(**given), trusting=True)
    with (
        TestClient(service, base_url="http://127.0.0.1") as client,
        TestClient(owner, base_url="http://127.0.0.1") as owners,
    ):
        filled(owners)
        keys = []
        for name in ("ann", "ben"):
            made = owners.post("/v1/keys", json={"name": name, "scope": "write"})
            keys.append({"Authorization": f"Bearer {made.json()['key']}"})
        yield client, owners, *keys


def test_each_principal_has_a_share_that_nobody_else_can_fill(keyed: Any) -> None:
    client, _, ann, ben = keyed
    for n in range(3):
        assert add(client, f"n{n}", **ann).status_code == 201
    assert refused(add(client, "n3", **ann), "ARGUMAP_QUOTA_PRINCIPAL_NODES")
    assert add(client, "b0", **ben).status_code == 201
    longer = {"text": "x" * 1200}
    assert client.patch(f"{MAP}/statements/n0", json=longer, headers=ben).status_code == 200
    assert client.patch(f"{MAP}/statements/n1", json={"text": "x" * 800}, headers=ann).status_code == 200
    assert refused(client.patch(f"{MAP}/statements/n2", json=longer, headers=ben), "ARGUMAP_QUOTA_PRINCIPAL_BYTES"), (
        "what Ben has written counts for Ben"
    )


def test_a_principal_makes_so_many_maps_and_hears_the_same_again_for_the_same_key(keyed: Any) -> None:
    client, owners, ann, ben = keyed
    for name in ("first", "second"):
        once = {**ann, "Idempotency-Key": name}
        for _ in range(2):
            assert client.post("/v1/maps", json={"id": name, "title": name}, headers=once).status_code == 201
    assert refused(client.post("/v1/maps", json={"title": "third"}, headers=ann), "ARGUMAP_QUOTA_PRINCIPAL_MAPS")
    assert client.post("/v1/maps", json={"title": "another's"}, headers=ben).status_code == 201
    assert owners.post("/v1/maps", json={"title": "of who has the store"}).status_code == 201
    assert client.delete("/v1/maps/first", headers=ann).status_code == 200
    assert client.post("/v1/maps", json={"id": "third", "title": "third"}, headers=ann).status_code == 201
    assert refused(client.post("/v1/maps/first/restore", headers=ann), "ARGUMAP_QUOTA_PRINCIPAL_MAPS")


def test_what_another_process_writes_counts(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'store.db'}"
    with client_of(store=store, quota_map_nodes=len(SMALL) + 2) as one, client_of(store=store) as other:
        filled(one)
        assert add(one, "here").status_code == 201
        assert add(other, "there").status_code == 201
        assert refused(add(one, "more"), "ARGUMAP_QUOTA_MAP_NODES")


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_up_is_what_counting_anew_finds(seed: int) -> None:
    chance = random.Random(seed)
    with client_of(quota_map_nodes=10**6) as client:
        filled(client)
        service = client.app.state.service  # type: ignore[attr-defined]
        assert client.portal is not None
        for n in range(20):
            add(client, f"m{n}")
            known = [one["id"] for one in client.get(f"{MAP}/statements?limit=1000").json()["items"]]
            match chance.randrange(4):
                case 0:
                    add(client, f"n{n}", "x" * chance.randrange(1, 500))
                case 1:
                    client.delete(f"{MAP}/statements/{chance.choice(known)}?cascade=true")
                case 2:
                    client.patch(
                        f"{MAP}/statements/{chance.choice(known)}", json={"note": "y" * chance.randrange(1, 99)}
                    )
                case _:
                    client.post(f"{MAP}/undo")
            graph = client.portal.call(service.workspace.at, "m")
            quotas: Quotas = service.quotas
            kept = quotas._ledgers[graph.map, graph.change]
            anew = Quotas(quotas._of_map, quotas._of_principal, 0)._ledger(graph)
            assert {k: v for k, v in kept.items() if any(v)} == {k: v for k, v in anew.items() if any(v)}
            assert anew[None].nodes == sum(client.get(MAP).json()["counts"].values())


# --- what a map keeps beside its nodes ----------------------------------------------------------------

KEPT = "ARGUMAP_QUOTA_MAP_KEPT_BYTES"
AMPLE = 1 << 30
PLAIN = {"Content-Type": "text/plain"}
STATEMENT = {"op": "create", "kind": "statement", "id": "new", "value": {"text": "It rains."}}
MORE: dict[str, Callable[[TestClient], Any]] = {
    "a node": lambda c: add(c, "new"),
    "the short form": lambda c: c.post(
        f"{MAP}/arguments", json={"premises": [{"text": "It pours."}], "target": "food", "stance": "supporting"}
    ),
    "a change of a node": lambda c: c.patch(f"{MAP}/statements/s1", json={"text": "Shut."}),
    "a delete of a node": lambda c: c.delete(f"{MAP}/arguments/a2"),
    "a batch": lambda c: c.post(f"{MAP}/batch", json={"operations": [STATEMENT]}),
    "a trial of a batch": lambda c: c.post(f"{MAP}/batch", json={"operations": [STATEMENT], "dry_run": True}),
    "a change of the map": lambda c: c.patch(MAP, json={"title": "s"}),
    "a merge": lambda c: c.post(f"{MAP}/merges", json={"keep": "s1", "drop": "twin"}),
    "undo": lambda c: c.post(f"{MAP}/undo"),
    "redo": lambda c: c.post(f"{MAP}/redo"),
    "revert": lambda c: c.post(f"{MAP}/changes/3/revert"),
    "a text": lambda c: c.put(f"{MAP}/sources/paper/text", content="What the paper says.", headers=PLAIN),
    "a remark": lambda c: c.post(f"{MAP}/nodes/s1/remarks", json={"text": "No."}),
    "a draft": lambda c: c.post(f"{MAP}/drafts", json={"title": "It rains", "operations": [STATEMENT]}),
    "a change of a draft": lambda c: c.patch(f"{MAP}/drafts/d", json={"title": "A longer title than before"}),
    "a remark of a draft": lambda c: c.post(f"{MAP}/drafts/d/remarks", json={"text": "No."}),
    "a draft declined": lambda c: c.post(f"{MAP}/drafts/d/decline", json={"reason": "No."}),
    "a draft accepted": lambda c: c.post(f"{MAP}/drafts/d/accept", json={}),
}
LESS: dict[str, Callable[[TestClient], Any]] = {
    "a text": lambda c: c.delete(f"{MAP}/sources/told/text"),
    "a shorter text": lambda c: c.put(f"{MAP}/sources/held/text", content="x", headers=PLAIN),
    "a remark": lambda c: c.delete(f"{MAP}/remarks/r"),
    "a draft": lambda c: c.delete(f"{MAP}/drafts/d"),
    "a remark of a draft": lambda c: c.delete(f"{MAP}/drafts/d/remarks/dr"),
    "a purge": lambda c: c.post(f"{MAP}/purge", json={"nodes": ["twin"]}),
}


def full(client: TestClient) -> int:
    """Fill the map with all that it may keep, and have it keep no more; how much it keeps."""
    filled(client)
    source = {"title": "Told", "source_kind": "article"}
    add(client, "twin", "The shop is shut. " * 20)
    made = [
        client.post(f"{MAP}/sources", json={"id": "told", **source}),
        client.put(f"{MAP}/sources/told/text", content="What was told.", headers=PLAIN),
        client.post(f"{MAP}/nodes/s1/remarks", json={"id": "r", "text": "Says who?"}),
        client.post(f"{MAP}/drafts", json={"id": "d", "title": "Snow", "operations": [{**STATEMENT, "id": "snow"}]}),
        client.post(f"{MAP}/drafts/d/remarks", json={"id": "dr", "text": "Says who?"}),
        client.patch(f"{MAP}/statements/s2", json={"text": "Ann is thirsty."}),
        client.post(f"{MAP}/undo"),
    ]
    assert all(one.is_success for one in made), [one.text for one in made if not one.is_success]
    return bound_at_what_is_kept(client)


def kept(client: TestClient) -> int:
    service = client.app.state.service  # type: ignore[attr-defined]
    assert client.portal is not None
    return int(client.portal.call(service.store.kept, "m"))


def bound_at_what_is_kept(client: TestClient, more: int = 0) -> int:
    found = kept(client)
    client.app.state.service.quotas._kept = found + more  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("way", MORE)
def test_a_map_that_keeps_all_that_it_may_keeps_no_more_whatever_it_is(way: str) -> None:
    with client_of(quota_map_kept_bytes=AMPLE) as client:
        held = full(client)
        before = client.get(MAP).json()
        answer = MORE[way](client)
        assert refused(answer, KEPT), answer.text
        assert f"keeps {held} bytes" in answer.json()["detail"]
        assert (client.get(MAP).json(), kept(client)) == (before, held)
        assert client.get(f"{MAP}/sources/paper/text").status_code == 404
        assert client.get(f"{MAP}/drafts/d").json()["status"] == "open"


@pytest.mark.parametrize("way", MORE)
def test_the_same_is_taken_where_there_is_room(way: str) -> None:
    with client_of(quota_map_kept_bytes=AMPLE) as client:
        full(client)
        bound_at_what_is_kept(client, 5_000)
        answer = MORE[way](client)
        assert answer.is_success, answer.text


@pytest.mark.parametrize("way", LESS)
def test_what_makes_less_is_taken_and_makes_room(way: str) -> None:
    with client_of(quota_map_kept_bytes=AMPLE) as client:
        held = full(client)
        if way == "a shorter text":
            client.app.state.service.quotas._kept = held + 5_000  # type: ignore[attr-defined]
            assert client.post(f"{MAP}/sources", json={"id": "held", "title": "H", "source_kind": "article"}).is_success
            assert client.put(f"{MAP}/sources/held/text", content="y" * 500, headers=PLAIN).is_success
            assert client.patch(f"{MAP}/sources/held", json={"sha256": None}).is_success
            assert client.patch(f"{MAP}/sources/held", json={"sha256": sha256(b"x").hexdigest()}).is_success
            held = bound_at_what_is_kept(client)
        answer = LESS[way](client)
        assert answer.is_success, answer.text
        assert kept(client) < held
        free = held - kept(client)
        assert not takes(client, "more", free + 1)
        assert takes(client, "room", free)
        assert kept(client) == held


def takes(client: TestClient, name: str, length: int) -> bool:
    """Whether the store takes a record of so many bytes."""
    store = client.app.state.service.store  # type: ignore[attr-defined]
    record = SideRecord("remark", name, "s1", 1, msgspec.Raw(msgspec.json.encode("z" * (length - 2))))
    assert client.portal is not None
    try:
        return bool(client.portal.call(store.beside.put, "m", record))
    except TooLarge:
        return False


def test_a_history_that_is_shortened_makes_room() -> None:
    with client_of(quota_map_kept_bytes=AMPLE) as client:
        filled(client)
        for n in range(20):
            client.patch(f"{MAP}/statements/s1", json={"text": f"The shop is shut, {n}."})
        held = bound_at_what_is_kept(client)
        assert refused(add(client, "new"), KEPT)
        workspace = client.app.state.service.workspace  # type: ignore[attr-defined]
        assert client.portal is not None
        assert client.portal.call(workspace.compact, "m", "2999-01-01T00:00:00Z")
        assert kept(client) < held
        assert add(client, "new").status_code == 201


def test_that_a_draft_was_accepted_is_noted_even_where_there_is_no_room_for_it() -> None:
    with client_of(quota_map_kept_bytes=AMPLE) as client:
        full(client)
        trial = client.post(f"{MAP}/drafts/d/accept?dry_run=true", json={})
        assert refused(trial, KEPT)
        needs = int(trial.json()["detail"].partition("come to ")[2].partition(",")[0])
        client.app.state.service.quotas._kept = needs + 5  # type: ignore[attr-defined]
        assert client.post(f"{MAP}/drafts/d/accept", json={"reason": "It snows."}).status_code == 200
        assert client.get(f"{MAP}/drafts/d").json()["status"] == "accepted"
        assert refused(add(client, "new"), KEPT)


def test_a_map_may_keep_no_more_from_the_beginning_and_kept_answers_count() -> None:
    with client_of(quota_map_kept_bytes=1000) as client:
        assert refused(client.post("/v1/maps", json={"title": "t", "description": "x" * 1000}), KEPT)
        assert client.get("/v1/maps").json()["total"] == 0
        assert client.post("/v1/maps", json={"id": "m", "title": "t"}).status_code == 201
        answered = {"Idempotency-Key": "k" * 200}
        assert refused(add(client, "one", **answered), KEPT), "with the answer that is kept for the key"
        assert add(client, "one").status_code == 201


def test_the_example_is_loaded_and_commands_write_whatever_the_bound() -> None:
    with client_of(quota_map_kept_bytes=1, seed=True) as client:
        seeded = client.get("/v1/maps").json()["items"][0]["id"]
        assert refused(client.patch(f"/v1/maps/{seeded}", json={"title": "t"}), KEPT)
    owner = create_app(Settings(store="sqlite::memory:", seed=False, quota_map_kept_bytes=1), trusting=True)
    with TestClient(owner, base_url="http://127.0.0.1") as client:
        filled(client)


def test_with_no_bound_nothing_is_asked_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    looked = sqlite.kept_in
    monkeypatch.setattr(sqlite, "kept_in", lambda c, map_id: asked.append(map_id) or looked(c, map_id))
    for settings, expected in (({}, 0), ({"quota_map_kept_bytes": AMPLE}, 2)):
        with client_of(**settings) as client:
            filled(client)
            asked.clear()
            add(client, "new")
            assert len(asked) == expected


def test_a_draft_brings_no_nodes_over_the_bound() -> None:
    with client_of(quota_map_nodes=len(SMALL)) as client:
        filled(client)
        assert client.post(f"{MAP}/drafts", json={"id": "d", "title": "t", "operations": [STATEMENT]}).is_success
        assert refused(client.post(f"{MAP}/drafts/d/accept", json={}), "ARGUMAP_QUOTA_MAP_NODES")
        assert client.get(f"{MAP}/drafts/d").json()["status"] == "open"
