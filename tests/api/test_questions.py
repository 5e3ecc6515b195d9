"""The questions: drawings, paths, what bears on what, summaries; each of any view."""

from __future__ import annotations

from typing import Any

import networkx
import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SEED

OPPOSING, SUPPORTING = "opposing", "supporting"
READS = [
    f"{SEED}",
    f"{SEED}/graph",
    f"{SEED}/paths",
    f"{SEED}/summary",
    f"{SEED}/motives/food/summary",
    f"{SEED}/statements",
    f"{SEED}/arguments",
    f"{SEED}/assertions",
    f"{SEED}/statements/t-main",
    f"{SEED}/nodes/t-main",
    f"{SEED}/nodes/t-main/neighbourhood",
    f"{SEED}/nodes/t-main/grounds",
    f"{SEED}/nodes/t-main/consequences",
    f"{SEED}/structure",
    f"{SEED}/export",
]
VIEWS = [
    {"sources": "s-eu"},
    {"sources": ["s-eu", "s-kh"]},
    {"actors": "nis"},
    {"motives": "food"},
    {"basis": "explicit"},
    {"min_confidence": "high"},
    {"without": "p-50"},
    {"as_of": "1"},
    {
        "sources": "s-kh",
        "actors": ["nis", "wi-sung-lac"],
        "basis": "explicit",
        "min_confidence": "medium",
        "as_of": "1",
    },
]


@pytest.mark.parametrize("path", READS)
def test_every_read_takes_every_view(seeded: TestClient, path: str) -> None:
    whole = seeded.get(path)
    assert whole.status_code == 200, whole.text
    for view in VIEWS:
        answer = seeded.get(path, params=view)
        assert answer.status_code == 200, (view, answer.text)
        if view == {"as_of": "1"}:
            assert answer.content == whole.content
        elif "statements/" not in path:
            assert answer.headers["etag"] != whole.headers["etag"], view
        assert seeded.get(path, params=view).content == answer.content
    for name in ("sources", "actors", "motives", "without"):
        refused = seeded.get(path, params={name: "nobody-here"})
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown_id")
        assert refused.json()["errors"][0]["pointer"] == f"/{name}/0"


def test_a_drawing_is_read_by_networkx_as_it_is(seeded: TestClient) -> None:
    answer = seeded.get(f"{SEED}/graph").json()
    graph = networkx.node_link_graph(answer, edges="edges")
    assert isinstance(graph, networkx.MultiDiGraph)
    assert graph.number_of_nodes() == len(answer["nodes"]) == answer["graph"]["total_nodes"] == 88 + 7 + 125
    assert graph.number_of_edges() == len(answer["edges"]) == answer["graph"]["total_edges"]
    assert graph.graph["map"] == "food-finance-firepower"
    assert (answer["graph"]["complete"], answer["graph"]["revision"]) == (True, 1)


def test_a_drawing_has_a_focus_a_budget_and_kinds(seeded: TestClient) -> None:
    part = seeded.get(f"{SEED}/graph", params={"focus": "p-50", "depth": 1}).json()
    around = seeded.get(f"{SEED}/nodes/p-50/neighbourhood").json()
    assert {n["id"] for n in part["nodes"]} == {n["id"] for n in around["nodes"]}
    few = seeded.get(f"{SEED}/graph", params={"budget": 20}).json()
    assert len(few["nodes"]) <= 20
    assert few["graph"]["complete"] is False
    actors = seeded.get(f"{SEED}/graph", params={"kinds": ["actor", "motive"]}).json()
    assert {n["kind"] for n in actors["nodes"]} == {"actor", "motive"}
    for params, place in (
        ({"kinds": "claim"}, "/kinds/0"),
        ({"focus": "nobody"}, "/focus/0"),
        ({"budget": 0}, "/budget"),
    ):
        refused = seeded.get(f"{SEED}/graph", params=params)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, place)


def test_a_neighbourhood_has_a_direction(seeded: TestClient) -> None:
    def near(direction: str) -> set[str]:
        answer = seeded.get(f"{SEED}/nodes/food/neighbourhood", params={"direction": direction}).json()
        return {n["id"] for n in answer["nodes"]}

    assert near("in") | near("out") == near("any")
    assert near("in") & near("out") == {"food"}


