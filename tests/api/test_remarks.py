"""Remarks: said beside the map by whoever reads it, and nothing in the map is other for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import filled
from tests.api.test_keys import Service

NODES = "/v1/maps/m/nodes"


def say(client: TestClient, node: str, text: str, **more: Any) -> dict[str, Any]:
    made = client.post(f"{NODES}/{node}/remarks", json={"text": text, **more})
    assert made.status_code == 201, made.text
    assert client.get(made.headers["location"]).json() == made.json()
    return dict(made.json())


def texts(client: TestClient, address: str) -> list[str]:
    found = client.get(f"/v1/maps/m/{address}")
    assert found.status_code == 200, found.text
    return [one["text"] for one in found.json()["items"]]


@pytest.mark.parametrize("node", ["s1", "a1", "ann", "paper", "food", "x1"])
def test_any_node_takes_a_note_and_a_mark(client: TestClient, node: str) -> None:
    say(client, node, "Says who?")
    say(client, node, "So do three others.", mark="agree")
    listed = client.get(f"{NODES}/{node}/remarks").json()
    assert [(one["text"], one["mark"], one["node"]) for one in listed["items"]] == [
        ("Says who?", None, node), ("So do three others.", "agree", node)
    ]  # fmt: skip
    assert (listed["total"], listed["marks"]) == (2, {"agree": 1, "disagree": 0})


def test_nothing_in_the_map_is_other_for_it(client: TestClient) -> None:
    addresses = ("", "/nodes/s1", "/statements", "/evaluation", "/evaluation?semantics=euler", "/graph", "/export")
    before = [client.get(f"/v1/maps/m{address}") for address in addresses]
    say(client, "s1", "No.", mark="disagree")
    after = [client.get(f"/v1/maps/m{address}") for address in addresses]
    assert [(a.content, a.headers["etag"]) for a in after] == [(b.content, b.headers["etag"]) for b in before]


def test_they_are_listed_by_author_mark_and_node_in_pages(client: TestClient) -> None:
    for n in range(5):
        say(client, "s1" if n % 2 else "s2", f"{n}", mark="agree" if n == 3 else None)
    assert texts(client, "remarks") == ["0", "1", "2", "3", "4"]
    assert texts(client, "remarks?node=s1") == ["1", "3"]
    assert texts(client, "remarks?mark=agree") == ["3"]
    assert texts(client, "remarks?by=nobody") == []
    first = client.get("/v1/maps/m/remarks?limit=2").json()
    say(client, "s1", "late")
    rest = client.get(f"/v1/maps/m/remarks?limit=9&cursor={first['next']}").json()
    assert [one["text"] for one in first["items"] + rest["items"]] == ["0", "1", "2", "3", "4", "late"]
    refused = client.get(f"/v1/maps/m/remarks?mark=agree&cursor={first['next']}")
    assert refused.status_code == 422


def test_a_list_has_a_tag_that_changes_with_it(client: TestClient) -> None:
    first = client.get(f"{NODES}/s1/remarks")
    same = client.get(f"{NODES}/s1/remarks", headers={"If-None-Match": first.headers["etag"]})
    assert same.status_code == 304
    say(client, "s1", "x")
    other = client.get(f"{NODES}/s1/remarks", headers={"If-None-Match": first.headers["etag"]})
    assert (other.status_code, other.json()["total"]) == (200, 1)


def test_labels_are_told_with_them(client: TestClient) -> None:
    say(client, "s1", "x")
    assert client.get("/v1/maps/m/remarks?labels=true").json()["labels"] == {"s1": "The shop is shut."}


def test_remarks_of_a_node_that_was_merged_are_the_others(client: TestClient) -> None:
    client.post("/v1/maps/m/statements", json={"id": "s3", "text": "The shop is closed."})
    say(client, "s3", "before")
    assert client.post("/v1/maps/m/merges", json={"keep": "s1", "drop": "s3"}).status_code == 200
    assert texts(client, "nodes/s1/remarks") == ["before"]
    moved = client.post(f"{NODES}/s3/remarks", json={"text": "after"}, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, f"{NODES}/s1/remarks")
    assert client.post(f"{NODES}/s3/remarks", json={"text": "after"}).status_code == 201
    assert texts(client, "nodes/s1/remarks") == ["before", "after"]


def test_the_same_key_says_it_once(client: TestClient) -> None:
    key = {"Idempotency-Key": "once"}
    first = client.post(f"{NODES}/s1/remarks", json={"text": "x"}, headers=key)
    again = client.post(f"{NODES}/s1/remarks", json={"text": "x"}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    other = client.post(f"{NODES}/s1/remarks", json={"text": "y"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert texts(client, "remarks") == ["x"]


def test_a_remark_is_taken_back(client: TestClient) -> None:
    made = say(client, "s1", "x", id="r-own")
    taken = client.post(f"{NODES}/s1/remarks", json={"text": "y", "id": "r-own"})
    assert (taken.status_code, taken.json()["code"]) == (409, "id_taken")
    assert client.delete(f"/v1/maps/m/remarks/{made['id']}").json() == {"deleted": ["r-own"]}
    gone = client.get(f"/v1/maps/m/remarks/{made['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "remark_not_found")


def test_a_deleted_node_has_its_remarks_again_when_it_is_back(client: TestClient) -> None:
    client.post("/v1/maps/m/statements", json={"id": "s3", "text": "Gone soon."})
    say(client, "s3", "x")
    client.delete("/v1/maps/m/statements/s3")
    assert client.get(f"{NODES}/s3/remarks").status_code == 404
    client.post("/v1/maps/m/statements", json={"id": "s3", "text": "Gone soon."})
    assert texts(client, "nodes/s3/remarks") == ["x"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ({"text": ""}, "/text"),
        ({"text": "x", "mark": "like"}, "/mark"),
        ({"text": "x", "by": "me"}, "/by"),
    ],
)
def test_what_is_no_remark_is_refused_with_its_place(client: TestClient, body: dict[str, Any], pointer: str) -> None:
    refused = client.post(f"{NODES}/s1/remarks", json=body)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]


@pytest.mark.parametrize("text", ["  \n", "a\x07b", "\u202eabc"])
def test_a_text_that_cannot_be_kept_is_refused(client: TestClient, text: str) -> None:
    refused = client.post(f"{NODES}/s1/remarks", json={"text": text})
    assert (refused.status_code, refused.json()["code"]) == (422, "unusable_text")


def test_of_what_is_not_there_nothing_is_said(client: TestClient) -> None:
    assert client.post(f"{NODES}/nobody/remarks", json={"text": "x"}).status_code == 404
    assert client.post("/v1/maps/no/nodes/s1/remarks", json={"text": "x"}).status_code == 404
    assert client.get("/v1/maps/no/remarks").status_code == 404
    assert client.delete("/v1/maps/m/remarks/nothing").status_code == 404


def test_only_who_has_made_a_remark_takes_it_back(tmp_path: Path) -> None:
    service = Service({"store": f"sqlite:{tmp_path / 'store.db'}", "seed": False})
    with service.entered():
        filled(service.owner)
        ann, bob = service.key("write", name="ann"), service.key("write", name="bob")
        said = service.client.post(f"{NODES}/s1/remarks", json={"text": "x"}, headers=ann).json()
        assert said["by"] == "ann"
        address = f"/v1/maps/m/remarks/{said['id']}"
        refused = service.client.delete(address, headers=bob)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
        assert service.client.get("/v1/maps/m/remarks?by=ann", headers=bob).json()["total"] == 1
        assert service.client.delete(address, headers=ann).status_code == 200
