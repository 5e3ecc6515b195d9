"""Drafts: proposed beside the map, seen as a view of it, and done to it once, as one change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import client_of, filled
from tests.api.test_keys import Service

DRAFTS = "/v1/maps/m/drafts"
NEW = {"op": "create", "kind": "statement", "id": "s3", "value": {"text": "The baker is ill."}}
STEP = {
    "op": "create", "kind": "argument", "id": "a3",
    "value": {"premises": ["s3"], "target": "a2", "stance": "opposing"},
}  # fmt: skip
TEXT = {"op": "update", "kind": "statement", "id": "s1", "value": {"text": "The shop is shut on Sundays."}}
READS = (
    "", "/nodes/s1", "/statements", "/arguments?sort=id", "/evaluation", "/graph", "/summary", "/export", "/diff",
    "/paths?from=s1&to=food", "/nodes/food/why", "/influence?target=food",
)  # fmt: skip


def propose(client: TestClient, *operations: dict[str, Any], id: str = "d", **more: Any) -> dict[str, Any]:
    made = client.post(DRAFTS, json={"id": id, "title": "A baker", "operations": operations, **more})
    assert made.status_code == 201, made.text
    read = client.get(made.headers["location"])
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])
    return dict(made.json())


def decide(client: TestClient, draft: str, how: str, **query: Any) -> Any:
    return client.post(f"{DRAFTS}/{draft}/{how}", json={}, params=query)


def verdicts(client: TestClient, query: str = "") -> dict[str, str]:
    found = client.get(f"/v1/maps/m/evaluation{query}")
    assert found.status_code == 200, found.text
    return {one["id"]: one["verdict"] for one in found.json()["nodes"]}


def revision(client: TestClient) -> int:
    return int(client.get("/v1/maps/m").json()["revision"])


def test_a_draft_leaves_every_read_of_the_map_as_it_is(client: TestClient) -> None:
    before = [client.get(f"/v1/maps/m{address}") for address in READS]
    propose(client, NEW, STEP, TEXT)
    after = [client.get(f"/v1/maps/m{address}") for address in READS]
    assert [(a.content, a.headers["etag"]) for a in after] == [(b.content, b.headers["etag"]) for b in before]


@pytest.mark.parametrize("address", READS[1:])
def test_every_read_shows_the_map_as_the_draft_would_have_it(client: TestClient, address: str) -> None:
    with client_of() as other:
        filled(other)
        done = other.post("/v1/maps/m/batch", json={"operations": [NEW, STEP, TEXT]})
        assert done.status_code == 200, done.text
        wanted = other.get(f"/v1/maps/m{address}")
    plain = client.get(f"/v1/maps/m{address}")
    propose(client, NEW, STEP, TEXT)
    sign = "&" if "?" in address else "?"
    seen = client.get(f"/v1/maps/m{address}{sign}draft=d")
    assert seen.status_code == 200, seen.text
    assert _shape(seen) == _shape(wanted)
    assert seen.headers["etag"] != plain.headers["etag"]


def _shape(answer: Any) -> Any:
    """The answer without times and revisions, which differ between a map and another."""
    return _plain(answer.json())


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        dropped = {"revision", "at", "updated_at", "created_at", "from", "to"}
        return {name: _plain(one) for name, one in value.items() if name not in dropped}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def test_a_draft_says_what_it_would_do(client: TestClient) -> None:
    made = propose(client, NEW, STEP, text="He told me.")
    assert (made["status"], made["base"], made["nodes"]) == ("open", revision(client), ["a3", "s3"])
    assert [(one["id"], one["change"]) for one in made["changes"]] == [("a3", "created"), ("s3", "created")]
    assert made["operations"] == [NEW, STEP]


def test_a_draft_tells_its_effect_on_theses_and_motives(client: TestClient) -> None:
    client.post("/v1/maps/m/statements", json={"id": "t", "text": "It is about bread.", "origin": "constructed"})
    client.post("/v1/maps/m/arguments", json={"id": "a8", "premises": ["s2"], "target": "t", "stance": "supporting"})
    value = {"premises": ["s1"], "target": "a8", "stance": "opposing"}
    made = propose(client, {"op": "create", "kind": "argument", "id": "a9", "value": value})
    [told] = made["effect"]["verdicts"]
    wanted = ("t", verdicts(client)["t"], verdicts(client, "?draft=d")["t"])
    assert (told["id"], told["before"], told["after"]) == wanted
    assert told["before"] != told["after"]


def test_accepting_does_it_once_as_one_change_that_can_be_undone(client: TestClient) -> None:
    propose(client, NEW, STEP)
    seen, before = verdicts(client, "?draft=d"), revision(client)
    done = decide(client, "d", "accept")
    assert done.status_code == 200, done.text
    assert (done.json()["revision"], done.json()["created"]) == (before + 1, ["a3", "s3"])
    assert verdicts(client) == seen
    again = decide(client, "d", "accept")
    assert (again.json(), again.headers["idempotency-replayed"]) == (done.json(), "true")
    kept = client.get(f"{DRAFTS}/d").json()
    assert (kept["status"], kept["revision"]) == ("accepted", before + 1)
    assert client.post("/v1/maps/m/undo").status_code == 200
    assert "s3" not in verdicts(client)


def test_what_others_wrote_elsewhere_stays_when_a_draft_is_accepted(client: TestClient) -> None:
    propose(client, TEXT)
    client.patch("/v1/maps/m/statements/s1", json={"tags": ["shop"]})
    client.patch("/v1/maps/m/statements/s2", json={"text": "Ann is very hungry."})
    assert client.get("/v1/maps/m/nodes/s2?draft=d").json()["text"] == "Ann is hungry.", "the draft keeps its revision"
    assert decide(client, "d", "accept").status_code == 200
    s1 = client.get("/v1/maps/m/statements/s1").json()
    assert (s1["text"], s1["tags"], s1["version"]) == ("The shop is shut on Sundays.", ["shop"], 3)
    assert client.get("/v1/maps/m/statements/s2").json()["text"] == "Ann is very hungry."


def test_conflicts_are_told_field_by_field_and_nothing_is_done(client: TestClient) -> None:
    propose(client, TEXT, NEW, STEP)
    client.patch("/v1/maps/m/statements/s1", json={"text": "The shop is open."})
    client.delete("/v1/maps/m/arguments/a2")
    before = client.get("/v1/maps/m/export").content
    for query in ({"dry_run": True}, {}):
        refused = decide(client, "d", "accept", **query)
        assert (refused.status_code, refused.json()["code"]) == (409, "draft_conflict")
        assert {one["pointer"] for one in refused.json()["errors"]} == {"/s1/text", "/a3/target"}
    assert client.get("/v1/maps/m/export").content == before
    assert client.get(f"{DRAFTS}/d").json()["status"] == "open"


def test_a_dry_run_tells_what_accepting_would_do(client: TestClient) -> None:
    propose(client, NEW)
    before = revision(client)
    would = decide(client, "d", "accept", dry_run=True).json()
    assert (would["dry_run"], would["revision"], would["created"]) == (True, before, ["s3"])
    assert revision(client) == before


def test_a_declined_draft_stays_to_be_read_and_is_not_accepted(client: TestClient) -> None:
    propose(client, NEW)
    said = client.post(f"{DRAFTS}/d/decline", json={"reason": "He is well."})
    assert (said.json()["status"], said.json()["reason"]) == ("declined", "He is well.")
    assert decide(client, "d", "accept").json()["code"] == "draft_decided"
    assert client.patch(f"{DRAFTS}/d", json={"title": "x"}).json()["code"] == "draft_decided"
    assert [one["id"] for one in client.get(f"{DRAFTS}?status=declined").json()["items"]] == ["d"]
    assert client.get(f"{DRAFTS}?status=open").json()["items"] == []


def test_new_operations_make_it_one_of_the_newest_revision(client: TestClient) -> None:
    first = propose(client, TEXT)
    client.patch("/v1/maps/m/statements/s1", json={"text": "The shop is open."})
    tag = client.get("/v1/maps/m/statements?draft=d").headers["etag"]
    changed = client.patch(f"{DRAFTS}/d", json={"operations": [TEXT], "title": "Sundays"})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["base"], changed.json()["title"]) == (first["base"] + 1, "Sundays")
    assert client.get("/v1/maps/m/statements?draft=d").headers["etag"] != tag
    assert decide(client, "d", "accept").status_code == 200


def test_a_draft_changed_since_it_was_read_is_not_accepted(client: TestClient) -> None:
    propose(client, NEW)
    tag = client.get(f"{DRAFTS}/d").headers["etag"]
    assert client.get(f"{DRAFTS}/d", headers={"If-None-Match": tag}).status_code == 304
    client.patch(f"{DRAFTS}/d", json={"operations": [TEXT]})
    stale = client.post(f"{DRAFTS}/d/accept", json={}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert client.get(f"{DRAFTS}/d", headers={"If-None-Match": tag}).status_code == 200


def test_the_same_key_makes_one_draft(client: TestClient) -> None:
    body, key = {"title": "t", "operations": [NEW]}, {"Idempotency-Key": "k"}
    first, second = (client.post(DRAFTS, json=body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert second.headers["idempotency-replayed"] == "true"
    other = client.post(DRAFTS, json={**body, "title": "u"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert client.get(DRAFTS).json()["total"] == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [("draft=none", "draft_not_found"), ("draft=d&as_of=1", "invalid_parameter")],
)
def test_a_draft_that_cannot_be_seen_is_told(client: TestClient, query: str, code: str) -> None:
    propose(client, NEW)
    assert client.get(f"/v1/maps/m/statements?{query}").json()["code"] == code


def test_the_history_has_no_drafts(client: TestClient) -> None:
    propose(client, NEW)
    assert client.get("/v1/maps/m/changes?draft=d").status_code == 422
    assert client.get("/v1/maps/m/diff?draft=d&from=1").status_code == 422


def test_what_is_refused_is_told_at_its_operation_and_what_changes_nothing_is_no_draft(client: TestClient) -> None:
    refused = client.post(DRAFTS, json={"title": "t", "operations": [NEW, {**STEP, "value": {"premises": ["s9"]}}]})
    assert refused.status_code == 422
    assert all(one["pointer"].startswith("/operations/1") for one in refused.json()["errors"])
    same = {"op": "update", "kind": "statement", "id": "s1", "value": {"text": "The shop is shut."}}
    assert (
        client.post(DRAFTS, json={"title": "t", "operations": [same]}).json()["errors"][0]["pointer"] == "/operations"
    )
    assert client.get(DRAFTS).json()["total"] == 0


def test_the_id_of_a_node_that_a_draft_makes_stays_the_same(client: TestClient) -> None:
    propose(client, {"op": "create", "kind": "statement", "value": {"text": "Bread is dear."}})
    [made] = client.get(f"{DRAFTS}/d").json()["nodes"]
    assert client.get(f"/v1/maps/m/statements/{made}?draft=d").json()["text"] == "Bread is dear."
    assert decide(client, "d", "accept").json()["created"] == [made]


def test_a_what_if_may_be_asked_of_a_draft(client: TestClient) -> None:
    propose(client, NEW, STEP)
    edits = {"edits": [{"op": "delete", "kind": "argument", "id": "a3"}]}
    found = client.post("/v1/maps/m/what-if?draft=d", json=edits)
    assert found.status_code == 200, found.text
    assert {"a2", "a3"} <= {one["id"] for one in found.json()["evaluation"]["changed"]}


def test_it_is_discussed_by_remarks_that_go_with_it(client: TestClient) -> None:
    propose(client, NEW)
    made = client.post(f"{DRAFTS}/d/remarks", json={"id": "r", "text": "Who says so?", "mark": "disagree"})
    assert (made.status_code, made.json()["draft"]) == (201, "d")
    assert client.get(made.headers["location"]).json() == made.json()
    listed = client.get(f"{DRAFTS}/d/remarks").json()
    assert ([one["id"] for one in listed["items"]], listed["marks"]) == (["r"], {"agree": 0, "disagree": 1})
    assert client.get("/v1/maps/m/remarks").json()["total"] == 0, "a remark of a draft is of no node"
    assert client.delete(f"{DRAFTS}/d").json() == {"deleted": ["d"]}
    propose(client, NEW)
    assert client.get(f"{DRAFTS}/d/remarks").json()["total"] == 0


def test_drafts_stand_in_pages_by_author_in_the_order_in_which_they_were_made(client: TestClient) -> None:
    for n in range(4):
        propose(client, NEW, id=f"d{9 - n}")
    first = client.get(f"{DRAFTS}?limit=3").json()
    rest = client.get(f"{DRAFTS}?limit=3&cursor={first['next']}").json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ["d9", "d8", "d7", "d6"]
    assert (first["total"], rest["next"]) == (4, None)
    assert client.get(f"{DRAFTS}?by=nobody").json()["items"] == []


def test_what_is_purged_from_the_map_is_in_no_draft(client: TestClient) -> None:
    secret = {**TEXT, "value": {"text": "The shop of Marlene Dietz is shut."}}
    propose(client, secret, NEW)
    assert client.post("/v1/maps/m/purge", json={"nodes": ["s1"], "texts": ["Marlene Dietz"]}).status_code == 200
    kept = client.get(f"{DRAFTS}/d")
    assert kept.status_code == 200, kept.text
    assert "Marlene" not in kept.text
    assert "The shop is shut." not in kept.text
    assert "Marlene" not in client.get("/v1/maps/m/export?draft=d").text
    assert kept.json()["nodes"] == ["s1", "s3"]


def test_only_its_author_changes_a_draft_and_anyone_who_writes_decides_it(tmp_path: Path) -> None:
    service = Service({"store": f"sqlite:{tmp_path / 'store.db'}", "seed": False})
    with service.entered():
        filled(service.owner)
        ann, ben = service.key("write", name="ann"), service.key("write", name="ben")
        body = {"id": "d", "title": "t", "operations": [NEW]}
        assert service.client.post(DRAFTS, json=body, headers=ann).json()["by"] == "ann"
        refused = service.client.patch(f"{DRAFTS}/d", json={"title": "x"}, headers=ben)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
        assert service.client.delete(f"{DRAFTS}/d", headers=ben).status_code == 403
        assert service.client.post(f"{DRAFTS}/d/accept", json={}, headers=ben).status_code == 200
        kept = service.client.get(f"{DRAFTS}/d", headers=ben).json()
        assert (kept["by"], kept["decided_by"]) == ("ann", "ben")
        assert service.client.get("/v1/maps/m/statements/s3", headers=ann).json()["created_by"] == "ben"