def test_paths_tell_length_polarity_and_why_they_end(seeded: TestClient) -> None:
    whole = seeded.get(f"{SEED}/paths", params={"from": "p-50", "to": "t-main", "limit": 1000}).json()
    assert (whole["complete"], whole["reason"], whole["map"]) == (True, None, "food-finance-firepower")
    assert whole["counts"] == {
        stance: sum(i["polarity"] == stance for i in whole["items"]) for stance in (SUPPORTING, OPPOSING)
    }
    lengths = [i["length"] for i in whole["items"]]
    assert lengths == sorted(lengths)
    for limit in (1, 2, 3):
        part = seeded.get(f"{SEED}/paths", params={"from": "p-50", "to": "t-main", "limit": limit}).json()
        assert part["items"] == whole["items"][:limit]
    against = seeded.get(
        f"{SEED}/paths", params={"from": "p-50", "to": "t-main", "polarity": OPPOSING, "limit": 1000}
    ).json()
    assert against["items"] == [i for i in whole["items"] if i["polarity"] == OPPOSING]
    short = seeded.get(f"{SEED}/paths", params={"from": "p-50", "to": "t-main", "max_length": 5}).json()
    assert all(i["length"] <= 5 for i in short["items"])
    assert short["reason"] == "max_length"
    via = seeded.get(f"{SEED}/paths", params={"from": "p-50", "to": "t-main", "via": "p-53", "limit": 1000}).json()
    assert via["items"] == [i for i in whole["items"] if "p-53" in i["nodes"]]
    avoid = seeded.get(f"{SEED}/paths", params={"from": "p-50", "to": "t-main", "avoid": "p-53", "limit": 1000}).json()
    assert avoid["items"] == [i for i in whole["items"] if "p-53" not in i["nodes"]]


def test_each_outlet_has_paths_of_its_own(seeded: TestClient) -> None:
    """From "North Korea sells shells" to the main thesis: only one outlet has the undercut on the way."""

    def ways(source: str) -> list[dict[str, Any]]:
        params = {"from": "p-50", "to": "t-main", "sources": source, "limit": 1000}
        items: list[dict[str, Any]] = seeded.get(f"{SEED}/paths", params=params).json()["items"]
        return items

    eu, kh = ways("s-eu"), ways("s-kh")
    assert eu
    assert kh
    assert eu != kh

    def undercut(items: list[dict[str, Any]]) -> bool:
        return any(step["from"] == step["argument"] for item in items for step in item["steps"])

    assert undercut(eu) != undercut(kh)


def test_no_path_says_why(seeded: TestClient) -> None:
    def reason(**params: Any) -> Any:
        answer = seeded.get(f"{SEED}/paths", params={"from": "p-50", "to": "t-main", **params}).json()
        assert answer["items"] == []
        return answer["complete"], answer["reason"]

    assert reason(**{"from": "t-main", "to": "p-50"}) == (True, "not_connected")
    assert reason(without="p-50") == (True, "filtered")


def test_what_bears_on_a_node_and_what_it_bears_on(seeded: TestClient) -> None:
    grounds = seeded.get(f"{SEED}/nodes/t-main/grounds", params={"limit": 1000}).json()
    assert grounds["map"] == "food-finance-firepower"
    below = {i["id"]: i for i in grounds["items"]}
    assert set(below["p-50"]) == {"id", "kind", "distance", "polarities"}
    above = {i["id"]: i for i in seeded.get(f"{SEED}/nodes/p-50/consequences", params={"limit": 1000}).json()["items"]}
    assert above["t-main"]["distance"] == below["p-50"]["distance"]
    assert above["t-main"]["polarities"] == below["p-50"]["polarities"]


@pytest.mark.parametrize("subject", ["", "/motives/food", "/actors/wi-sung-lac", "/sources/s-kh", "/statements/p-50"])
def test_a_summary_has_receipts_in_both_forms(seeded: TestClient, subject: str) -> None:
    path = f"{SEED}{subject}/summary"
    told = seeded.get(path).json()
    sentences = [s for section in told["sections"] for s in section["sentences"]]
    assert told["title"]
    assert sentences
    known = {
        i["id"]
        for kind in ("actors", "motives", "statements", "arguments", "sources", "assertions")
        for i in seeded.get(f"{SEED}/{kind}?limit=1000").json()["items"]
    }
    assert {i for s in sentences for i in (*s["nodes"], *s["sources"])} <= known
    text = seeded.get(path, params={"format": "markdown"})
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert text.text.startswith("# ")
    assert text.headers["etag"] != seeded.get(path).headers["etag"]


@pytest.mark.parametrize("subject", ["/motives/p-50", "/actors/food", "/statements/nobody"])
def test_a_summary_of_what_is_not_there(seeded: TestClient, subject: str) -> None:
    refused = seeded.get(f"{SEED}{subject}/summary")
    assert (refused.status_code, refused.json()["code"]) == (404, "node_not_found")


def test_an_assertion_an_actor_and_a_source_stand_for_what_they_say(seeded: TestClient) -> None:
    for start in ("eu-53", "wi-sung-lac", "s-eu"):
        answer = seeded.get(f"{SEED}/paths", params={"from": start, "to": "t-main", "limit": 5}).json()
        assert answer["items"], start


