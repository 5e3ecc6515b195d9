"""Strengths cost what they promise: in proportion to the map, and after an edit to what the edit reaches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import numpy as np

from bench.maps import tree_like
from graph.evaluation.explanation.influence import Part, gradient
from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.strength.network import build, layers, network_of
from graph.evaluation.strength.solver import solve, strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Csr, arrays_of
from tests.growth.work import CONSTANT, LINEAR, LOGARITHMIC, grows, promises


def chain(n: int) -> Csr:
    """Each node depends on the one before it."""
    starts = np.concatenate([[0], np.arange(n)]).astype(np.int32)
    return Csr(starts, np.arange(n - 1, dtype=np.int32))


def scattered(n: int) -> Csr:
    """Two links for each node, cycles among them."""
    random = np.random.default_rng(1)
    return Csr(np.arange(0, 2 * n + 1, 2, dtype=np.int32), random.integers(0, n, 2 * n).astype(np.int32))


def fresh(n: int) -> ArgumentGraph:
    graph = tree_like(n)
    arrays_of(graph)
    return graph


@promises("graph.evaluation.strength.network.layers")
def test_layers_are_linear_in_the_links() -> None:
    for graph in (chain, scattered):
        grows(lambda n, graph=graph: partial(layers, graph(n)), LINEAR, n=800)  # type: ignore[misc]


@promises(
    "graph.evaluation.strength.network.network_of",
    "graph.evaluation.strength.network.build",
    "graph.evaluation.strength.solver.solve",
    "graph.evaluation.strength.solver.strengths",
    "graph.evaluation.strength.solver.Strengths.all",
)
def test_strengths_are_linear_in_the_map() -> None:
    def every(graph: ArgumentGraph) -> object:
        return strengths(graph).all()

    grows(lambda n: partial(every, fresh(n)), LINEAR, n=800)
    grows(lambda n: partial(build, arrays_of(fresh(n)), np.full(2 * n + 1, 0.5)), LINEAR, n=800)
    grows(lambda n: partial(solve, network_of(fresh(n)), "df-quad"), LINEAR, n=800)


@promises("graph.evaluation.explanation.influence.gradient")
def test_a_gradient_is_linear_in_what_the_target_depends_on() -> None:
    def prepare(n: int) -> Callable[[], object]:
        found = strengths(fresh(n))
        part = Part(found, range(len(found.network.arrays)))
        return lambda: gradient(part, part.strength, len(part.compact) - 1)

    grows(prepare, LINEAR, n=800)


@promises("graph.evaluation.strength.incremental.incremental_strengths")
def test_an_edit_costs_what_it_reaches() -> None:
    def deep(n: int) -> Callable[[], object]:
        """One credence in a tree, which is as deep as the logarithm of its size."""
        graph = fresh(n)
        strengths(graph)
        pick = Random(1)
        chosen = [graph.node(f"s{pick.randrange(n):0{len(str(n))}}") for _ in range(40)]
        changed = [node.model_copy(update={"credence": 0.9}) for node in chosen]
        after = [graph.derive(graph.header, [(node.id, node)]) for node in changed]
        return lambda: [incremental_strengths(one) for one in after]

    def leaves(n: int) -> Callable[[], object]:
        """Edits of some leaves of a large map."""
        graph = fresh(800)
        strengths(graph)
        nodes = [node for node in graph.nodes("statement") if not graph.incoming(graph.number(node.id))][:n]
        changed = [(node.id, node.model_copy(update={"credence": 0.9})) for node in nodes]
        return partial(incremental_strengths, graph.derive(graph.header, changed))

    grows(deep, LOGARITHMIC, n=800, tolerance=1.6)
    grows(leaves, LINEAR, n=20)


@promises("graph.evaluation.strength.incremental.incremental_strengths")
def test_an_edit_that_changes_nothing_costs_the_same_in_any_map() -> None:
    def prepare(n: int) -> Callable[[], object]:
        graph = fresh(n)
        strengths(graph)
        node = graph.node(f"s{n // 2:0{len(str(n))}}")
        return partial(incremental_strengths, graph.derive(graph.header, [(node.id, node)]))

    grows(prepare, CONSTANT, n=800)
