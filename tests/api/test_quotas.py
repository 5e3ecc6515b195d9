"""Quotas: a map and each principal of it grow up to their bounds, are told of them, and may always make less."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

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
