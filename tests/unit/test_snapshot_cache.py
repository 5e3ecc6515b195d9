"""The cache keeps snapshots within a bound of memory, those used last longest."""

from __future__ import annotations

from graph.maps.snapshots import SnapshotCache, bytes_held
from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.headers import header
from tests.support.nodes import statement


def _snapshot(nodes: int = 10) -> ArgumentGraph:
    return ArgumentGraph.of(header(), [statement(f"p{n}", "x" * 1000) for n in range(nodes)])


EACH = bytes_held(_snapshot())


def test_what_is_put_is_found_until_it_is_dropped() -> None:
    cache, one = SnapshotCache(10 * EACH), _snapshot()
    cache.put("one", one)
    assert cache.get("one") is one
    assert cache.get("other") is None
    cache.drop("one")
    cache.drop("one")
    assert cache.get("one") is None


def test_beyond_the_bound_the_least_recently_used_goes() -> None:
    cache = SnapshotCache(3 * EACH)
    for key in "abc":
        cache.put(key, _snapshot())
    cache.get("a")
    cache.put("d", _snapshot())
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]


def test_the_newest_stays_even_where_it_alone_is_past_the_bound() -> None:
    cache = SnapshotCache(EACH)
    cache.put("small", _snapshot())
    cache.put("large", _snapshot(100))
    assert cache.get("large") is not None
    assert cache.get("small") is None
    cache.put("small", _snapshot())
    assert cache.get("large") is None


def test_putting_under_a_key_again_replaces_and_does_not_count_twice() -> None:
    cache = SnapshotCache(3 * EACH)
    cache.put("b", _snapshot())
    for _ in range(10):
        cache.put("a", _snapshot())
    assert cache.get("b") is not None
    cache.drop("a")
    for key in ("c", "d"):
        cache.put(key, _snapshot())
    assert all(cache.get(key) for key in "bcd"), "what was dropped still weighs"


def test_weight_follows_the_documents_and_the_patch() -> None:
    graph = _snapshot()
    assert 10_000 < bytes_held(graph) < 30_000
    changed = graph.derive(graph.header, [(f"q{n}", statement(f"q{n}")) for n in range(50)])
    assert bytes_held(changed) > bytes_held(graph)
