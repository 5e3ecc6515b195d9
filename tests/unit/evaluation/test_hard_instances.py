"""Frameworks on which no solver ends: every question about them stops when its budget does, and says so."""

from __future__ import annotations

import pytest

from bench.frameworks import Pairs, as_graph, clusters, preferential, random_attacks, rewired
from graph.budgets import Timeout
from graph.evaluation.evaluation import evaluate
from graph.evaluation.labelling.acceptance import acceptance
from graph.evaluation.labelling.oracle import Oracle
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation_query import AcceptanceQuery, EvaluationQuery
from tests.support.pace import spending

SEVERAL = ("complete", "preferred", "stable", "semi-stable", "ideal")
SECONDS = 0.3
SPARE = 0.5
"""Of the processor, since a machine that is busy with other tests stretches what comes behind a budget."""
HARD: dict[str, tuple[int, Pairs]] = {
    "ring with chords": (400, rewired(400, 32, 0.5)),
    "dense": (300, random_attacks(300, 30)),
    "many extensions": (400, preferential(400, 3)),
    "clusters": (400, clusters(400, 40)),
}


@pytest.fixture(scope="module", params=sorted(HARD))
def hard(request: pytest.FixtureRequest) -> ArgumentGraph:
    size, pairs = HARD[request.param]
    graph = as_graph(size, pairs)
    evaluate(graph, EvaluationQuery(semantics="grounded"))
    return graph


@pytest.mark.parametrize("semantics", SEVERAL)
def test_an_evaluation_ends_with_its_budget(hard: ArgumentGraph, semantics: str) -> None:
    with spending() as spent:
        answer = evaluate(hard, EvaluationQuery(semantics=semantics, extensions=10_000), Timeout(SECONDS))  # type: ignore[arg-type]
        assert spent.within(SECONDS + SPARE)
    assert answer.complete == (answer.reason in (None, "no_extension"))


@pytest.mark.parametrize("semantics", SEVERAL)
@pytest.mark.parametrize("mode", ["credulous", "sceptical"])
def test_acceptance_ends_with_its_budget(hard: ArgumentGraph, semantics: str, mode: str) -> None:
    query = AcceptanceQuery(id=hard.columns.ids[-1], semantics=semantics, mode=mode)  # type: ignore[arg-type]
    with spending() as spent:
        answer = acceptance(hard, query, Timeout(SECONDS))
        assert spent.within(SECONDS + SPARE)
    assert (answer.accepted is None) == (answer.reason == "budget") == (not answer.complete)


def test_cancelling_stops_a_search() -> None:
    size, pairs = HARD["ring with chords"]
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 20

    with spending() as spent:
        answer = evaluate(as_graph(size, pairs), EvaluationQuery(semantics="stable"), Timeout(60.0, cancelled))
        assert spent.within(10.0)
    assert (answer.complete, answer.reason) == (False, "budget")


def test_what_one_configuration_finds_hard_the_other_takes_over() -> None:
    holes = 8
    place = {(p, h): p * holes + h + 1 for p in range(holes + 1) for h in range(holes)}
    clauses = [[place[p, h] for h in range(holes)] for p in range(holes + 1)]
    clauses += [[-place[p, h], -place[q, h]] for h in range(holes) for p in range(holes + 1) for q in range(p)]
    with Oracle(clauses, len(place), Timeout(60.0)) as oracle:
        assert oracle.model() is None
        assert len(oracle._solvers) == 2, "more conflicts than one turn has"
    assert oracle._solvers == []
