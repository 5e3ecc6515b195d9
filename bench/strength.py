"""Strength: a million edges with and without circles against a bare kernel, one edit, and the Python libraries."""

from collections.abc import Iterator
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from bench.figure import Figure, Unmeasurable
from bench.frameworks import Pairs, acyclic, as_arrays, as_graph, map_like
from bench.labelling import best
from bench.maps import tree_like
from bench.peers import weighers
from graph.evaluation import kernels
from graph.evaluation.strength.incremental import carried
from graph.evaluation.strength.network import Network, build
from graph.evaluation.strength.solver import solve
from graph.evaluation.strength.strength import strengths
from graph.evaluation.warm import warm_up
from graph.snapshot.argument_graph import ArgumentGraph

EDGES = 1_000_000
PEER_EDGES = 10_000
EDITS = 200


def figures() -> Iterator[Figure]:
    """The kernels, the edits, the peers."""
    if not kernels.available():
        raise Unmeasurable("numba is not installed (extra [fast]); the goals are of the compiled path")
    warm_up()
    yield from _whole("acyclic", acyclic(EDGES), EDGES // 3, "< 2", 2.0)
    yield from _whole("map-like with circles", map_like(EDGES), EDGES, "< 3", 3.0)
    yield from _edits()
    yield from _peers()


def _whole(name: str, pairs: Pairs, size: int, goal: str, most: float) -> Iterator[Figure]:
    arrays = as_arrays(size, pairs)
    network = build(arrays)
    bare = _bare(network)
    solve(network, "quadratic-energy", "compiled")
    limit = best(bare, 7)
    seconds = best(lambda: solve(network, "quadratic-energy"), 7)
    circles = int(network.ring.sum())
    yield Figure(
        f"strength, {name}, 1,000,000 edges, {circles} circles, to a bare kernel",
        seconds * 1e3, "ms", seconds / limit, goal, seconds < most * limit,
    )  # fmt: skip
    for semantics in ("df-quad", "euler", "mlp"):
        solve(network, semantics, "compiled")
        yield Figure(f"  {semantics}", best(lambda s=semantics: solve(network, s), 3) * 1e3, "ms")  # type: ignore[misc]
    yield Figure("  and its network from arrays", best(lambda: build(arrays), 3), "s")


def _bare(network: Network) -> Any:
    """Quadratic energy over the same arrays and nothing else: one pass, and on circles sweeps to 1e-9."""
    from numba import njit  # noqa: PLC0415 - optional

    @njit
    def run(starts, entries, base, bounds, ring, s):  # type: ignore[no-untyped-def]
        for c in range(len(bounds) - 1):
            for v in range(bounds[c], bounds[c + 1]):
                s[v] = base[v]
            for _ in range(1000):
                change = 0.0
                for v in range(bounds[c], bounds[c + 1]):
                    g = 0.0
                    for k in range(starts[v], starts[v + 1]):
                        x = s[entries[k] >> 1]
                        g += -x if entries[k] & 1 else x
                    h = g * g / (1.0 + g * g)
                    w = base[v]
                    new = w + (1.0 - w) * h if g > 0.0 else w - w * h
                    change = max(change, abs(new - s[v]))
                    s[v] = new
                if not ring[c] or change < 1e-9:
                    break

    s = np.zeros(len(network))

    def once() -> None:
        run(network.starts, network.entries, network.base, network.bounds, network.ring, s)

    once()
    return once


def _edits() -> Iterator[Figure]:
    pick = Random(1)
    for name, graph in (
        ("a map of 100,000 arguments", tree_like(100_000)),
        ("100,000 random edges", as_graph(33_333, acyclic(100_000))),
    ):
        strengths(graph)
        ids = [n for n in graph.columns.ids if n.startswith("s")]
        whole = best(lambda g=graph: solve(strengths(g).network, "quadratic-energy"))  # type: ignore[misc]
        times = []
        for _ in range(EDITS):
            node = graph.node(pick.choice(ids))
            edited = graph.derive(graph.header, [(node.id, node.model_copy(update={"credence": pick.random()}))])
            begin = perf_counter()
            carried(edited)
            times.append(perf_counter() - begin)
        middle, slow = median(times), sorted(times)[int(EDITS * 0.99)]
        yield Figure(f"one edit, {name}", middle * 1e3, "ms", middle / whole, "< 1 ms", middle < 1e-3)
        yield Figure("  99th of 100", slow * 1e3, "ms")


def _peers() -> Iterator[Figure]:
    size, pairs = PEER_EDGES // 3, acyclic(PEER_EDGES)
    graph = as_graph(size, pairs)
    seconds = best(lambda: strengths(ArgumentGraph(graph.header, graph.columns)), 5)
    sources, targets = (p.tolist() for p in pairs)
    found = False
    for peer, run in weighers(size, sources, targets, [-1] * len(sources)):
        found = True
        took = best(run, 2)
        name = f"strength, acyclic, {PEER_EDGES:,} edges, from the snapshot, against {peer}"
        yield Figure(name, seconds * 1e3, "ms", took / seconds, ">= 10", took >= 10 * seconds)
    if not found:
        yield Figure(f"strength, acyclic, {PEER_EDGES:,} edges: no peer installed", seconds * 1e3, "ms")
