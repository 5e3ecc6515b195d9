"""The answers of interrogation: their shape, what they refuse, and what they say where they stop."""

from __future__ import annotations

import json

import msgspec
import numpy as np
import pytest

from graph.budgets import Timeout
from graph.errors import Refused
from graph.evaluation.evaluation import evaluate
from graph.evaluation.explanation.cruxes import cruxes
from graph.evaluation.explanation.influence import influence
from graph.evaluation.explanation.what_if import what_if
from graph.evaluation.explanation.why import why
from graph.evaluation.labelling.acceptance import acceptance
from graph.evaluation.strength.solver import strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import arrays_of
from schemas.evaluation_query import AcceptanceQuery, CruxesQuery, EvaluationQuery, InfluenceQuery, WhyQuery
from tests.unit.evaluation.maps import HEADER, argument, framework, graph, motive, statement


def small() -> ArgumentGraph:
    return ArgumentGraph.of(
        HEADER,
        [
            motive("food"),
            statement("p"),
            statement("q"),
            argument("a", ["p"], "food", "+"),
            argument("b", ["q"], "p", "-"),
        ],
    )


def test_a_labelling_says_verdict_cause_and_defaults() -> None:
    answer = json.loads(msgspec.json.encode(evaluate(small(), EvaluationQuery())))
    nodes = {n["id"]: (n["verdict"], n["cause"]) for n in answer["nodes"]}
    assert nodes == {
        "a": ("rejected", "premise"),
        "b": ("accepted", None),
        "food": ("rejected", "no_ground"),
        "p": ("rejected", "opposed"),
        "q": ("accepted", None),
    }
    assert answer["complete"]
    assert answer["reason"] is None
    assert answer["reading"] == "weighed"
    assert answer["defaults"]["weights"]["confidence"] == {"high": 0.9, "medium": 0.6, "low": 0.3}
    assert {n["id"]: (n["standing"], n["weight"]) for n in answer["nodes"]} == {
        "a": (None, 1.0),
        "b": (None, 1.0),
        "food": ("unsupported", None),
        "p": ("defeated", 0.5),
        "q": ("unchallenged", 0.5),
    }
    assert "extensions" not in answer
    assert "strength" not in answer["nodes"][0]


def test_a_strength_says_how_it_was_found() -> None:
    answer = json.loads(msgspec.json.encode(evaluate(small(), EvaluationQuery(semantics="quadratic-energy"))))
    assert (answer["converged"], answer["iterations"], answer["unique"], answer["oscillating"]) == (True, 1, True, [])
    assert {n["id"]: n["strength"] for n in answer["nodes"]}["p"] == 0.4
    assert "verdict" not in answer["nodes"][0]


def test_a_ring_that_never_settles_is_said_to_oscillate() -> None:
    groups = [[f"g{k}m{m}" for m in range(4)] for k in range(5)]
    nodes = [statement(n, credence=1.0 - 0.03 * k) for k, group in enumerate(groups) for n in group]
    edges = [(a, b) for k in range(5) for a in groups[k] for b in groups[(k + 1) % 5]]
    steps = [argument(f"r{i}", [a], b, "-") for i, (a, b) in enumerate(edges)]
    answer = evaluate(ArgumentGraph.of(HEADER, [*nodes, *steps]), EvaluationQuery(semantics="quadratic-energy"))
    assert (answer.converged, answer.unique) == (False, False)
    assert isinstance(answer.oscillating, tuple)
    assert len(answer.oscillating) == 20
    swinging = [n for n in answer.nodes if n.id in answer.oscillating]
    assert all(n.low < n.strength < n.high for n in swinging)  # type: ignore[operator]


def test_a_limit_gives_a_prefix_and_says_so() -> None:
    pairs = [(f"{x}{i}", f"{y}{i}") for i in range(5) for x, y in ("ab", "ba")]
    g = framework(sorted({a for a, _ in pairs}), pairs)
    whole = evaluate(g, EvaluationQuery(semantics="preferred"))
    assert whole.complete
    assert len(whole.extensions) == 32  # type: ignore[arg-type]
    for limit in (1, 7, 31):
        part = evaluate(g, EvaluationQuery(semantics="preferred", extensions=limit))
        assert (part.complete, part.reason) == (False, "limit")
        assert part.extensions == whole.extensions[:limit]  # type: ignore[index]
        assert part.nodes == whole.nodes
    assert evaluate(g, EvaluationQuery(semantics="preferred", extensions=32)).complete


