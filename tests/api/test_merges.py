"""Merges: what named the one names the other, each field as chosen, the old id leads on, and a judgement is kept."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SEED, client_of

MERGES = "/v1/maps/m/merges"
TWINS = [
    {"op": "create", "kind": "statements", "id": "s3", "value": {"text": "The shop is closed.", "tags": ["trade"]}},
    {"op": "create", "kind": "statements", "id": "s4", "value": {"text": "Bread is short.", "note": "By the baker."}},
    {"op": "create", "kind": "assertions", "id": "x3", "value": {"of": "s3", "source": "paper", "chain": ["press"]}},
    {
        "op": "create", "kind": "arguments", "id": "a3",
        "value": {"premises": ["s3", "s2"], "target": "food", "stance": "supporting"},
    },
    {
        "op": "create", "kind": "arguments", "id": "a4",
        "value": {"premises": ["s4"], "target": "s3", "stance": "opposing"},
    },
]  # fmt: skip


@pytest.fixture
def twins(client: TestClient) -> TestClient:
    """A service with a map `m` in which `s1` and `s3` say the same."""
    done = client.post("/v1/maps/m/batch", json={"operations": TWINS})
    assert done.status_code == 200, done.text
    return client


def merged(client: TestClient, keep: str, drop: str, **more: Any) -> dict[str, Any]:
    done = client.post(MERGES, json={"keep": keep, "drop": drop, **more})
    assert done.status_code == 200, done.text
    return dict(done.json())


def node(client: TestClient, node_id: str) -> dict[str, Any]:
    found = client.get(f"/v1/maps/m/nodes/{node_id}")
    assert found.status_code == 200, found.text
    return dict(found.json())


def test_what_named_the_one_names_the_other(twins: TestClient) -> None:
    done = merged(twins, "s1", "s3")
    assert done["deleted"] == ["s3"]
    assert done["updated"] == ["a3", "a4", "s1", "x3"]
    assert node(twins, "a3")["premises"] == ["s1", "s2"]
    assert node(twins, "a4")["target"] == "s1"
    assert node(twins, "x3")["of"] == "s1"
    assert done["node"]["merged"] == ["s3"]
    assert done["node"]["origin"] == "attributed", "it has an assertion now"


def test_the_answer_names_what_has_become_equal_as_the_next_merge(twins: TestClient) -> None:
    done = merged(twins, "s1", "s3")
    assert done["duplicates"] == [{"keep": "a1", "drop": "a3"}]
    again = merged(twins, **done["duplicates"][0])
    assert again["duplicates"] == []
    assert node(twins, "a1")["confidence"] == "high"
    assert node(twins, "a2")["target"] == "a1"


def test_each_field_is_that_of_the_one_or_the_other_or_of_both(twins: TestClient) -> None:
    would = merged(twins, "s1", "s3", dry_run=True)
    assert would["fields"] == {"text": "keep", "tags": "both", "origin": "drop"}
    assert would["node"]["text"] == "The shop is shut."
    assert would["dry_run"] is True
    assert node(twins, "s3")["version"] == 1, "nothing was written"
    done = merged(twins, "s1", "s3", fields={"text": "drop", "tags": "keep"})
    assert (done["node"]["text"], done["node"]["tags"]) == ("The shop is closed.", [])
    assert done["fields"] == {"text": "drop", "tags": "keep", "origin": "drop"}


def test_a_field_that_says_nothing_is_filled_and_notes_can_stand_together(twins: TestClient) -> None:
    twins.delete("/v1/maps/m/arguments/a4")
    assert merged(twins, "s3", "s4", dry_run=True)["node"]["note"] == "By the baker."
    twins.patch("/v1/maps/m/statements/s3", json={"note": "By the mayor."})
    done = merged(twins, "s3", "s4", fields={"note": "both"})
    assert done["node"]["note"] == "By the mayor.\n\nBy the baker."


def test_a_choice_that_cannot_be_is_refused_with_its_place(twins: TestClient) -> None:
    for fields, pointer in (({"txet": "drop"}, "/fields/txet"), ({"text": "both"}, "/fields/text")):
        refused = twins.post(MERGES, json={"keep": "s1", "drop": "s3", "fields": fields})
        assert refused.status_code == 422, refused.text
        assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("keep", "drop", "status", "told"),
    [
        ("s1", "nobody", 422, "nobody"),
        ("s1", "s1", 422, "itself"),
        ("s1", "ann", 422, "kind"),
        ("s3", "s4", 409, "a4"),
        ("a1", "a2", 409, "a1"),
        ("a3", "a4", 409, "different steps"),
    ],
)
def test_what_cannot_be_one_is_refused(twins: TestClient, keep: str, drop: str, status: int, told: str) -> None:
    refused = twins.post(MERGES, json={"keep": keep, "drop": drop})
    assert (refused.status_code, told in refused.json()["detail"]) == (status, True), refused.text
    assert twins.get("/v1/maps/m").json()["revision"] == 3


def test_the_old_id_leads_on_for_every_method_and_below_it(twins: TestClient) -> None:
    merged(twins, "s1", "s3")
    plain = twins.get("/v1/maps/m/statements/s3?labels=true", follow_redirects=False)
    assert (plain.status_code, plain.headers["location"]) == (308, "/v1/maps/m/statements/s1?labels=true")
    assert (plain.json()["code"], plain.headers["cache-control"]) == ("merged", "no-cache")
    for address in ("nodes/s3", "nodes/s3/why", "nodes/s3/grounds", "nodes/s3/neighbourhood", "statements/s3/summary"):
        found = twins.get(f"/v1/maps/m/{address}", follow_redirects=False)
        assert (found.status_code, found.headers["location"]) == (308, f"/v1/maps/m/{address.replace('s3', 's1')}")
    changed = twins.patch("/v1/maps/m/statements/s3", json={"note": "x"}, follow_redirects=False)
    assert (changed.status_code, changed.headers["location"]) == (308, "/v1/maps/m/statements/s1")
    gone = twins.delete("/v1/maps/m/statements/s3", follow_redirects=False)
    assert (gone.status_code, gone.headers["location"]) == (308, "/v1/maps/m/statements/s1")
    assert twins.get("/v1/maps/m/statements/s3").json()["id"] == "s1", "a client that follows finds the other"


def test_the_old_id_leads_on_through_a_second_merge_and_out_of_a_view(twins: TestClient) -> None:
    twins.delete("/v1/maps/m/arguments/a4")
    merged(twins, "s3", "s4")
    done = merged(twins, "s1", "s3")
    assert done["node"]["merged"] == ["s4", "s3"]
    for old in ("s3", "s4"):
        found = twins.get(f"/v1/maps/m/nodes/{old}?min_confidence=high", follow_redirects=False)
        assert found.headers["location"] == "/v1/maps/m/nodes/s1?min_confidence=high"


def test_before_the_merge_the_old_node_is_what_it_was(twins: TestClient) -> None:
    before = node(twins, "s3")
    merged(twins, "s1", "s3")
    then = twins.get("/v1/maps/m/nodes/s3?as_of=3", follow_redirects=False)
    assert (then.status_code, then.json()) == (200, before)


def test_a_write_that_names_the_old_id_is_told_the_new_one(twins: TestClient) -> None:
    merged(twins, "s1", "s3")
    refused = twins.post("/v1/maps/m/arguments", json={"premises": ["s3"], "target": "s2", "stance": "supporting"})
    assert (refused.status_code, "merged into 's1'" in refused.json()["detail"]) == (422, True)
    batch = {"operations": [{"op": "update", "kind": "statement", "id": "s3", "value": {"note": "x"}}]}
    refused = twins.post("/v1/maps/m/batch", json=batch)
    assert (refused.status_code, "merged into 's1'" in refused.json()["detail"]) == (422, True)


def test_a_node_made_anew_has_its_id_again(twins: TestClient) -> None:
    merged(twins, "s1", "s3")
    made = twins.post("/v1/maps/m/statements", json={"id": "s3", "text": "Something else."})
    assert made.status_code == 201, made.text
    assert twins.get("/v1/maps/m/nodes/s3", follow_redirects=False).status_code == 200


def test_actors_and_sources_take_along_whatever_names_them(client: TestClient) -> None:
    made = [
        {"op": "create", "kind": "actors", "id": "anne",
         "value": {"name": "Anne", "actor_kind": "person", "same_as": ["ann"], "external_ids": {"wikidata": "Q1"}}},
        {"op": "create", "kind": "motives", "id": "fame",
         "value": {"name": "fame", "category": "other", "text": "Anne wants fame.", "actor": "anne"}},
        {"op": "create", "kind": "sources", "id": "paper-2",
         "value": {"title": "Paper again", "source_kind": "article", "author": ["anne", "ann"], "repeats": ["paper"]}},
        {"op": "create", "kind": "assertions", "id": "x2",
         "value": {"of": "s1", "source": "paper-2", "chain": ["anne", "ann"], "locator": {"start": 3, "end": 9}}},
    ]  # fmt: skip
    assert client.post("/v1/maps/m/batch", json={"operations": made}).status_code == 200
    done = merged(client, "ann", "anne")
    assert done["node"]["same_as"] == []
    assert done["node"]["external_ids"] == {"wikidata": "Q1"}
    assert node(client, "fame")["actor"] == "ann"
    assert node(client, "paper-2")["author"] == ["ann"]
    assert node(client, "x2")["chain"] == ["ann"]
    client.patch("/v1/maps/m/sources/paper-2", json={"sha256": "0" * 64})
    done = merged(client, "paper", "paper-2", fields={"sha256": "keep"})
    assert done["node"]["repeats"] == []
    assert node(client, "x2")["source"] == "paper"
    assert [(one["id"], one["pointer"]) for one in done["notes"]] == [("x2", "/locator")], "its offsets count elsewhere"


def test_a_judgement_is_kept_and_stops_the_hint(client: TestClient) -> None:
    first = client.post("/v1/maps/m/statements", json={"text": "The shop is shut!"}).json()
    assert [one["id"] for one in first["similar"]] == ["s1"]
    done = merged(client, "s1", first["id"], same=False)
    assert (done["updated"], done["deleted"]) == (sorted(["s1", first["id"]]), [])
    assert node(client, "s1")["different_from"] == [first["id"]]
    assert node(client, first["id"])["different_from"] == ["s1"]
    again = client.patch(f"/v1/maps/m/statements/{first['id']}", json={"text": "The shop is shut!!"}).json()
    assert (again["similar"], again["similar_complete"]) == ([], True)
    third = client.post("/v1/maps/m/statements", json={"text": "The shop is shut", "different_from": ["s1"]}).json()
    assert [one["id"] for one in third["similar"]] == [first["id"]], "only what was judged is left out"
    revision = client.get("/v1/maps/m").json()["revision"]
    assert merged(client, first["id"], "s1", same=False)["revision"] == revision, "said once is said"


def test_a_merge_takes_the_judgements_along(twins: TestClient) -> None:
    merged(twins, "s3", "s2", same=False)
    merged(twins, "s1", "s3")
    assert node(twins, "s1")["different_from"] == ["s2"]
    assert node(twins, "s2")["different_from"] == ["s1"]


def test_the_history_tells_a_merge_and_a_judgement_for_what_they_are(twins: TestClient) -> None:
    merged(twins, "s1", "s3")
    twins.post("/v1/maps/m/undo")
    merged(twins, "s1", "s4", same=False)
    twins.post("/v1/maps/m/undo")
    told = [one["sentence"] for one in twins.get("/v1/maps/m/changes?since=3&order=oldest").json()["items"]]
    shut, closed = "the statement “The shop is shut” (s1)", "the statement “The shop is closed” (s3)"
    apart = f"that {shut} and the statement “Bread is short” (s4) are not the same"
    assert told == [
        f"local merged {closed} into {shut}; 3 other nodes name that one now.",
        f"local undid revision 4 and so parted {closed} from {shut} again; 3 other nodes name them as before.",
        f"local judged {apart}.",
        f"local undid revision 6 and so took back the judgement {apart}.",
    ]


def test_a_merge_is_conditional_and_happens_once_for_a_key(twins: TestClient) -> None:
    body = {"keep": "s1", "drop": "s3"}
    assert twins.post(MERGES, json=body, headers={"If-Match": '"nope"'}).status_code == 412
    first = twins.post(MERGES, json=body, headers={"Idempotency-Key": "once"})
    again = twins.post(MERGES, json=body, headers={"Idempotency-Key": "once"})
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert again.headers["idempotency-replayed"] == "true"


def test_nodes_of_every_kind_of_the_seed_merge_with_a_copy(seeded: TestClient) -> None:
    del seeded
    with client_of(seed=True) as client:
        for kind in ("actors", "motives", "statements", "arguments", "sources", "assertions"):
            first = client.get(f"{SEED}/{kind}?limit=1").json()["items"][0]
            service = {"kind", "version", "created_at", "created_by", "updated_at", "updated_by", "attack", "basis"}
            service -= {"basis"} if kind == "assertions" else set()
            copy = {name: value for name, value in first.items() if name not in service} | {"id": f"copy-{kind}"}
            assert client.post(f"{SEED}/{kind}", json=copy).status_code == 201
            links = client.get(f"{SEED}/nodes/{first['id']}").json()["links"]
            done = client.post(f"{SEED}/merges", json={"keep": f"copy-{kind}", "drop": first["id"]})
            assert done.status_code == 200, (kind, done.text)
            assert done.json()["fields"] == {}, "they say the same"
            after = client.get(f"{SEED}/nodes/{first['id']}").json()
            assert after["id"] == f"copy-{kind}"
            assert len(after["links"]) == len(links), kind


def _pairs(client: TestClient, **query: Any) -> list[tuple[str, str, str]]:
    found = client.get("/v1/maps/m/duplicates", params=query)
    assert found.status_code == 200, found.text
    assert found.json()["complete"] is True
    return [(one["keep"], one["drop"], one["sign"]) for one in found.json()["items"]]


@pytest.fixture
def alike(client: TestClient) -> TestClient:
    """A map in which some things are there twice, and others only look so."""
    nodes = [
        ("statements", "p1", {"text": "The ferry carries about 300 people a day."}),
        ("statements", "p2", {"text": "The ferry carried about 300 people a day"}),
        ("statements", "p3", {"text": "The ferry carries about 400 people a day."}),
        ("statements", "p4", {"text": "The ferry does not carry about 300 people a day."}),
        ("arguments", "b1", {"premises": ["p1"], "target": "food", "stance": "supporting"}),
        ("arguments", "b2", {"premises": ["p1"], "target": "food", "stance": "supporting"}),
        ("arguments", "b3", {"premises": ["p4"], "target": "p1", "stance": "opposing"}),
        ("arguments", "b4", {"premises": ["p2"], "target": "p4", "stance": "opposing"}),
        ("actors", "who", {"name": "World Health Organization", "actor_kind": "organisation"}),
        ("actors", "w", {"name": "WHO", "actor_kind": "organisation", "same_as": []}),
        ("actors", "x", {"name": "Somebody Else", "actor_kind": "person", "same_as": ["w"]}),
    ]
    operations = [{"op": "create", "kind": kind, "id": id, "value": value} for kind, id, value in nodes]
    assert client.post("/v1/maps/m/batch", json={"operations": operations}).status_code == 200
    return client


def test_what_may_be_there_twice_is_listed_with_the_sign_of_it(alike: TestClient) -> None:
    assert _pairs(alike) == [
        ("b1", "b2", "equal"), ("w", "x", "marked"), ("p1", "p2", "text"), ("w", "who", "initials"),
    ]  # fmt: skip
    assert _pairs(alike, kinds="actors", limit=1) == [("w", "x", "marked")]
    first = alike.get("/v1/maps/m/duplicates", params={"limit": 3}).json()
    rest = alike.get("/v1/maps/m/duplicates", params={"limit": 3, "cursor": first["next"]}).json()
    assert (first["total"], [one["drop"] for one in rest["items"]], rest["next"]) == (4, ["who"], None)


def test_what_was_merged_or_told_apart_is_listed_no_more(alike: TestClient) -> None:
    merged(alike, "b1", "b2")
    merged(alike, "w", "who", same=False)
    assert _pairs(alike) == [("w", "x", "marked"), ("p1", "p2", "text")]
    before = alike.get("/v1/maps/m").json()["revision"] - 2
    assert len(_pairs(alike, as_of=before)) == 4
