"""Strength: the engine against a compiled kernel in the same run, one edit, and the Python libraries."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from random import Random
from statistics import median
from time import process_time

import numpy as np

from bench.figure import Figure
from bench.frameworks import acyclic, as_arrays, as_graph, map_like
from bench.labelling import best
from bench.maps import many_routes, tree_like
from bench.peers import weighers
from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.strength.network import Network, build
from graph.evaluation.strength.solver import solve, strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, Floats, arrays_of

EDGES = 1_000_000
PEER_EDGES = 10_000
EDITS = 200


def figures() -> Iterator[Figure]:
    """The engine, the edits, the peers."""
    yield from _against_compiled("acyclic", as_arrays(EDGES // 3, acyclic(EDGES)), 6.0)
    yield from _against_compiled("map-like with cycles", as_arrays(EDGES, map_like(EDGES)), None)
    for name, arrays in (
        ("map-like, many small cycles", as_arrays(100_000, map_like(100_000))),
        ("at random, one large cycle", arrays_of(many_routes(100_000))),
    ):
        yield from _cyclic(name, arrays, np.where(np.isnan(arrays.credence), 0.5, arrays.credence))
    yield from _edits()
    yield from _peers()


def _against_compiled(name: str, arrays: Arrays, most: float | None) -> Iterator[Figure]:
    network = build(arrays, arrays.credence)
    seconds = best(lambda: solve(network, "quadratic-energy"), 7)
    limit = best(_compiled(network), 7) if find_spec("numba") is not None else None
    what = "to a compiled kernel" if limit else "numba is not installed, so without its limit"
    yield Figure(
        f"strength, {name}, 1,000,000 edges, {what}", seconds * 1e3, "ms", seconds / limit if limit else None,
        f"< {most:g}" if most else "", not (limit and most) or seconds < most * limit,
    )  # fmt: skip
    for semantics in ("df-quad", "euler", "mlp"):
        yield Figure(f"  {semantics}", best(lambda s=semantics: solve(network, s), 3) * 1e3, "ms")  # type: ignore[misc]
    yield Figure("  and its network from arrays", best(lambda: build(arrays, arrays.credence), 3), "s")


def _cyclic(name: str, arrays: Arrays, base: Floats) -> Iterator[Figure]:
    for semantics in ("quadratic-energy", "df-quad", "euler", "mlp"):
        seconds = best(lambda s=semantics: solve(build(arrays, base), s))  # type: ignore[misc]
        goal = "< 0.15 s" if semantics == "quadratic-energy" else ""
        name_ = f"{semantics}, 100,000 arguments, {name}, with its network"
        yield Figure(name_, seconds, "s", None, goal, not goal or seconds < 0.15)


def _compiled(network: Network) -> Callable[[], None]:
    """Quadratic energy over the same arrays and nothing else: one pass, and on cycles sweeps to 1e-9."""
    from numba import njit  # noqa: PLC0415 - optional

    @njit
    def run(starts, sources, signed, base, bounds, s):  # type: ignore[no-untyped-def]
        for c in range(len(bounds) - 1):
            for v in range(bounds[c], bounds[c + 1]):
                s[v] = base[v]
            for _ in range(1000):
                change = 0.0
                for v in range(bounds[c], bounds[c + 1]):
                    g = 0.0
                    for k in range(starts[v], starts[v + 1]):
                        g += signed[k] * s[sources[k]]
                    h = g * g / (1.0 + g * g)
                    w = base[v]
                    new = w + (1.0 - w) * h if g > 0.0 else w - w * h
                    change = max(change, abs(new - s[v]))
                    s[v] = new
                if bounds[c + 1] - bounds[c] == 1 or change < 1e-9:
                    break

    cells, layers = network.cells, network.layers
    inside = np.zeros(len(network) + 1, dtype=np.bool_)
    for first, last in zip(layers.first.tolist(), layers.last.tolist(), strict=True):
        inside[first + 1 : last] = True
    bounds, s = np.flatnonzero(~inside), np.zeros(len(network))

    def once() -> None:
        run(cells.starts, cells.sources, cells.signed, cells.base, bounds, s)

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
            begin = process_time()
            incremental_strengths(edited)
            times.append(process_time() - begin)
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
