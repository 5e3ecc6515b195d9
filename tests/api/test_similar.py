"""What is nearly the same: how alike counts, and up to which size."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from starlette.testclient import TestClient

from bench.maps import tree_like
from graph.search import near_duplicates as similar
from graph.search.near_duplicates import ALIKE, AT_MOST, similar_statements
from schemas.node import Statement
from tests.api.conftest import client_of, filled


def _texts(*texts: str) -> list[tuple[str, Statement]]:
    return [(f"n{i}", Statement(id=f"n{i}", text=text)) for i, text in enumerate(texts)]


def test_case_accents_and_points_do_not_count() -> None:
    graph = tree_like(10).derive(tree_like(10).header, _texts("Café prices rose, in Séoul!", "Something else."))
    for text in ("cafe prices rose in seoul", "CAFÉ PRICES ROSE (in Seoul)", "Cafe prices rose in Seoul again"):
        assert [one.id for one in similar_statements(graph, text)] == ["n0"], text
    assert similar_statements(graph, "Rice is short in the north.") == []


def test_the_same_sentence_composed_otherwise_is_the_same() -> None:
    text = "북한은 러시아에 병력을 보냈다"
    graph = tree_like(10).derive(tree_like(10).header, _texts(text))
    assert [(one.id, one.score) for one in similar_statements(graph, normalize("NFD", text))] == [("n0", 1.0)]


def test_most_alike_comes_first_and_a_change_counts_at_once() -> None:
    text = "North Korea sells shells to Russia for food."
    graph = tree_like(10).derive(tree_like(10).header, _texts(text + " Now.", text, "Nothing of the kind."))
    found = similar_statements(graph, text)
    assert [one.id for one in found] == ["n1", "n0"]
    assert found[0].score == 1.0 > found[1].score >= ALIKE
    changed = graph.derive(graph.header, [("n1", None), ("n2", Statement(id="n2", text=text.upper()))])
    assert [one.id for one in similar_statements(changed, text)] == ["n2", "n0"]


def test_only_the_nearest_are_told() -> None:
    graph = tree_like(10).derive(tree_like(10).header, _texts(*["the very same words"] * 30))
    found = similar_statements(graph, "The very same words")
    assert [one.id for one in found] == sorted(f"n{i}" for i in range(30))[:AT_MOST]


def test_past_a_size_nothing_is_compared_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "COMPARED_AT_MOST", 1)
    with client_of() as client:
        filled(client)
        made = client.post("/v1/maps/m/statements", json={"text": "Ann is hungry."}).json()
        assert (made["similar"], made["similar_complete"]) == ([], False)


def test_a_write_does_not_wait_for_the_hint(client: TestClient) -> None:
    service = client.app.state.service  # type: ignore[attr-defined]
    many = {"operations": [{"op": "create", "kind": "statement", "value": {"text": str(n)}} for n in range(4000)]}
    assert client.post("/v1/maps/m/batch", json=many).status_code == 200
    service.work._free = service.work._bound = 0
    made = client.post("/v1/maps/m/statements", json={"text": "Ann is hungry."})
    assert (made.status_code, made.json()["similar_complete"]) == (201, False)
