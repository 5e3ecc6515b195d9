"""Weighed verdicts and what explains them: against the reading without weights, after an edit, and where many agree."""

from collections.abc import Callable, Iterator
from random import Random
from statistics import median
from time import process_time

import numpy as np

from bench.figure import Figure
from bench.frameworks import as_arrays, random_attacks
from bench.labelling import best
from bench.maps import tree_like
from graph.evaluation.explanation.cruxes import cruxes
from graph.evaluation.explanation.influence import influence
from graph.evaluation.explanation.why import why
from graph.evaluation.labelling.gates import gates_of, least_labels, weighed_gates
from graph.evaluation.labelling.incremental import verdicts
from graph.evaluation.labelling.labelling import labels
from graph.evaluation.strength.solver import strengths
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation_query import CruxesQuery, InfluenceQuery, WhyQuery
from schemas.map import MapHeader
from schemas.node import AnyNode, Argument, Statement

SIZE = 1_000_000
EDITED = 100_000
INFLUENCING = 20_000
EDITS = 200
SOON = 0.05
_AT = "2026-01-01T00:00:00Z"
_HEADER = MapHeader(
    id="bench", title="Bench", revision=1, created_at=_AT, created_by="bench", updated_at=_AT, updated_by="bench"
)


def figures() -> Iterator[Figure]:
    """The labelling at scale, one edit, explanations, influence."""
    yield from _labelling()
    yield from _edits()
    yield from _explaining()
    yield from _influence()


def _labelling() -> Iterator[Figure]:
    # A million arguments between as many statements, some of them for and some against, of any weight.
    arrays = as_arrays(SIZE, random_attacks(SIZE, 1))
    weights = np.random.default_rng(1).choice([0.3, 0.5, 0.6, 0.7, 0.9], len(arrays))
    plain, weighed = gates_of(arrays), weighed_gates(arrays, weights)
    one, other = best(lambda: least_labels(plain)), best(lambda: least_labels(weighed))
    yield Figure(f"weighed grounded, {SIZE:,} arguments, to grounds", other, "s", other / one, "< 2", other < 2 * one)
    one, other = one + best(lambda: gates_of(arrays)), other + best(lambda: weighed_gates(arrays, weights))
    yield Figure("  with its gates from arrays, to grounds", other, "s", other / one, "< 2", other < 2 * one)


def _edits() -> Iterator[Figure]:
    graph, pick = tree_like(EDITED), Random(1)
    ids = [n for n in graph.columns.ids if n.startswith("s")]
    assert verdicts(graph).rank(0)
    times = []
    for _ in range(EDITS):
        node = graph.node(pick.choice(ids))
        edited = graph.derive(graph.header, [(node.id, node.model_copy(update={"credence": pick.random()}))])
        begin = process_time()
        verdicts(edited).of(edited.number(node.id))
        times.append(process_time() - begin)
    middle = median(times)
    yield Figure(
        f"one edit of {EDITED:,} arguments, then its verdict", middle * 1e3, "ms", None, "< 1 ms", middle < 1e-3
    )
    yield Figure("  99th of 100", sorted(times)[int(EDITS * 0.99)] * 1e3, "ms")


def _explaining() -> Iterator[Figure]:
    maps: dict[str, list[AnyNode]] = {f"{n} plain grounds": grounds(n) for n in (15, 50, 500)}
    maps |= {"a chain of 5,000": chain(5_000), "16 linked pairs": linked(16)}
    for name, nodes in maps.items():
        graph = ArgumentGraph.of(_HEADER, nodes)
        labels(graph), strengths(graph)
        asks: dict[str, Callable[[], bool]] = {
            "why": lambda g=graph: why(g, WhyQuery(id="t")).complete,  # type: ignore[misc]
            "cruxes": lambda g=graph: bool(cruxes(g, CruxesQuery(target="t")).cuts),  # type: ignore[misc]
        }
        for asked, ask in asks.items():
            whole, seconds = ask(), best(ask)
            yield Figure(f"{asked}, {name}", seconds * 1e3, "ms", None, "< 50 ms", whole and seconds < SOON)


def _influence() -> Iterator[Figure]:
    graph = ArgumentGraph.of(_HEADER, grounds(INFLUENCING // 2))
    strengths(graph)
    for method in ("gradient", "removal"):
        query = InfluenceQuery(target="t", method=method, limit=10_000)  # type: ignore[arg-type]
        begin = process_time()
        answer = influence(graph, query)
        seconds = process_time() - begin
        whole = answer.reason != "budget"
        told = "whole" if whole else "not whole"
        ok = whole and seconds < 1.0
        yield Figure(f"influence by {method}, {INFLUENCING:,} nodes, {told}", seconds, "s", None, "< 1 s", ok)


def grounds(count: int) -> list[AnyNode]:
    """So many statements, each of which supports `t` alone."""
    names = [f"p{n:05}" for n in range(count)]
    return [_constructed("t"), *(_said(p) for p in names), *(_step(f"a-{p}", (p,), "t") for p in names)]


def chain(count: int) -> list[AnyNode]:
    """So many arguments one behind the other, from the author's `p00000` to `t`."""
    names = [*(f"p{n:05}" for n in range(count)), "t"]
    steps = [_step(f"a{n:05}", (names[n],), names[n + 1]) for n in range(count)]
    return [_said(names[0]), *map(_constructed, names[1:]), *steps]


def linked(count: int) -> list[AnyNode]:
    """So many arguments of two premises each, all for `t`: as many smallest cuts as there are subsets."""
    pairs = [(f"x{n:02}", f"y{n:02}") for n in range(count)]
    said = [_said(p) for pair in pairs for p in pair]
    return [_constructed("t"), *said, *(_step(f"a{n:02}", pair, "t") for n, pair in enumerate(pairs))]


def _said(name: str) -> Statement:
    return Statement(id=name, text=name, origin="author")


def _constructed(name: str) -> Statement:
    return Statement(id=name, text=name, origin="constructed")


def _step(name: str, premises: tuple[str, ...], target: str) -> Argument:
    return Argument(id=name, premises=premises, target=target, stance="supporting")
