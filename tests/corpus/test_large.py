"""The largest real graph of the fixtures, 24,186 signed links on large circles: every question ends with its budget."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from graph.evaluation.evaluation import evaluate
from graph.evaluation.explanation.cruxes import cruxes
from graph.evaluation.explanation.influence import influence
from graph.evaluation.explanation.what_if import what_if
from graph.evaluation.explanation.why import why
from graph.evaluation.labelling.acceptance import acceptance
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation_query import AcceptanceQuery, CruxesQuery, EvaluationQuery, InfluenceQuery, WhyQuery
from tests.corpus.shared import fixtures
from tests.support.pace import spending
from tests.unit.evaluation.maps import HEADER, argument, statement

pytestmark = pytest.mark.slow
SPARE = 1.0
"""Of the processor, since a machine that is busy with other tests stretches what comes behind a budget."""


@pytest.fixture(scope="module")
def large() -> ArgumentGraph:
    """Who trusts whom as a map: statements that support and oppose each other, a third of them conclusions."""
    text = (fixtures("signed-nds-vu") / "files" / "bitcoinalpha.csv").read_text(encoding="utf-8-sig")
    rows = [line.split(",")[:3] for line in text.split()]
    names = sorted({end for row in rows for end in row[:2]})
    pick = random.Random(1)
    found = [statement(f"s-{n}", origin="constructed" if pick.random() < 0.3 else "author") for n in names]
    steps = [
        argument(f"a-{i}", [f"s-{a}"], f"s-{b}", "-" if sign.startswith("-") else "+", 0.5)
        for i, (a, b, sign) in enumerate(rows)
        if a != b
    ]
    return ArgumentGraph.of(HEADER, [*found, *steps])


def in_time(ask: Callable[[], Any], seconds: float) -> Any:
    with spending() as spent:
        answer = ask()
        assert spent.within(seconds + SPARE)
    return answer


@pytest.mark.parametrize("semantics", ["grounded", "preferred", "stable", "semi-stable", "ideal", "df-quad", "mlp"])
def test_evaluation(large: ArgumentGraph, semantics: str) -> None:
    answer = in_time(lambda: evaluate(large, EvaluationQuery(semantics=semantics)), 5.0)  # type: ignore[arg-type]
    assert answer.complete == (answer.reason in (None, "no_extension"))
    assert len(answer.nodes) == large.size


@pytest.mark.parametrize("node", range(3))
def test_every_other_question(large: ArgumentGraph, node: int) -> None:
    ids = [n for n in large.columns.ids if n.startswith("s-")]
    chosen = max(ids, key=lambda i: len(large.incoming(large.number(i)))) if node == 0 else ids[node * 701]
    in_time(lambda: acceptance(large, AcceptanceQuery(id=chosen, mode="sceptical")), 5.0)
    in_time(lambda: why(large, WhyQuery(id=chosen)), 2.0)
    for method in ("removal", "gradient"):
        got = in_time(lambda m=method: influence(large, InfluenceQuery(target=chosen, method=m)), 5.0)  # type: ignore[misc]
        assert got.items
    for over in ("statements", "actors", "sources"):
        in_time(lambda o=over: cruxes(large, CruxesQuery(target=chosen, over=o)), 5.0)  # type: ignore[misc]
    step = large.id(large.incoming(large.number(chosen))[0])
    for edit in ((step, None), (chosen, large.node(chosen).model_copy(update={"credence": 0.9}))):
        after = large.derive(HEADER, [edit])
        assert in_time(lambda a=after: what_if(large, a, ("evaluation", "motives")), 5.0).evaluation.changed
