"""Paths: the five shortest ones on maps of 100,000 arguments, against networkx on the same pairs in the same run."""

import gc
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from time import process_time
from typing import NamedTuple

import networkx as nx

from bench.figure import Figure, Times, timed
from bench.maps import many_routes, tree_like
from graph.paths.paths import paths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import STATEMENT
from schemas.node import Argument, Statement
from schemas.query import PathsQuery

SIZE = 100_000
PAIRS = 60
FEW = 5


class Pair(NamedTuple):
    """A start and an end by number, some arguments apart."""

    start: int
    end: int


def figures() -> Iterator[Figure]:
    """Both maps: for ends never asked for, for ends asked before, and after an edit."""
    yield from _of("tree-like", tree_like(SIZE), new=1, again=1)
    yield from _of("many routes", many_routes(SIZE), new=3, again=10)


def oracle(graph: ArgumentGraph) -> "nx.DiGraph[int]":
    """The map for networkx: premise to argument, argument to target."""
    found: nx.DiGraph[int] = nx.DiGraph()
    for argument in graph.numbers("argument"):
        found.add_edges_from((premise, argument) for premise in graph.premises(argument))
        found.add_edge(argument, graph.target(argument))
    return found


def pairs(graph: ArgumentGraph, digraph: "nx.DiGraph[int]", count: int, seed: int = 3) -> list[Pair]:
    """Pairs of statements 3 to 6 arguments apart, two starts for each end."""
    random = Random(seed)
    reverse = digraph.reverse(copy=False)
    statements = [number for number in graph.numbers("statement") if number in digraph]
    found: list[Pair] = []
    while len(found) < 2 * count:
        end = random.choice(statements)
        behind = nx.single_source_shortest_path_length(reverse, end, cutoff=12)
        starts = sorted(n for n, hops in behind.items() if 6 <= hops <= 12 and graph.kind(n) == STATEMENT)
        if len(starts) > 1:
            found += [Pair(start, end) for start in random.sample(starts, 2)]
    return found


def question(graph: ArgumentGraph, pair: Pair) -> PathsQuery:
    """The five shortest paths between a pair."""
    ends = {"from": (graph.id(pair.start),), "to": (graph.id(pair.end),)}
    return PathsQuery.model_validate({**ends, "limit": FEW})


def _of(name: str, graph: ArgumentGraph, new: float, again: float) -> Iterator[Figure]:
    digraph = oracle(graph)
    asked = pairs(graph, digraph, PAIRS)
    _agree(graph, digraph, asked[:10])
    gc.collect()
    gc.freeze()  # neither side shall pay for the other's million objects
    try:
        for told, some, goal in (("new end", asked[::2], new), ("end asked before", asked[1::2], again)):
            peer = timed(lambda pair: _by_networkx(digraph, pair), some, process_time)
            ours = timed(lambda query: paths(graph, query), [question(graph, pair) for pair in some], process_time)
            yield _figure(f"5 shortest paths, {name}, {told}", ours, peer, goal)
            yield Figure(f"  the longest of {len(some)}", ours.worst * 1e3, "ms", peer.worst / ours.worst)
        yield from _after_an_edit(name, graph, asked[::2])
    finally:
        gc.unfreeze()


def _figure(name: str, ours: Times, peer: Times, goal: float) -> Figure:
    ratio = peer.median / ours.median
    return Figure(name, ours.median * 1e3, "ms", ratio, f">= {goal:g}", ratio >= goal)


def _after_an_edit(name: str, graph: ArgumentGraph, asked: Sequence[Pair]) -> Iterator[Figure]:
    """Each question on a snapshot of its own, just derived by an argument more that bears on the question's end."""

    def ask(edited: tuple[ArgumentGraph, PathsQuery]) -> object:
        return paths(*edited)

    edited = [(_edited(graph, pair), question(graph, pair)) for pair in asked]
    times = timed(ask, edited, process_time)
    yield Figure(
        f"5 shortest paths, {name}, after one edit", times.median * 1e3, "ms", None, "< 1 ms", times.median < 1e-3
    )


def _edited(graph: ArgumentGraph, pair: Pair) -> ArgumentGraph:
    said = Statement(id="said-since", text="One thing more")
    step = Argument(id="found-since", premises=(said.id,), target=graph.id(pair.end), stance="supporting")
    return graph.derive(graph.header, [(said.id, said), (step.id, step)])


def _by_networkx(digraph: "nx.DiGraph[int]", pair: Pair) -> list[list[int]]:
    return list(islice(nx.shortest_simple_paths(digraph, *pair), FEW))


def _agree(graph: ArgumentGraph, digraph: "nx.DiGraph[int]", some: Sequence[Pair]) -> None:
    """Fail where the two do not find paths of the same lengths: then there is nothing to compare."""
    for pair in some:
        theirs = sorted(len(path) for path in _by_networkx(digraph, pair))
        ours = sorted(len(item.nodes) for item in paths(graph, question(graph, pair)).items)
        if theirs != ours:
            raise AssertionError(f"networkx finds paths of {theirs} nodes for {pair}, we find {ours}")
