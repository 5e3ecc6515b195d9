"""Nodes of every kind: made, read, changed, deleted, and read with their links."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from schemas.vocabulary import PLURALS

DRAFTS: dict[str, dict[str, Any]] = {
    "actors": {"name": "Bob", "actor_kind": "person"},
    "motives": {"name": "rest", "category": "other", "text": "Ann wants to sleep.", "actor": "ann"},
    "statements": {"text": "It is late."},
    "arguments": {"premises": ["s1"], "target": "s2", "stance": "opposing"},
    "sources": {"title": "Note", "source_kind": "document"},
    "assertions": {"of": "a1", "source": "paper", "basis": "explicit"},
}


@pytest.mark.parametrize("plural", PLURALS)
def test_a_node_lives_through_its_five_operations(client: TestClient, plural: str) -> None:
    many = f"/v1/maps/m/{plural}"
    made = client.post(many, json={"id": "new", **DRAFTS[plural]})
    assert made.status_code == 201, made.text
    one = made.headers["location"]
    assert one == f"{many}/new"
    read = client.get(one)
    assert read.headers["etag"] == made.headers["etag"]
    assert read.json() == {k: made.json()[k] for k in read.json()}
    assert read.json().items() >= {"id": "new", "kind": PLURALS[plural], "version": 1, "note": None}.items()
    assert read.json().items() >= DRAFTS[plural].items()
    changed = client.patch(one, json={"note": "seen"}, headers={"If-Match": read.headers["etag"]})
    assert changed.status_code == 200
    assert (changed.json()["note"], changed.json()["version"]) == ("seen", 2)
    assert changed.json()["revision"] == made.json()["revision"] + 1
    assert client.get(one).headers["etag"] == changed.headers["etag"] != read.headers["etag"]
    assert "new" in {item["id"] for item in client.get(many).json()["items"]}
    gone = client.delete(one)
    assert gone.json() == {
        "revision": changed.json()["revision"] + 1, "created": [], "updated": [], "deleted": ["new"],
        "orphaned": [], "notes": [],
    }  # fmt: skip
    assert client.get(one).status_code == 404


@pytest.mark.parametrize("plural", PLURALS)
def test_a_node_is_found_under_its_own_kind_only(client: TestClient, plural: str) -> None:
    ids = {"actors": "ann", "motives": "food", "statements": "s1", "arguments": "a1", "sources": "paper"}
    ids["assertions"] = "x1"
    for other, node_id in ids.items():
        expected = 200 if other == plural else 404
        assert client.get(f"/v1/maps/m/{plural}/{node_id}").status_code == expected
        if other != plural:
            assert client.patch(f"/v1/maps/m/{plural}/{node_id}", json={"note": "x"}).status_code == 404
            assert client.delete(f"/v1/maps/m/{plural}/{node_id}").status_code == 404
    assert client.get("/v1/maps/m").json()["counts"]["actors"] == 2


def test_a_patch_that_changes_nothing_makes_no_revision(client: TestClient) -> None:
    before = client.get("/v1/maps/m").json()["revision"]
    done = client.patch("/v1/maps/m/statements/s1", json={"text": "The shop is shut."})
    assert (done.status_code, done.json()["revision"], done.json()["version"]) == (200, before, 1)


def test_null_takes_a_field_back_to_its_default(client: TestClient) -> None:
    one = "/v1/maps/m/arguments/a1"
    client.patch(one, json={"warrant": "Hungry people want bread.", "confidence": "low"})
    back = client.patch(one, json={"warrant": None, "confidence": None}).json()
    assert (back["warrant"], back["confidence"]) == (None, None)


@pytest.mark.parametrize(
    "media", ["application/json", "application/merge-patch+json", "Application/JSON; charset=utf-8"]
)
def test_a_patch_may_come_as_either_type(client: TestClient, media: str) -> None:
    done = client.patch("/v1/maps/m/statements/s1", content=b'{"note": "x"}', headers={"Content-Type": media})
    assert done.status_code == 200


def test_what_the_service_writes_is_not_taken_from_a_client(client: TestClient) -> None:
    refused = client.post("/v1/maps/m/statements", json={"text": "x", "version": 7, "created_by": "me"})
    assert refused.status_code == 422
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/version", "/created_by"]


def test_a_node_that_others_refer_to_stays_unless_they_go_too(client: TestClient) -> None:
    refused = client.delete("/v1/maps/m/statements/s1")
    assert (refused.status_code, refused.json()["code"]) == (409, "still_referred_to")
    assert "a1" in refused.json()["detail"]
    done = client.delete("/v1/maps/m/statements/s1", params={"cascade": "true"})
    assert done.json()["deleted"] == ["a1", "a2", "s1"]
    assert client.get("/v1/maps/m").json()["counts"]["arguments"] == 0


def test_an_argument_tells_its_attack_and_basis_as_of_the_view(client: TestClient) -> None:
    read = client.get("/v1/maps/m/arguments/a2").json()
    assert (read["attack"], read["basis"]) == ("undercut", "own")
    assert client.get("/v1/maps/m/arguments/a1").json()["attack"] is None
    client.post("/v1/maps/m/assertions", json={"of": "a2", "source": "paper", "basis": "explicit"})
    assert client.get("/v1/maps/m/arguments/a2").json()["basis"] == "explicit"
    listed = client.get("/v1/maps/m/arguments").json()["items"]
    assert {one["id"]: one["basis"] for one in listed} == {"a1": "own", "a2": "explicit"}


def test_a_node_of_any_kind_has_its_links(client: TestClient) -> None:
    read = client.get("/v1/maps/m/nodes/s1").json()
    assert (read["kind"], read["text"]) == ("statement", "The shop is shut.")
    assert read["links"] == [
        {"relation": "premise_of", "source": "s1", "target": "a1"},
        {"relation": "premise_of", "source": "s1", "target": "a2"},
    ]
    links = client.get("/v1/maps/m/nodes/x1").json()["links"]
    assert {"relation": "spoken_by", "source": "x1", "target": "ann", "position": 1} in links
    argument = client.get("/v1/maps/m/nodes/a1").json()
    assert argument["attack"] is None
    assert [link["relation"] for link in argument["links"]] == ["premise_of", "premise_of", "targets", "targets"]


def test_links_lead_nowhere_out_of_the_view(client: TestClient) -> None:
    links = client.get("/v1/maps/m/nodes/s1", params={"without": "a2"}).json()["links"]
    assert [link["target"] for link in links] == ["a1"]
    gone = client.get("/v1/maps/m/nodes/a2", params={"without": "a1"})
    assert gone.status_code == 404
    assert "in this view" in gone.json()["detail"]


def test_an_old_revision_shows_what_is_gone(client: TestClient) -> None:
    at = client.get("/v1/maps/m").json()["revision"]
    before = client.get("/v1/maps/m/nodes/a2", params={"as_of": at})
    client.delete("/v1/maps/m/arguments/a2")
    after = client.get("/v1/maps/m/nodes/a2", params={"as_of": at})
    assert before.content == after.content
    assert before.headers["etag"] == after.headers["etag"]
    assert client.get("/v1/maps/m/nodes/a2").status_code == 404