def test_connections_lead_over_links_of_every_sort(seeded: TestClient) -> None:
    params = {"from": "nis", "to": "food", "limit": 3}
    answer = seeded.get(f"{SEED}/connections", params=params).json()
    assert len(answer["items"]) == 3
    for item in answer["items"]:
        assert (item["nodes"][0], item["nodes"][-1]) == ("nis", "food")
        assert len(item["relations"]) == len(item["nodes"]) - 1
    costs = [item["cost"] for item in answer["items"]]
    assert costs == sorted(costs)
    assert (answer["complete"], answer["reason"]) == (False, "limit")
    for view in VIEWS:
        assert seeded.get(f"{SEED}/connections", params={**params, **view}).status_code == 200, view
    gone = seeded.get(f"{SEED}/connections", params={**params, "without": "nis"}).json()
    assert (gone["items"], gone["reason"]) == ([], "filtered")
    for wrong, place in (({"from": "nobody"}, "/from"), ({"to": ["food", "nis"]}, "/to"), ({"limit": 0}, "/limit")):
        refused = seeded.get(f"{SEED}/connections", params={**params, **wrong})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, place)
    missing = seeded.get(f"{SEED}/connections", params={"from": "nis"})
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/to")


@pytest.mark.parametrize("measure", ["components", "communities", "bridges", "pagerank", "betweenness"])
def test_the_structure_of_a_map_in_pages(seeded: TestClient, measure: str) -> None:
    path, asked = f"{SEED}/structure", {"measure": measure, "limit": 3}
    first = seeded.get(path, params=asked).json()
    assert (first["complete"], first["reason"], first["sampled"]) == (True, None, None)
    assert (first["total_nodes"], first["total_edges"]) == (220, 364)
    found, page = list(first["items"]), first
    while page["next"]:
        page = seeded.get(path, params={**asked, "cursor": page["next"]}).json()
        found += page["items"]
    assert found == seeded.get(path, params={"measure": measure, "limit": 1000}).json()["items"]
    assert len(found) == first["total"]


def test_a_measure_that_is_none_and_a_cursor_of_another_view_are_refused(seeded: TestClient) -> None:
    answer = seeded.get(f"{SEED}/structure", params={"measure": "centre"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/measure")
    cursor = seeded.get(f"{SEED}/structure", params={"measure": "pagerank", "limit": 1}).json()["next"]
    for view in ({"sources": "s-eu"}, {"kinds": "statements"}):
        answer = seeded.get(f"{SEED}/structure", params={"measure": "pagerank", "cursor": cursor, **view})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor")


def test_a_drawing_with_verdicts_strengths_and_positions(seeded: TestClient) -> None:
    plain = seeded.get(f"{SEED}/graph").json()
    assert not any({"verdict", "standing", "weight", "strength", "x", "y"} & set(node) for node in plain["nodes"])
    for include in ({"include": ["verdicts", "strengths", "positions"]}, {"include": "verdicts,strengths,positions"}):
        answer = seeded.get(f"{SEED}/graph", params=include).json()
        names = ("verdict", "standing", "weight")
        judged = {n["id"]: [n[name] for name in names] for n in seeded.get(f"{SEED}/evaluation").json()["nodes"]}
        assert {n["id"]: [n.get(name) for name in names] for n in answer["nodes"]} == judged
        strengths = seeded.get(f"{SEED}/evaluation", params={"semantics": "quadratic-energy"}).json()["nodes"]
        assert {n["id"]: n["strength"] for n in answer["nodes"]} == {n["id"]: n["strength"] for n in strengths}
        places = {(n["x"], n["y"]) for n in answer["nodes"]}
        assert len(places) == len(answer["nodes"])
        assert answer["edges"] == plain["edges"]
    assert seeded.get(f"{SEED}/graph", params={"include": "colours"}).status_code == 422


def test_a_drawing_of_some_relations(seeded: TestClient) -> None:
    answer = seeded.get(f"{SEED}/graph", params={"relations": ["targets", "concerns"]}).json()
    assert {edge["relation"] for edge in answer["edges"]} == {"targets", "concerns"}
    assert answer["graph"]["total_edges"] == len(answer["edges"])
    refused = seeded.get(f"{SEED}/graph", params={"relations": "target"}).json()
    assert refused["errors"][0]["pointer"] == "/relations/0"
    assert "'targets'" in refused["errors"][0]["detail"]


def test_paths_come_in_pages(seeded: TestClient) -> None:
    asked = {"from": "p-50", "to": "t-main"}
    whole = seeded.get(f"{SEED}/paths", params={**asked, "limit": 1000}).json()
    assert (whole["complete"], whole["next"]) == (True, None)
    found, cursor = [], None
    while True:
        page = seeded.get(f"{SEED}/paths", params={**asked, "limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
        assert (page["complete"], page["reason"]) == (False, "limit")
    assert found == whole["items"]
    first = seeded.get(f"{SEED}/paths", params={**asked, "limit": 1}).json()["next"]
    refused = seeded.get(f"{SEED}/paths", params={**asked, "cursor": first, "sources": "s-eu"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/cursor")
