"""An evaluation is asked for some nodes, or page by page; what is evaluated is the whole view in any case."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SEED

PATH = f"{SEED}/evaluation"


def asked(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("semantics", ["grounded", "preferred", "quadratic-energy"])
def test_pages_make_up_the_whole(seeded: TestClient, semantics: str) -> None:
    whole = asked(seeded, semantics=semantics)
    assert (whole["total"], whole["next"]) == (len(whole["nodes"]), None)
    found, cursor = list[Any](), None
    while True:
        page = asked(seeded, semantics=semantics, limit=50, **({"cursor": cursor} if cursor else {}))
        assert len(page["nodes"]) <= 50
        assert page["total"] == whole["total"]
        found += page["nodes"]
        if (cursor := page["next"]) is None:
            break
    assert found == whole["nodes"]


def test_some_nodes_and_some_kinds(seeded: TestClient) -> None:
    whole = {n["id"]: n for n in asked(seeded)["nodes"]}
    some = asked(seeded, ids=["t-main", "food", "a-001"])
    assert some["nodes"] == [whole[i] for i in ("a-001", "food", "t-main")], "in the order of ids"
    motives = asked(seeded, kinds="motive")["nodes"]
    assert motives == [n for n in whole.values() if n["kind"] == "motive"]
    assert asked(seeded, kinds=["motive", "statement"], ids=["food", "a-001"])["nodes"] == [whole["food"]]


def test_an_id_that_the_view_leaves_out_is_left_out(seeded: TestClient) -> None:
    assert asked(seeded, ids=["food", "p-08"], without="p-08")["total"] == 1


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ({"ids": ["food", "nobody"]}, "unknown_id", "/ids/1"),
        ({"ids": ["nis"]}, "wrong_kind", "/ids/0"),
        ({"kinds": ["actor"]}, "unknown_value", "/kinds/0"),
        ({"limit": 0}, "out_of_range", "/limit"),
        ({"cursor": "x"}, "invalid_parameter", "/cursor"),
    ],
)
def test_what_cannot_be_asked_is_refused(seeded: TestClient, query: dict[str, Any], code: str, pointer: str) -> None:
    answer = seeded.get(PATH, params=query)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["code"], fault["pointer"]) == (code, pointer)


def test_a_cursor_belongs_to_its_question(seeded: TestClient) -> None:
    cursor = asked(seeded, limit=5)["next"]
    for other in ({"semantics": "preferred"}, {"kinds": "motive"}, {"without": "p-08"}):
        answer = seeded.get(PATH, params={"cursor": cursor, **other})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cursor")


def test_how_many_extensions_are_listed_is_asked_apart_from_the_nodes(seeded: TestClient) -> None:
    whole = asked(seeded, semantics="preferred")
    few = asked(seeded, semantics="preferred", extensions=2)
    assert (few["nodes"], few["extensions"]) == (whole["nodes"], whole["extensions"][:2])
    assert (few["complete"], few["reason"]) == (False, "limit")
    page = asked(seeded, semantics="preferred", limit=3, extensions=100)
    assert (len(page["nodes"]), page["extensions"], page["complete"]) == (3, whole["extensions"], True)
    assert len(asked(seeded, semantics="preferred", limit=3)["extensions"]) == 3
