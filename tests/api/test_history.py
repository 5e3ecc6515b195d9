"""The past of a map: its changes as data, as sentences and by their effect; what is taken back; two states compared."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SEED, client_of, filled

M = "/v1/maps/m"


@pytest.fixture
def edited() -> Iterator[TestClient]:
    """The small map with revisions 3 (a text), 4 (a cascade), 5 (a title) and 6 (two fields of one node)."""
    with client_of() as client:
        filled(client)
        client.patch(f"{M}/statements/s1", json={"text": "The shop is open."})
        client.delete(f"{M}/statements/s2", params={"cascade": "true"})
        client.patch(M, json={"title": "Renamed"})
        client.patch(f"{M}/statements/s1", json={"note": "seen", "credence": 0.25})
        yield client


def got(client: TestClient, path: str, **query: Any) -> Any:
    answer = client.get(f"{M}{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def revisions(client: TestClient, **query: Any) -> list[int]:
    return [one["revision"] for one in got(client, "/changes", **query)["items"]]


# --- the list -----------------------------------------------------------------------------------------


def test_changes_are_told_newest_first_each_with_who_when_and_what(edited: TestClient) -> None:
    answer = got(edited, "/changes")
    assert [one["revision"] for one in answer["items"]] == [6, 5, 4, 3, 2, 1]
    assert (answer["total"], answer["next"], answer["oldest"], answer["complete"]) == (6, None, 1, True)
    newest = answer["items"][0]
    assert newest["by"] == "local"
    assert newest["at"].endswith("Z")
    assert newest["nodes"] == ["s1"]
    assert newest["operations"] == [
        {"op": "update", "kind": "statement", "id": "s1", "label": "The shop is open.", "fields": ["note", "credence"]}
    ]
    cascade = answer["items"][2]
    assert cascade["nodes"] == ["a1", "a2", "s2", "x1"]
    assert {one["op"] for one in cascade["operations"]} == {"delete"}


def test_each_change_is_a_sentence(edited: TestClient) -> None:
    said = [one["sentence"] for one in got(edited, "/changes", order="oldest")["items"]]
    assert said[0] == "local made the map “small”."
    assert said[1] == "local added 2 actors, 1 motive, 2 statements, 2 arguments, 1 source and 1 assertion."
    assert said[2] == (
        "local changed the text of the statement “The shop is open” (s1) "
        "from “The shop is shut.” to “The shop is open.”."
    )
    assert said[3] == "local deleted the statement “Ann is hungry” (s2) with 2 arguments and 1 assertion."
    assert said[4] == "local changed the title of the map from “small” to “Renamed”."
    assert said[5] == "local changed note and credence of the statement “The shop is open” (s1)."


def test_changes_are_found_by_node_field_author_and_span(edited: TestClient) -> None:
    assert revisions(edited, node="s1") == [6, 3, 2]
    assert revisions(edited, node=["s2", "a2"]) == [4, 2]
    assert revisions(edited, field="text") == [4, 3, 2]
    assert revisions(edited, node="s1", field="text") == [3, 2]
    assert revisions(edited, field="title") == [5, 2, 1]
    assert revisions(edited, node="s1", field="title") == []
    assert revisions(edited, by="local") == [6, 5, 4, 3, 2, 1]
    assert revisions(edited, by="nobody") == []
    assert revisions(edited, since=4) == [6, 5]
    assert revisions(edited, until=2) == [2, 1]
    assert revisions(edited, since=2, until=4, order="oldest") == [3, 4]
    assert revisions(edited, since=99) == []
    assert revisions(edited, as_of=3) == [3, 2, 1]


@pytest.mark.parametrize("media", ["application/json", "text/event-stream"])
def test_what_no_change_can_have_touched_is_refused_with_what_would_do(edited: TestClient, media: str) -> None:
    never, wrong = ["s1", "never"], ["text", "txet"]
    for name, words, code, near in (
        ("node", never, "unknown_id", "never had"),
        ("field", wrong, "invalid_parameter", "did you mean 'text'?"),
    ):
        answer = edited.get(f"{M}/changes", params={name: words}, headers={"Accept": media})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        [told] = answer.json()["errors"]
        assert (told["pointer"], near in told["detail"]) == (f"/{name}/1", True)


def test_changes_are_found_by_time_whose_ends_are_within(edited: TestClient) -> None:
    at = {one["revision"]: one["at"] for one in got(edited, "/changes")["items"]}
    assert revisions(edited, since=at[3], until=at[5]) == [5, 4, 3]
    assert revisions(edited, since=at[6]) == [6]
    assert revisions(edited, since="2000-01-01") == [6, 5, 4, 3, 2, 1]
    assert revisions(edited, until="2000-01-01") == []
    day = at[1][:10]
    assert revisions(edited, since=day, until=day) == [6, 5, 4, 3, 2, 1]
    offset = at[4].replace("Z", "+00:00")
    assert revisions(edited, until=offset) == [4, 3, 2, 1]


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("wrong", ["yesterday", "2026-02-30", "1.5", "-1"])
def test_a_place_in_the_log_that_is_none_is_refused(edited: TestClient, name: str, wrong: str) -> None:
    answer = edited.get(f"{M}/changes", params={name: wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_parameter")
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("query", [{}, {"node": "s1"}, {"since": 2}])
def test_pages_follow_one_another_while_others_write(edited: TestClient, order: str, query: dict[str, Any]) -> None:
    whole = revisions(edited, order=order, **query)
    found: list[int] = []
    cursor: dict[str, str] = {}
    for _ in range(len(whole) + 2):
        page = got(edited, "/changes", limit=1, order=order, **query, **cursor)
        found += [one["revision"] for one in page["items"]]
        edited.post(f"{M}/statements", json={"text": "Between."})
        if page["next"] is None or len(found) == len(whole):
            break
        cursor = {"cursor": page["next"]}
    assert found == whole


def test_a_cursor_of_another_question_is_refused(edited: TestClient) -> None:
    cursor = got(edited, "/changes", limit=1)["next"]
    answer = edited.get(f"{M}/changes", params={"cursor": cursor, "node": "s1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_parameter")


def test_a_change_says_what_it_did_to_verdicts_of_theses_and_ranks_of_motives() -> None:
    with client_of(seed=True) as client:
        before = {n["id"]: n["verdict"] for n in client.get(f"{SEED}/evaluation?limit=1000").json()["nodes"]}
        thesis = "t-short"
        for one in client.get(f"{SEED}/arguments?target={thesis}&stance=supporting&limit=1000").json()["items"]:
            client.delete(f"{SEED}/arguments/{one['id']}?cascade=true")
        after = {n["id"]: n["verdict"] for n in client.get(f"{SEED}/evaluation?limit=1000").json()["nodes"]}
        assert before[thesis] != after[thesis]
        items = client.get(f"{SEED}/changes").json()["items"]
        told = [v for one in reversed(items) for v in one["effect"]["verdicts"] if v["id"] == thesis]
        assert told[0]["before"] is None, "the loading of the example made it"
        assert told[0]["after"] == before[thesis]
        assert told[-1]["after"] == after[thesis]
        assert all(was["after"] == now["before"] for was, now in pairwise(told))
        ranks = items[-1]["effect"]["motives"]
        assert sorted(m["rank_after"] for m in ranks)[0] == 1
        assert client.get(f"{SEED}/changes?effects=false").json()["items"][0]["effect"] is None


def test_effects_are_those_of_the_view_that_is_asked_for() -> None:
    with client_of(seed=True) as client:
        client.patch(f"{SEED}/statements/p-50", json={"note": "x"})
        whole = client.get(f"{SEED}/changes", params={"until": 1}).json()["items"][0]["effect"]
        narrowed = client.get(f"{SEED}/changes", params={"until": 1, "without": "t-short"}).json()["items"][0]["effect"]
        assert "t-short" in {v["id"] for v in whole["verdicts"]}
        assert "t-short" not in {v["id"] for v in narrowed["verdicts"]}


def test_a_list_that_the_client_has_is_not_sent_again(edited: TestClient) -> None:
    first = edited.get(f"{M}/changes")
    again = edited.get(f"{M}/changes", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    edited.post(f"{M}/statements", json={"text": "More."})
    assert edited.get(f"{M}/changes", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


# --- one change ---------------------------------------------------------------------------------------


def test_one_change_has_the_values_of_each_field(edited: TestClient) -> None:
    change = got(edited, "/changes/6")
    [operation] = change["operations"]
    assert operation["fields"] == {
        "note": {"before": None, "after": "seen"},
        "credence": {"before": None, "after": 0.25},
    }
    assert got(edited, "/changes/5")["operations"][0]["fields"] == {"title": {"before": "small", "after": "Renamed"}}
    made = {one["id"]: one for one in got(edited, "/changes/2")["operations"]}
    assert made["a1"]["fields"]["premises"] == {"before": None, "after": ["s1", "s2"]}


def test_the_operations_of_a_change_come_in_pages(edited: TestClient) -> None:
    whole = got(edited, "/changes/2")["operations"]
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while len(found) < len(whole):
        page = got(edited, "/changes/2", limit=4, **cursor)
        found += page["operations"]
        cursor = {"cursor": page["next"]} if page["next"] else {}
    assert found == whole
    assert page["total"] == len(whole)


@pytest.mark.parametrize("revision", [7, 99])
def test_a_change_that_is_not_there_is_told(edited: TestClient, revision: int) -> None:
    answer = edited.get(f"{M}/changes/{revision}")
    assert (answer.status_code, answer.json()["code"]) == (404, "change_not_found")
    assert "1 to 6" in answer.json()["detail"]


# --- undo and redo ------------------------------------------------------------------------------------


def nodes_now(client: TestClient) -> Any:
    return client.get(f"{M}/export").json()["nodes"], client.get(M).json()["title"]


def test_undo_walks_back_and_redo_forward_again(edited: TestClient) -> None:
    states = [nodes_now(edited)]
    for undone in (6, 5, 4, 3, 2):
        answer = edited.post(f"{M}/undo")
        assert answer.status_code == 200, answer.text
        assert (answer.json()["act"], answer.json()["reverted"]) == ("undo", undone)
        states.append(nodes_now(edited))
    assert states[-1][0] == {kind: [] for kind in states[-1][0]}
    nothing = edited.post(f"{M}/undo")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_undo")
    for redone, state in zip((2, 3, 4, 5, 6), reversed(states[:-1]), strict=True):
        answer = edited.post(f"{M}/redo")
        assert (answer.status_code, answer.json()["reverted"]) == (200, redone)
        assert nodes_now(edited) == state
    nothing = edited.post(f"{M}/redo")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_to_redo")


def test_nothing_can_be_done_again_behind_a_new_change(edited: TestClient) -> None:
    edited.post(f"{M}/undo")
    edited.post(f"{M}/statements", json={"text": "New."})
    assert edited.post(f"{M}/redo").json()["code"] == "nothing_to_redo"
    assert edited.post(f"{M}/undo").json()["reverted"] == 8
    assert edited.post(f"{M}/undo").json()["reverted"] == 5


def test_an_undo_after_a_redo_undoes_the_same_once_more(edited: TestClient) -> None:
    kept = nodes_now(edited)
    for _ in range(3):
        assert edited.post(f"{M}/undo").json()["reverted"] == 6
        assert edited.post(f"{M}/redo").json()["reverted"] == 6
    assert nodes_now(edited) == kept


def test_an_undo_says_what_it_did_and_the_log_says_what_it_took_back(edited: TestClient) -> None:
    answer = edited.post(f"{M}/undo").json()
    assert answer["updated"] == ["s1"]
    assert answer["revision"] == 7
    assert answer["sentence"].startswith("local undid revision 6 and so changed")
    newest = got(edited, "/changes", limit=1)["items"][0]
    assert newest["reversal"] == {"act": "undo", "revision": 6}
    assert newest["sentence"] == answer["sentence"]
    edited.post(f"{M}/redo")
    assert got(edited, "/changes", limit=1)["items"][0]["sentence"].startswith("local redid revision 6 and so changed")


def test_a_dry_run_of_an_undo_stores_nothing(edited: TestClient) -> None:
    before = edited.get(M).content
    answer = edited.post(f"{M}/undo?dry_run=true").json()
    assert (answer["dry_run"], answer["updated"], answer["revision"]) == (True, ["s1"], 6)
    assert edited.get(M).content == before


def test_an_undo_is_done_once_for_one_key(edited: TestClient) -> None:
    key = {"Idempotency-Key": "u-1"}
    first, second = (edited.post(f"{M}/undo", headers=key) for _ in range(2))
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    assert edited.get(M).json()["revision"] == 7


def test_an_undo_holds_the_tag_of_the_map(edited: TestClient) -> None:
    tag = edited.get(M).headers["etag"]
    edited.post(f"{M}/statements", json={"text": "Meanwhile."})
    assert edited.post(f"{M}/undo", headers={"If-Match": tag}).status_code == 412
    assert edited.post(f"{M}/undo", headers={"If-Match": edited.get(M).headers["etag"]}).status_code == 200


def test_the_node_has_its_old_version_again(client: TestClient) -> None:
    before = client.get(f"{M}/statements/s1")
    client.patch(f"{M}/statements/s1", json={"text": "Other."})
    client.post(f"{M}/undo")
    after = client.get(f"{M}/statements/s1")
    assert after.content == before.content
    assert after.headers["etag"] == before.headers["etag"]


# --- revert -------------------------------------------------------------------------------------------


def test_a_change_is_reverted_beneath_later_ones_field_by_field(edited: TestClient) -> None:
    answer = edited.post(f"{M}/changes/3/revert")
    assert answer.status_code == 200, answer.text
    node = edited.get(f"{M}/statements/s1").json()
    assert (node["text"], node["note"], node["credence"]) == ("The shop is shut.", "seen", 0.25)
    assert node["version"] == 4
    assert edited.get(f"{M}/changes", params={"limit": 1}).json()["items"][0]["reversal"] == {
        "act": "revert", "revision": 3,
    }  # fmt: skip


def test_a_field_that_was_set_anew_since_is_a_conflict_and_nothing_is_done(edited: TestClient) -> None:
    edited.patch(f"{M}/statements/s1", json={"text": "The shop burnt down.", "note": "twice"})
    before = edited.get(M).content
    refused = edited.post(f"{M}/changes/6/revert")
    assert (refused.status_code, refused.json()["code"]) == (409, "revert_conflict")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/s1/note"]
    assert "local" in refused.json()["errors"][0]["detail"]
    refused = edited.post(f"{M}/changes/3/revert")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/s1/text"]
    assert edited.get(M).content == before
    assert edited.get(f"{M}/statements/s1").json()["credence"] == 0.25


def test_all_conflicts_of_a_change_are_told_at_once(client: TestClient) -> None:
    client.post(f"{M}/batch", json={"operations": [
        {"op": "update", "kind": "statement", "id": "s1", "value": {"text": "A", "note": "a"}},
        {"op": "update", "kind": "actor", "id": "ann", "value": {"name": "Anna"}},
        {"op": "create", "kind": "statement", "id": "new", "value": {"text": "New."}},
    ]})  # fmt: skip
    client.patch(f"{M}/statements/s1", json={"text": "B", "note": "b"})
    client.patch(f"{M}/statements/new", json={"text": "Newer."})
    client.post(f"{M}/arguments", json={"premises": ["new"], "target": "s1", "stance": "supporting", "id": "a-new"})
    refused = client.post(f"{M}/changes/3/revert").json()
    assert sorted(one["pointer"] for one in refused["errors"]) == ["/new/text", "/s1/note", "/s1/text"]
    assert client.get(f"{M}/actors/ann").json()["name"] == "Anna"


def test_what_others_hold_by_now_is_not_taken_away(client: TestClient) -> None:
    client.post(f"{M}/statements", json={"id": "new", "text": "New."})
    client.post(f"{M}/arguments", json={"premises": ["new"], "target": "s1", "stance": "supporting", "id": "a-new"})
    refused = client.post(f"{M}/changes/3/revert")
    assert (refused.status_code, refused.json()["code"]) == (409, "revert_conflict")
    [error] = refused.json()["errors"]
    assert error["pointer"] == "/new"
    assert "a-new" in error["detail"]


def test_what_was_deleted_does_not_come_back_where_it_would_hang_in_the_air(client: TestClient) -> None:
    client.delete(f"{M}/arguments/a2")
    client.delete(f"{M}/arguments/a1", params={"cascade": "true"})
    refused = client.post(f"{M}/changes/3/revert")
    assert refused.status_code == 409
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/a2/target"]
    assert client.post(f"{M}/changes/4/revert").status_code == 200
    assert client.post(f"{M}/changes/3/revert").status_code == 200


def test_an_id_that_was_given_anew_is_a_conflict(client: TestClient) -> None:
    client.delete(f"{M}/statements/s2", params={"cascade": "true"})
    client.post(f"{M}/sources", json={"id": "s2", "title": "Other", "source_kind": "other"})
    refused = client.post(f"{M}/changes/3/revert")
    assert refused.status_code == 409
    assert "/s2" in [one["pointer"] for one in refused.json()["errors"]]


def test_everything_since_a_revision_is_reverted_as_one_change(edited: TestClient) -> None:
    then = got(edited, "/export", as_of=2)["nodes"]
    answer = edited.post(f"{M}/changes/2/revert?since=true")
    assert answer.status_code == 200, answer.text
    assert nodes_now(edited) == (then, "small")
    assert answer.json()["revision"] == 7
    assert answer.json()["sentence"].startswith("local reverted everything since revision 2 and so")
    assert edited.post(f"{M}/undo").status_code == 200
    assert nodes_now(edited)[1] == "Renamed"


def test_a_revert_of_nothing_makes_no_revision(edited: TestClient) -> None:
    answer = edited.post(f"{M}/changes/6/revert?since=true")
    assert (answer.status_code, answer.json()["revision"], answer.json()["updated"]) == (200, 6, [])


def test_the_making_of_a_map_is_not_reverted(edited: TestClient) -> None:
    refused = edited.post(f"{M}/changes/1/revert")
    assert (refused.status_code, refused.json()["code"]) == (409, "revert_conflict")
    assert edited.post(f"{M}/changes/1/revert?since=true").status_code == 200
    assert edited.get(M).json()["counts"]["statements"] == 0


def test_what_a_map_says_of_itself_goes_back_field_by_field(client: TestClient) -> None:
    client.patch(M, json={"title": "A", "description": "d"})
    client.patch(M, json={"question": "Who?", "weights": {"confidence": {"high": 0.8}}})
    weighed = client.get(M).json()["weights"]
    assert client.post(f"{M}/changes/3/revert").status_code == 200
    after = client.get(M).json()
    assert (after["title"], after["description"], after["question"]) == ("small", "", "Who?")
    assert after["weights"] == weighed
    assert (
        client.post(f"{M}/changes/4/revert").json()["sentence"].startswith("local reverted revision 4 and so changed")
    )
    assert client.get(M).json()["weights"] != weighed
    assert client.post(f"{M}/undo").status_code == 200
    assert client.get(M).json()["weights"] == weighed
    assert got(client, "/diff", **{"from": 2})["nodes"][0]["fields"]["question"] == {"before": "Why?", "after": "Who?"}
    client.patch(M, json={"title": "B"})
    client.patch(M, json={"title": "C"})
    latest = client.get(M).json()["revision"]
    refused = client.post(f"{M}/changes/{latest - 1}/revert")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/m/title"]


def test_reverting_what_is_not_there_is_told(edited: TestClient) -> None:
    for path in ("99/revert", "99/revert?since=true"):
        answer = edited.post(f"{M}/changes/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "change_not_found")
    assert edited.post("/v1/maps/nowhere/undo").status_code == 404


# --- two states ---------------------------------------------------------------------------------------


def test_a_difference_names_nodes_fields_and_verdicts(edited: TestClient) -> None:
    answer = got(edited, "/diff", **{"from": 2, "to": 6})
    assert (answer["from"]["revision"], answer["to"]["revision"]) == (2, 6)
    told = {one["id"]: one for one in answer["nodes"]}
    assert {i: one["change"] for i, one in told.items()} == {
        "m": "updated", "a1": "deleted", "a2": "deleted", "s1": "updated", "s2": "deleted", "x1": "deleted",
    }  # fmt: skip
    assert told["s1"]["fields"]["text"] == {"before": "The shop is shut.", "after": "The shop is open."}
    assert told["m"]["fields"] == {"title": {"before": "small", "after": "Renamed"}}
    verdicts = {one["id"]: one for one in answer["verdicts"]}
    assert verdicts["s2"] == {
        "id": "s2", "before": "accepted", "after": None, "standing_before": "unchallenged", "standing_after": None,
    }  # fmt: skip


def test_a_difference_turns_round_with_its_sides(edited: TestClient) -> None:
    there, back = (got(edited, "/diff", **{"from": a, "to": b}) for a, b in ((2, 6), (6, 2)))
    turned = {"created": "deleted", "deleted": "created", "updated": "updated"}
    assert [(one["id"], turned[one["change"]]) for one in there["nodes"]] == [
        (one["id"], one["change"]) for one in back["nodes"]
    ]
    assert [(v["id"], v["after"], v["before"]) for v in there["verdicts"]] == [
        (v["id"], v["before"], v["after"]) for v in back["verdicts"]
    ]


def test_left_open_the_difference_is_that_of_the_last_change(edited: TestClient) -> None:
    answer = got(edited, "/diff")
    assert (answer["from"]["revision"], answer["to"]["revision"]) == (5, 6)
    assert [one["id"] for one in answer["nodes"]] == ["s1"]
    assert got(edited, "/diff", as_of=4)["to"]["revision"] == 4


def test_two_views_of_one_revision_are_compared(edited: TestClient) -> None:
    query = {"from": 2, "to": 2, "to_without": "s2"}
    answer = got(edited, "/diff", **query)
    assert {one["id"] for one in answer["nodes"] if one["change"] == "deleted"} >= {"s2", "a1", "a2", "x1"}
    again = got(edited, "/diff", **{"from": 2, "to": 2, "from_without": "s2", "to_without": "s2"})
    assert (again["nodes"], again["verdicts"]) == ([], [])
    shared = got(edited, "/diff", **{"from": 2, "to": 2, "without": "s2"})
    assert (shared["nodes"], shared["verdicts"]) == ([], [])


def test_the_nodes_of_a_difference_come_in_pages(edited: TestClient) -> None:
    whole = got(edited, "/diff", **{"from": 1, "to": 2})["nodes"]
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while len(found) < len(whole):
        page = got(edited, "/diff", limit=2, **{"from": 1, "to": 2}, **cursor)
        found += page["nodes"]
        cursor = {"cursor": page["next"]} if page["next"] else {}
    assert found == whole


def test_a_side_that_never_was_is_refused(edited: TestClient) -> None:
    assert edited.get(f"{M}/diff", params={"from": 99}).json()["code"] == "revision_unknown"
    assert edited.get(f"{M}/diff", params={"to": 3, "as_of": 2}).json()["code"] == "invalid_parameter"
    assert edited.get(f"{M}/diff", params={"from_without": "never"}).json()["code"] == "unknown_id"


# --- deleted maps -------------------------------------------------------------------------------------


def test_a_deleted_map_is_brought_back_with_its_history(edited: TestClient) -> None:
    before = [edited.get(f"{M}{path}").content for path in ("", "/export", "/changes", "/graph")]
    edited.delete(M)
    assert edited.get(M).status_code == 404
    assert edited.get("/v1/maps").json()["total"] == 0
    [item] = edited.get("/v1/maps?deleted=true").json()["items"]
    assert (item["id"], item["deleted_by"], item["revision"]) == ("m", "local", 6)
    assert item["deleted_at"] < item["kept_until"]
    answer = edited.post(f"{M}/restore")
    assert (answer.status_code, answer.json()["id"]) == (200, "m")
    assert [edited.get(f"{M}{path}").content for path in ("", "/export", "/changes", "/graph")] == before
    assert edited.get("/v1/maps?deleted=true").json()["total"] == 0
    assert edited.post(f"{M}/restore").json()["code"] == "map_not_found"


def test_the_undo_of_a_delete_brings_the_map_back(edited: TestClient) -> None:
    edited.delete(M)
    answer = edited.post(f"{M}/undo")
    assert (answer.status_code, answer.json()["act"]) == (200, "undo")
    assert edited.get(M).json()["revision"] == 6
    assert edited.post(f"{M}/undo").json()["reverted"] == 6


def test_a_deleted_map_does_not_overwrite_one_of_its_id(edited: TestClient) -> None:
    edited.delete(M)
    edited.post("/v1/maps", json={"id": "m", "title": "Another"})
    answer = edited.post(f"{M}/restore")
    assert (answer.status_code, answer.json()["code"]) == (409, "id_taken")
    assert edited.get(M).json()["title"] == "Another"


def test_without_days_a_delete_is_for_good() -> None:
    with client_of(deleted_days=0) as client:
        filled(client)
        client.delete(M)
        assert client.get("/v1/maps?deleted=true").json()["items"] == []
        assert client.post(f"{M}/restore").status_code == 404


def test_deleted_maps_come_in_pages() -> None:
    with client_of() as client:
        for n in range(3):
            client.post("/v1/maps", json={"id": f"m{n}", "title": "x"})
            client.delete(f"/v1/maps/m{n}")
        first = client.get("/v1/maps?deleted=true&limit=2").json()
        assert [one["id"] for one in first["items"]] == ["m2", "m1"]
        rest = client.get(f"/v1/maps?deleted=true&limit=2&cursor={first['next']}").json()
        assert [one["id"] for one in rest["items"]] == ["m0"]