def test_without_time_a_search_says_budget_and_pretends_nothing() -> None:
    pairs = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "a")]
    g = framework("abcd", pairs)
    answer = evaluate(g, EvaluationQuery(semantics="semi-stable"), Timeout(0.0))
    assert (answer.complete, answer.reason) == (False, "budget")
    got = acceptance(g, AcceptanceQuery(id="a", semantics="semi-stable"), Timeout(0.0))
    assert (got.accepted, got.complete, got.reason) == (None, False, "budget")


@pytest.mark.parametrize(("node_id", "code"), [("nobody", "unknown_id"), ("who", "wrong_kind")])
def test_what_cannot_be_evaluated_is_refused_with_its_place(node_id: str, code: str) -> None:
    from tests.unit.evaluation.maps import actor

    g = ArgumentGraph.of(HEADER, [actor(), statement("p")])
    asks = [
        ("/id", lambda: why(g, WhyQuery(id=node_id))),
        ("/id", lambda: acceptance(g, AcceptanceQuery(id=node_id))),
        ("/target", lambda: influence(g, InfluenceQuery(target=node_id))),
        ("/target", lambda: cruxes(g, CruxesQuery(target=node_id))),
    ]
    for place, ask in asks:
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.name == code
        assert [p.pointer for p in refused.value.problems] == [place]


def test_why_names_who_decides_and_what_would_flip() -> None:
    answer = why(small(), WhyQuery(id="p"))
    assert (answer.verdict, answer.cause, answer.deciding) == ("rejected", "opposed", ("b",))
    assert answer.flip is not None
    assert (answer.flip.remove, answer.flip.to) == (("b",), "accepted")
    assert why(small(), WhyQuery(id="q")).flip is None


def test_a_flip_leaves_what_an_argument_is_aimed_at() -> None:
    g = graph(["s"], ["c"], [("step", ["s"], "c", "+"), ("undercut", ["c"], "step", "-")])
    answer = why(g, WhyQuery(id="step"))
    assert (answer.verdict, answer.complete) == ("undecided", True)
    assert answer.flip is not None
    assert (answer.flip.remove, answer.flip.to) == (("undercut",), "accepted"), "without c there is no step"
    aimed = why(g, WhyQuery(id="undercut")).flip
    assert aimed is not None
    assert (aimed.remove, aimed.to) == (("c",), "rejected"), "its own premise, not the step that it attacks"


def test_what_if_ranks_the_motives_and_says_what_it_means() -> None:
    before = small()
    after = before.derive(HEADER, [("b", None)])
    answer = what_if(before, after, ("evaluation", "motives"))
    assert answer.paths is msgspec.UNSET
    assert (answer.semantics, answer.defaults.weights["author"]) == ("grounded, quadratic-energy", 0.5)
    changed = {c.id: (c.before, c.after) for c in answer.evaluation.changed}  # type: ignore[union-attr]
    assert set(changed) == {"a", "b", "food", "p"}
    assert changed["b"][1] is None
    [food] = answer.motives  # type: ignore[misc]
    assert (food.id, food.rank_before, food.rank_after) == ("food", 1, 1)


def test_linked_premises_weigh_as_the_weakest() -> None:
    nodes = [statement("p", 0.2), statement("q", 0.8), statement("t"), argument("a", ["q", "p"], "t", "+", 0.5)]
    g = ArgumentGraph.of(HEADER, nodes)
    assert strengths(g).of(g.number("a")) == pytest.approx(0.1)


def test_patched_arrays_are_those_of_a_fresh_snapshot() -> None:
    g = graph("pq", "t", [("a", ["p"], "t", "+"), ("b", ["q"], "a", "-")])
    arrays_of(g)
    edits = [
        ("b", None),
        ("k", statement("k", 0.9)),
        ("aa", argument("aa", ["k", "p"], "a", "-")),
        ("q", statement("q", origin="constructed")),
    ]
    derived = g.derive(HEADER, edits)
    fresh = ArgumentGraph.of(HEADER, [derived.at(n) for n in derived.numbers()])
    one, other = arrays_of(derived), arrays_of(fresh)
    assert [derived.id(int(n)) for n in one.numbers] == [fresh.id(int(n)) for n in other.numbers]
    for name in ("kinds", "target", "sign", "confidence", "credence", "origin", "constructed"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name == "credence")
    for name in ("premises", "outgoing", "incoming"):
        assert [part.tolist() for part in getattr(one, name)] == [part.tolist() for part in getattr(other, name)]
