"""Every question of interrogation on a map of 100,000 arguments with many routes, in wall time against its budget."""

from collections.abc import Callable, Iterator
from random import Random
from time import perf_counter
from typing import Any

from bench.figure import Figure
from bench.maps import many_routes, tree_like
from graph.evaluation.evaluation import GRADUAL, evaluate
from graph.evaluation.explanation.cruxes import cruxes
from graph.evaluation.explanation.influence import influence
from graph.evaluation.explanation.what_if import what_if
from graph.evaluation.explanation.why import why
from graph.evaluation.labelling.acceptance import acceptance
from graph.evaluation.labelling.incremental import verdicts
from graph.evaluation.labelling.semantics import STREAMS
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation_query import AcceptanceQuery, CruxesQuery, EvaluationQuery, InfluenceQuery, WhyQuery

SIZE = 100_000
LARGE = 500_000
SEMANTICS = ("grounded", *STREAMS, *GRADUAL)
BUDGET, SHORT = 5.0, 2.0
SPARE = 1.2
"""An answer may come a fifth behind its budget."""
NODES = 3


def figures() -> Iterator[Figure]:
    """Each question at its slowest, and whether it was answered in full; then one edit of a larger map."""
    graph = many_routes(SIZE)
    pick = Random(1)
    names = pick.sample([i for i in graph.columns.ids if i.startswith("s")], NODES)
    for name, budget, asks in _questions(graph, names):
        slowest, whole = 0.0, 0
        for ask in asks:
            begin = perf_counter()
            answer = ask()
            slowest = max(slowest, perf_counter() - begin)
            whole += answer.complete or answer.reason == "limit"
        yield Figure(
            f"{name}, slowest of {len(asks)}, {whole} in full", slowest, "s", slowest / budget, f"< {budget:g} s",
            slowest < SPARE * budget,
        )  # fmt: skip
    yield from _edit()


Question = tuple[str, float, list[Callable[[], Any]]]


def _questions(graph: ArgumentGraph, names: list[str]) -> Iterator[Question]:
    asked: Any = [EvaluationQuery(semantics=s) for s in SEMANTICS]
    yield "evaluation", BUDGET, [lambda q=q: evaluate(graph, q) for q in asked]
    asked = [AcceptanceQuery(id=i, semantics=s) for i in names for s in STREAMS]
    yield "acceptance", BUDGET, [lambda q=q: acceptance(graph, q) for q in asked]
    yield "why", SHORT, [lambda i=i: why(graph, WhyQuery(id=i)) for i in names]
    for method in ("gradient", "removal"):
        asked = [InfluenceQuery(target=i, method=method) for i in names]  # type: ignore[arg-type]
        yield f"influence by {method}", BUDGET, [lambda q=q: influence(graph, q) for q in asked]
    for over in ("statements", "actors", "sources"):
        asked = [CruxesQuery(target=i, over=over) for i in names]  # type: ignore[arg-type]
        yield f"cruxes over {over}", BUDGET, [lambda q=q: cruxes(graph, q) for q in asked]
    yield "what-if", BUDGET, [lambda i=i: what_if(graph, _without(graph, i), ("evaluation", "motives")) for i in names]


def _without(graph: ArgumentGraph, name: str) -> ArgumentGraph:
    """The map without the first step that bears on a node, or where there is none with another credence."""
    steps = graph.incoming(graph.number(name))
    node = graph.node(name)
    edit = (graph.id(steps[0]), None) if steps else (name, node.model_copy(update={"credence": 0.9}))
    return graph.derive(graph.header, [edit])


def _edit() -> Iterator[Figure]:
    graph = tree_like(LARGE)
    verdicts(graph)
    pick = Random(1)
    ids = [i for i in graph.columns.ids if i.startswith("s")]
    what_if(graph, _without(graph, ids[-1]))
    times = []
    for _ in range(100):
        after = _without(graph, pick.choice(ids))
        begin = perf_counter()
        verdicts(after)
        times.append(perf_counter() - begin)
    times.sort()
    yield Figure(f"grounded carried over one edit of {LARGE:,} arguments", times[50] * 1e3, "ms", None, "< 1 ms",
                 times[50] < 1e-3)  # fmt: skip
    yield Figure("  99th of 100", times[98] * 1e3, "ms")
