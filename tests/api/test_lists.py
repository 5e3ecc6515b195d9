"""Lists: filters, words, orders and pages."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from graph.search.words import collation_key
from tests.api.conftest import SEED


def ids(client: TestClient, path: str, **params: Any) -> list[str]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("kind", "params", "holds"),
    [
        ("arguments", {"stance": "opposing"}, lambda n: n["stance"] == "opposing"),
        ("arguments", {"premises": "p-50"}, lambda n: "p-50" in n["premises"]),
        ("arguments", {"target": ["t-main", "food"]}, lambda n: n["target"] in ("t-main", "food")),
        ("arguments", {"confidence": ["high"], "stance": "supporting"}, lambda n: n["confidence"] == "high"),
        ("statements", {"concerns": "food"}, lambda n: "food" in {c["motive"] for c in n["concerns"]}),
        ("statements", {"origin": "constructed"}, lambda n: n["origin"] == "constructed"),
        ("assertions", {"chain": "nis", "source": "s-kh"}, lambda n: "nis" in n["chain"] and n["source"] == "s-kh"),
        ("assertions", {"forecast": "true"}, lambda n: n["forecast"] is True),
        ("motives", {"actor": "north-korea"}, lambda n: n["actor"] == "north-korea"),
        ("actors", {"tags": "unnamed"}, lambda n: "unnamed" in n["tags"]),
        ("sources", {"id": ["s-eu", "s-kh"]}, lambda n: n["id"] in ("s-eu", "s-kh")),
    ],
)
def test_a_filter_keeps_what_it_says(seeded: TestClient, kind: str, params: Any, holds: Any) -> None:
    answer = seeded.get(f"{SEED}/{kind}", params={**params, "limit": 1000}).json()
    whole = seeded.get(f"{SEED}/{kind}", params={"limit": 1000}).json()["items"]
    kept = [n for n in whole if holds(n)]
    if "confidence" in params:
        kept = [n for n in kept if n["stance"] == "supporting"]
    assert kept
    assert answer["items"] == kept
    assert answer["total"] == len(kept)


def test_words_are_found_in_any_field_of_text(seeded: TestClient) -> None:
    assert "p-50" in ids(seeded, f"{SEED}/statements", q="SHELLS sell")
    assert ids(seeded, f"{SEED}/statements", q="shells nowhere-to-be-found") == []
    assert "p-50" in ids(seeded, f"{SEED}/statements", q="artill")


@pytest.mark.parametrize("sort", ["id", "-id", "text", "-text", "-version", "scope", "-scope", "credence"])
def test_pages_add_up_to_the_whole_in_any_order(seeded: TestClient, sort: str) -> None:
    whole = ids(seeded, f"{SEED}/statements", sort=sort, limit=1000)
    assert len(whole) == len(set(whole)) == 88
    paged: list[str] = []
    cursor = None
    while True:
        page = seeded.get(
            f"{SEED}/statements", params={"sort": sort, "limit": 7, **({"cursor": cursor} if cursor else {})}
        )
        paged += [item["id"] for item in page.json()["items"]]
        assert page.json()["total"] == 88
        cursor = page.json()["next"]
        if cursor is None:
            break
    assert paged == whole


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_texts_are_listed_as_people_sort_them(client: TestClient, limit: int) -> None:
    words = ("Zebra", "apple", "Äpfel", "Élan", "eclair", "zoo", "Łódź", "lodz", "2", "10")
    made = [{"op": "create", "kind": "statements", "id": f"s{n}", "value": {"text": t}} for n, t in enumerate(words)]
    client.post("/v1/maps", json={"id": "sorted", "title": "Sorted"})
    assert client.post("/v1/maps/sorted/batch", json={"operations": made}).status_code == 200
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/v1/maps/sorted/statements", params={"sort": "text", "limit": limit, **cursor}).json()
        found += [item["text"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == ["10", "2", "Äpfel", "apple", "eclair", "Élan", "lodz", "Łódź", "Zebra", "zoo"]


def test_ids_have_one_order_filtered_or_not_and_its_reverse(client: TestClient) -> None:
    names = {"a1", "a-1", "B", "b", "a.1"}
    for name in names:
        client.post("/v1/maps/m/statements", json={"id": name, "text": name, "tags": ["x"]})
    plain = ids(client, "/v1/maps/m/statements")
    assert ids(client, "/v1/maps/m/statements", tags="x") == [one for one in plain if one in names]
    assert ids(client, "/v1/maps/m/statements", sort="-id") == plain[::-1]


def test_an_order_is_what_it_says(seeded: TestClient) -> None:
    texts = [n["text"] for n in seeded.get(f"{SEED}/statements", params={"sort": "-text"}).json()["items"]]
    assert texts == sorted(texts, key=collation_key, reverse=True)
    ranks = {"low": 0, "medium": 1, "high": 2}
    items = seeded.get(f"{SEED}/arguments", params={"sort": "-confidence", "limit": 1000}).json()["items"]
    assert [ranks[n["confidence"]] for n in items] == sorted((ranks[n["confidence"]] for n in items), reverse=True)
    scopes = [n["scope"] for n in seeded.get(f"{SEED}/statements", params={"sort": "scope"}).json()["items"]]
    assert scopes == sorted(scopes, key=lambda s: (s is not None, s or ""))


def test_a_page_goes_on_where_the_last_ended_whatever_is_written(client: TestClient) -> None:
    for name in ("b", "d", "f"):
        client.post("/v1/maps/m/statements", json={"id": name, "text": name})
    first = client.get("/v1/maps/m/statements", params={"limit": 2}).json()
    assert [n["id"] for n in first["items"]] == ["b", "d"]
    client.delete("/v1/maps/m/statements/d")
    client.post("/v1/maps/m/statements", json={"id": "a", "text": "before"})
    client.post("/v1/maps/m/statements", json={"id": "e", "text": "behind"})
    assert ids(client, "/v1/maps/m/statements", limit=2, cursor=first["next"]) == ["e", "f"]


def test_a_cursor_belongs_to_its_question(seeded: TestClient) -> None:
    cursor = seeded.get(f"{SEED}/statements", params={"limit": 2}).json()["next"]
    other = seeded.get(f"{SEED}/statements", params={"limit": 2, "cursor": cursor, "sort": "text"})
    assert other.status_code == 422
    assert other.json()["errors"][0]["pointer"] == "/cursor"
    for broken in ("x", "!!", cursor[:-3], "WyJhIl0", "é"):
        assert seeded.get(f"{SEED}/statements", params={"cursor": broken}).status_code == 422, broken


def test_a_list_is_of_the_view(seeded: TestClient) -> None:
    whole = seeded.get(f"{SEED}/statements").json()["total"]
    for params in ({"sources": "s-eu"}, {"actors": "nis"}, {"motives": "food"}, {"without": "s-kh"}):
        part = seeded.get(f"{SEED}/statements", params=params).json()["total"]
        assert 0 < part < whole, params
    sure = seeded.get(f"{SEED}/arguments", params={"min_confidence": "high", "limit": 1000}).json()
    assert {n["confidence"] for n in sure["items"]} == {"high"}
    marked = seeded.get(f"{SEED}/arguments", params={"basis": "explicit"}).json()
    assert 0 < marked["total"] < seeded.get(f"{SEED}/arguments").json()["total"]


def test_the_order_of_ids_in_a_filter_changes_nothing(seeded: TestClient) -> None:
    one = seeded.get(f"{SEED}/statements", params={"sources": ["s-eu", "s-kh"]})
    other = seeded.get(f"{SEED}/statements", params={"sources": ["s-kh", "s-eu"]})
    assert one.content == other.content
    assert one.headers["etag"] == other.headers["etag"]


def test_a_list_within_bounds(seeded: TestClient) -> None:
    whole = seeded.get(f"{SEED}/arguments", params={"limit": 1000}).json()["items"]
    strong = seeded.get(f"{SEED}/arguments", params={"limit": 1000, "credence_gte": 0.9}).json()["items"]
    assert [one["id"] for one in strong] == [one["id"] for one in whole if (one["credence"] or 0) >= 0.9]
    made = whole[0]["created_at"]
    assert seeded.get(f"{SEED}/arguments", params={"created_at_gte": made}).json()["total"] == len(whole)
    assert seeded.get(f"{SEED}/arguments", params={"created_at_lte": "2001-01-01T00:00:00Z"}).json()["total"] == 0
    assert seeded.get(f"{SEED}/arguments", params={"created_at_gte": "yesterday"}).status_code == 422
    attacks = seeded.get(f"{SEED}/arguments", params={"attack": "undercut"}).json()["items"]
    assert attacks
    assert {one["attack"] for one in attacks} == {"undercut"}
