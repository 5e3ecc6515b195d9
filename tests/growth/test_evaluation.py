"""Weights, verdicts and what explains them cost what they promise: in proportion to the map, or to what is asked of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import get_args

import numpy as np

from bench.maps import tree_like
from graph.budgets import Allowance, StepBudget
from graph.evaluation.explanation.ancestors import Ancestors, dependencies, upstream
from graph.evaluation.explanation.influence import influence
from graph.evaluation.explanation.reasons import reasons_of
from graph.evaluation.explanation.why import weight_account
from graph.evaluation.labelling.core import core_of
from graph.evaluation.labelling.gates import abstract, gates_of, least_labels, weighed_gates
from graph.evaluation.labelling.incremental import verdicts
from graph.evaluation.labelling.labelling import Labelled, causes, labels, standings
from graph.evaluation.reweighed import reweighed, same_steps
from graph.evaluation.weights import originators_of, weight_of, weight_without, weights_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import arrays_of
from schemas.evaluation_query import InfluenceMethod, InfluenceQuery
from schemas.node import AnyNode
from tests.growth.work import CONSTANT, LINEAR, LINEARITHMIC, Question, grows, promises
from tests.support.nodes import actor, assertion, source, statement
from tests.unit.evaluation.maps import HEADER, argument


def fresh(n: int) -> ArgumentGraph:
    graph = tree_like(n)
    arrays_of(graph)
    return graph


def said(n: int, times: int = 3) -> ArgumentGraph:
    """Statements each of which several actors assert."""
    return ArgumentGraph.of(HEADER, _said(n, times))


def _said(n: int, times: int) -> Iterator[AnyNode]:
    for k in range(times):
        yield actor(f"k{k}")
        yield source(f"s{k}", publisher=f"k{k}")
    for i in range(n):
        yield statement(f"p{i:05}", origin="attributed")
        for k in range(times):
            yield assertion(f"x{i:05}-{k}", f"p{i:05}", source=f"s{k}", chain=(f"k{k}",), modality="reported")


def spoken(n: int) -> tuple[ArgumentGraph, int]:
    """One statement that so many actors assert."""
    graph = ArgumentGraph.of(HEADER, _said(1, n))
    originators_of(graph)
    return graph, graph.number("p00000")


@promises("graph.evaluation.weights.weights_of")
def test_weights_are_linear_in_the_map() -> None:
    grows(lambda n: partial(weights_of, fresh(n)), LINEAR, n=800)

    def prepare(n: int) -> Question:
        graph = said(n)
        arrays_of(graph)
        return partial(weights_of, graph)

    grows(prepare, LINEAR, n=50)


@promises(
    "graph.evaluation.weights.weight_of",
    "graph.evaluation.weights.weight_without",
    "graph.evaluation.explanation.why.weight_account",
    "graph.evaluation.weights.Originators.behind",
)
def test_one_weight_costs_what_the_statement_is_asserted() -> None:
    def asked(n: int, question: Callable[[ArgumentGraph, int], object]) -> Question:
        return partial(question, *spoken(n))

    for question in (weight_of, weight_account, partial(weight_without, gone=("k0",))):
        grows(lambda n, question=question: asked(n, question), LINEARITHMIC, n=30)  # type: ignore[misc]

    def elsewhere(n: int) -> Question:
        graph = said(n)
        originators_of(graph)
        return partial(weight_of, graph, graph.number("p00000"))

    grows(elsewhere, CONSTANT, n=50)


@promises("graph.evaluation.reweighed.reweighed")
def test_which_weights_an_edit_moves_costs_what_it_reaches() -> None:
    def prepare(n: int) -> Question:
        graph = said(n)
        node = graph.node("x00000-0").model_copy(update={"modality": "possible"})
        after = graph.derive(graph.header, [(node.id, node)])
        [origin, *_] = after.derived_from
        return partial(reweighed, after, origin)

    grows(prepare, CONSTANT, n=50)


@promises(
    "graph.evaluation.labelling.gates.weighed_gates",
    "graph.evaluation.labelling.gates.gates_of",
    "graph.evaluation.labelling.gates.least_labels",
    "graph.evaluation.labelling.labelling.labels",
    "graph.evaluation.labelling.labelling.causes",
    "graph.evaluation.labelling.labelling.standings",
    "graph.evaluation.labelling.gates.abstract",
    "graph.evaluation.labelling.core.core_of",
)
def test_labels_are_linear_in_the_map() -> None:
    def gates(n: int) -> Question:
        graph = fresh(n)
        return partial(weighed_gates, arrays_of(graph), weights_of(graph).own)

    grows(gates, LINEAR, n=800)
    grows(lambda n: partial(gates_of, arrays_of(fresh(n))), LINEAR, n=800)
    grows(lambda n: partial(least_labels, gates_of(arrays_of(fresh(n)))), LINEAR, n=800)
    grows(lambda n: partial(labels, fresh(n)), LINEAR, n=800)
    grows(lambda n: partial(abstract, arrays_of(fresh(n)), deductive=True), LINEAR, n=800)

    def labelled(n: int, question: Callable[[Labelled], object]) -> Question:
        return partial(question, labels(fresh(n)))

    for question in (
        lambda found: causes(found, found.labels),
        lambda found: standings(found, found.labels),
        lambda found: core_of(found.gates, found.every),
    ):
        grows(lambda n, question=question: labelled(n, question), LINEAR, n=800)  # type: ignore[misc]


@promises("graph.evaluation.labelling.core.Core.parts")
def test_what_is_undecided_falls_into_parts_in_linear_time() -> None:
    def prepare(n: int) -> Question:
        nodes: list[AnyNode] = []
        for i in range(n):
            nodes += [statement(f"p{i:04}", origin="author"), statement(f"q{i:04}", origin="author")]
            nodes += [
                argument(f"a{i:04}", [f"p{i:04}"], f"q{i:04}", "-"),
                argument(f"b{i:04}", [f"q{i:04}"], f"p{i:04}", "-"),
            ]
        core = labels(ArgumentGraph.of(HEADER, nodes)).core
        return core.parts

    grows(prepare, LINEAR, n=50)


@promises("graph.evaluation.labelling.incremental.verdicts", "graph.evaluation.reweighed.same_steps")
def test_labels_after_an_edit_cost_what_it_reaches() -> None:
    def prepare(n: int) -> Question:
        graph = fresh(n)
        assert verdicts(graph).rank(0)
        node = graph.node(f"s{n:0{len(str(n))}}")
        return partial(verdicts, graph.derive(graph.header, [(node.id, node.model_copy(update={"credence": 0.1}))]))

    grows(prepare, CONSTANT, n=800, tolerance=2.0)

    def same(n: int) -> Question:
        graph = many(n)
        found = labels(graph)
        number = graph.number("t")
        at = int(found.arrays.compact(graph.size)[number])
        return lambda: same_steps(found.arrays, at, graph, number)

    grows(same, LINEAR, n=200)


def many(n: int) -> ArgumentGraph:
    """One conclusion with so many grounds."""
    nodes: list[AnyNode] = [statement("t", origin="constructed")]
    nodes += [statement(f"p{i:05}", origin="author") for i in range(n)]
    return ArgumentGraph.of(HEADER, [*nodes, *(argument(f"a{i:05}", [f"p{i:05}"], "t", "+") for i in range(n))])


def ancestors(graph: ArgumentGraph) -> Ancestors:
    found = labels(graph)
    at = int(found.arrays.compact(graph.size)[graph.number("t")])
    return Ancestors(found.arrays, found.weights, at, Allowance(StepBudget(10**9)))


@promises(
    "graph.evaluation.explanation.ancestors.dependencies",
    "graph.evaluation.explanation.ancestors.upstream",
    "graph.evaluation.explanation.ancestors.Ancestors.labels",
    "graph.evaluation.explanation.reasons.reasons_of",
    "graph.evaluation.explanation.influence.influence",
)
def test_what_explains_is_linear_in_what_bears_on_a_node() -> None:
    def looking(n: int, question: Callable[..., object]) -> Question:
        graph = many(n)
        at = int(arrays_of(graph).compact(graph.size)[graph.number("t")])
        return partial(question, arrays_of(graph), at)

    for question in (upstream, dependencies):
        grows(lambda n, question=question: looking(n, question), LINEAR, n=400)  # type: ignore[misc]
    grows(lambda n: ancestors(many(n)).labels, LINEAR, n=400)

    def reasons(n: int) -> Question:
        found = ancestors(many(n))
        label, rank = found.standing
        inputs = found.inputs
        return partial(reasons_of, found.target, inputs, label, rank, lambda _: None)

    grows(reasons, LINEAR, n=400)

    def influences(n: int, query: InfluenceQuery) -> Question:
        graph = many(n)
        influence(graph, InfluenceQuery(target="p00000", method="gradient"))  # the strengths are there
        return partial(influence, graph, query)

    for method in get_args(InfluenceMethod):
        query = InfluenceQuery(target="t", method=method)
        grows(lambda n, query=query: influences(n, query), LINEARITHMIC, n=400)  # type: ignore[misc]


def test_the_maps_here_are_what_they_are_said_to_be() -> None:
    assert np.count_nonzero(labels(many(5)).labels > 0) == 11
    assert weight_of(*spoken(2))[0] == 0.75
