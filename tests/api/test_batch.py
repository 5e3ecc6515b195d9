"""Batches: one transaction of several operations."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

BATCH = "/v1/maps/m/batch"


def create(node_id: str, **value: Any) -> dict[str, Any]:
    return {"op": "create", "kind": "statements", "id": node_id, "value": value}


def test_operations_follow_one_another(client: TestClient) -> None:
    before = client.get("/v1/maps/m").json()["revision"]
    operations = [
        create("b1", text="one"),
        {"op": "update", "kind": "statement", "id": "b1", "value": {"note": "two"}},
        {"op": "create", "kind": "argument", "value": {"premises": ["b1"], "target": "s2", "stance": "supporting"}},
        {"op": "delete", "kind": "statements", "id": "s1", "cascade": True},
    ]
    done = client.post(BATCH, json={"operations": operations})
    assert done.status_code == 200, done.text
    body = done.json()
    assert (body["revision"], body["dry_run"], body["deleted"]) == (before + 1, False, ["a1", "a2", "s1"])
    assert [r["op"] for r in body["results"]] == ["create", "update", "create", "delete"]
    assert body["results"][1] == {"op": "update", "kind": "statement", "id": "b1"}
    assert client.get(f"/v1/maps/m/arguments/{body['results'][2]['id']}").status_code == 200
    assert done.headers["etag"] == client.get("/v1/maps/m").headers["etag"]


def test_all_or_nothing(client: TestClient) -> None:
    before = client.get("/v1/maps/m")
    gone = {"op": "delete", "kind": "statements", "id": "nobody"}
    refused = client.post(BATCH, json={"operations": [create("b1", text="one"), gone]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/operations/1/id")
    assert client.get("/v1/maps/m").content == before.content


def test_a_dry_run_says_what_would_happen(client: TestClient) -> None:
    before = client.get("/v1/maps/m")
    done = client.post(BATCH, json={"dry_run": True, "operations": [create("b1", text="one")]})
    assert done.status_code == 200
    assert done.json() == {
        "revision": before.json()["revision"],
        "dry_run": True,
        "results": [{"op": "create", "kind": "statement", "id": "b1"}],
        "created": ["b1"],
        "updated": [],
        "deleted": [],
        "orphaned": [],
        "notes": [],
    }
    assert client.get("/v1/maps/m").content == before.content
    refused = client.post(BATCH, json={"dry_run": True, "operations": [create("s1", text="one")]})
    assert refused.status_code == 409


def test_every_fault_of_a_batch_is_told_at_once(client: TestClient) -> None:
    operations = [
        create("b1", txt="x"),
        create("b2", text=3),
        {"op": "update", "kind": "statements", "id": "nobody", "value": {"note": "x"}},
        {"op": "create", "kind": "arguments", "value": {"premises": ["gone"], "target": "s2", "stance": "supporting"}},
        {"op": "update", "kind": "statements", "id": "b1", "value": {"note": "of what was not made"}},
        create("b3", text="fine"),
    ]
    refused = client.post(BATCH, json={"operations": operations})
    assert refused.status_code == 422, refused.text
    places = [fault["pointer"] for fault in refused.json()["errors"]]
    assert places == [
        "/operations/0/value/txt", "/operations/0/value/text", "/operations/1/value/text", "/operations/2/id",
        "/operations/3/value/premises/0", "/operations/4/id",
    ]  # fmt: skip
    assert client.get("/v1/maps/m/statements/b3").status_code == 404


def test_an_operation_on_an_unknown_id_is_a_fault_of_the_body(client: TestClient) -> None:
    for operation in (
        {"op": "update", "kind": "statements", "id": "nobody", "value": {"note": "x"}},
        {"op": "delete", "kind": "statements", "id": "nobody"},
    ):
        refused = client.post(BATCH, json={"operations": [operation]})
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown_id")
        assert refused.json()["errors"][0]["pointer"] == "/operations/0/id"


def test_two_taken_ids_are_one_conflict(client: TestClient) -> None:
    refused = client.post(BATCH, json={"operations": [create("s1", text="x"), create("s2", text="y")]})
    assert (refused.status_code, refused.json()["code"]) == (409, "id_taken")
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/operations/0/id", "/operations/1/id"]


def test_a_batch_takes_the_short_form_of_an_argument(client: TestClient) -> None:
    value = {"text": "Bread is dear.", "stance": "supporting", "target": "s2", "actor": "ann", "source": "paper"}
    short = {"op": "create", "kind": "arguments", "id": "short", "value": value}
    again = {"op": "update", "kind": "arguments", "id": "short", "value": {"note": "seen"}}
    done = client.post(BATCH, json={"operations": [short, again]})
    assert done.status_code == 200, done.text
    assert [one["id"] for one in done.json()["results"]] == ["short", "short"]
    assert len(done.json()["created"]) == 3
    wrong = {"op": "create", "kind": "arguments", "value": {**value, "source": "gone", "stance": "for"}}
    refused = client.post(BATCH, json={"operations": [create("b1", text="x"), wrong]})
    assert {fault["pointer"] for fault in refused.json()["errors"]} >= {"/operations/1/value/stance"}


def test_an_upsert_makes_what_is_not_there_and_changes_what_is(client: TestClient) -> None:
    new = {"op": "upsert", "kind": "statements", "id": "u1", "value": {"text": "First.", "note": "kept"}}
    again = {"op": "upsert", "kind": "statements", "id": "u1", "value": {"text": "Second."}}
    done = client.post(BATCH, json={"operations": [new]}).json()
    assert (done["created"], done["updated"]) == (["u1"], [])
    done = client.post(BATCH, json={"operations": [again]}).json()
    assert (done["created"], done["updated"]) == ([], ["u1"])
    read = client.get("/v1/maps/m/statements/u1").json()
    assert (read["text"], read["note"], read["version"]) == ("Second.", "kept", 2)
    other = {"op": "upsert", "kind": "actors", "id": "u1", "value": {"name": "Ann"}}
    assert client.post(BATCH, json={"operations": [other]}).status_code >= 400


def test_a_fault_is_placed_in_its_operation(client: TestClient) -> None:
    value = {"premises": ["s1", "gone"], "target": "s2", "stance": "supporting"}
    link = {"op": "create", "kind": "arguments", "value": value}
    late = {"op": "update", "kind": "statement", "id": "s1", "if_version": 9, "value": {"note": "x"}}
    cases = [
        ([create("b1", text="one"), link], "/operations/1/value/premises/1", 422),
        ([create("b1", text=3)], "/operations/0/value/text", 422),
        ([create("s1", text="x")], "/operations/0/id", 409),
        ([{"op": "create", "kind": "statement", "value": {"id": "s1", "text": "x"}}], "/operations/0/value/id", 409),
        ([{"op": "delete", "kind": "statement", "id": "s1"}], "/operations/0", 409),
        ([{"op": "create", "kind": "widgets", "value": {}}], "/operations/0/kind", 422),
        ([{"op": "make", "kind": "statement", "value": {}}], "/operations/0/op", 422),
        ([{"op": "delete", "kind": "statement"}], "/operations/0/id", 422),
        ([{"op": "create", "kind": "statement", "valeu": {}}], "/operations/0/valeu", 422),
        (["x"], "/operations/0", 422),
        ([], "/operations", 422),
        ("x", "/operations", 422),
        ([late], "/operations/0/id", 412),
    ]  # fmt: skip
    for operations, place, status in cases:
        refused = client.post(BATCH, json={"operations": operations})
        assert refused.status_code == status, (operations, refused.text)
        assert refused.json()["errors"][0]["pointer"] == place, (operations, refused.text)
    for field, value in (("dry_run", 1), ("operatons", [])):
        refused = client.post(BATCH, json={"operations": [create("b1", text="x")], field: value})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"/{field}")


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"op": "remove", "id": "s1"}, 'op must be one of create, update, upsert, delete, not "remove"'),
        ({"op": 7, "id": "s1"}, "op must be one of create, update, upsert, delete, not 7"),
        ({"id": "s1"}, "lacks op, which says what it is"),
        ([], "must be an object, not a list of 0"),
    ],
)
def test_what_no_operation_can_be_is_shown_as_it_was_given(client: TestClient, operation: object, said: str) -> None:
    answer = client.post("/v1/maps/m/batch", json={"operations": [operation]})
    assert answer.status_code == 422
    assert [one["detail"] for one in answer.json()["errors"]] == [said]


def test_a_batch_has_a_limit() -> None:
    from tests.api.conftest import client_of, filled

    with client_of(batch_limit=10) as client:
        filled(client)
        operations = [create(f"b{i}", text="x") for i in range(11)]
        refused = client.post(BATCH, json={"operations": operations})
        assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
        assert "ARGUMAP_BATCH_LIMIT" in refused.json()["detail"]
