"""The shelf keeps snapshots within a bound of memory, those used last longest."""

from __future__ import annotations

from graph.maps.cache import Shelf, Standing, weight
from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.headers import header
from tests.support.nodes import statement


def _standing(nodes: int = 10) -> Standing:
    return Standing(ArgumentGraph.of(header(), [statement(f"p{n}", "x" * 1000) for n in range(nodes)]), "born")


EACH = weight(_standing().graph)


def test_what_is_put_is_found_until_it_is_dropped() -> None:
    shelf, one = Shelf(10 * EACH), _standing()
    shelf.put("one", one)
    assert shelf.get("one") is one
    assert shelf.get("other") is None
    shelf.drop("one")
    shelf.drop("one")
    assert shelf.get("one") is None


def test_beyond_the_bound_the_least_recently_used_goes() -> None:
    shelf = Shelf(3 * EACH)
    for key in "abc":
        shelf.put(key, _standing())
    shelf.get("a")
    shelf.put("d", _standing())
    assert [key for key in "abcd" if shelf.get(key)] == ["a", "c", "d"]


def test_the_newest_stays_even_where_it_alone_is_past_the_bound() -> None:
    shelf = Shelf(EACH)
    shelf.put("small", _standing())
    shelf.put("large", _standing(100))
    assert shelf.get("large") is not None
    assert shelf.get("small") is None
    shelf.put("small", _standing())
    assert shelf.get("large") is None


def test_putting_under_a_key_again_replaces_and_does_not_count_twice() -> None:
    shelf = Shelf(3 * EACH)
    shelf.put("b", _standing())
    for _ in range(10):
        shelf.put("a", _standing())
    assert shelf.get("b") is not None
    shelf.drop("a")
    for key in ("c", "d"):
        shelf.put(key, _standing())
    assert all(shelf.get(key) for key in "bcd"), "what was dropped still weighs"


def test_weight_follows_the_documents_and_the_patch() -> None:
    graph = _standing().graph
    assert 10_000 < weight(graph) < 30_000
    changed = graph.derive(graph.header, [(f"q{n}", statement(f"q{n}")) for n in range(50)])
    assert weight(changed) > weight(graph)
