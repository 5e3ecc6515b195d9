"""The shared frameworks with known answers: strengths, extensions, readings of support, known mistakes of others."""

from __future__ import annotations

from typing import Any

import pytest

from graph.budgets import Timeout
from graph.evaluation.evaluation import evaluate
from graph.evaluation.explanation.influence import influence
from graph.evaluation.labelling.acceptance import acceptance
from graph.evaluation.strength.solver import strengths
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation import EvaluationAnswer
from schemas.evaluation_query import AcceptanceQuery, EvaluationQuery, InfluenceQuery, Reading
from tests.corpus.shared import expected, fixtures, qbaf, read_framework
from tests.unit.evaluation.maps import framework

NAMES = {"GR": "grounded", "CO": "complete", "PR": "preferred", "ST": "stable", "SST": "semi-stable", "ID": "ideal"}
GRADUAL = {"dfquad": "df-quad", "qe": "quadratic-energy", "euler": "euler", "mlp": "mlp"}


def answer(graph: ArgumentGraph, semantics: str, reading: Reading = "grounds") -> EvaluationAnswer:
    query = EvaluationQuery(semantics=semantics, reading=reading, extensions=10_000)  # type: ignore[arg-type]
    return evaluate(graph, query, Timeout(60))


def found(graph: ArgumentGraph, semantics: str, reading: Reading = "grounds") -> set[tuple[str, ...]]:
    got = answer(graph, semantics, reading)
    assert got.complete
    if semantics == "grounded":
        accepted = (n.id for n in got.nodes if n.verdict == "accepted" and n.kind != "argument")
        return {tuple(sorted(accepted))}
    assert isinstance(got.extensions, tuple)
    return set(got.extensions)


def wanted(case: dict[str, Any], name: str) -> set[tuple[str, ...]]:
    return {tuple(sorted(e)) for e in case["expected"][name]}


def test_strengths_to_nine_digits() -> None:
    checked = 0
    for case in expected("semantics")["qbaf"]:
        graph = qbaf(case)
        for name, strength in case["expected"].items():
            if strength is None:
                continue
            got = strengths(graph, GRADUAL[name])  # type: ignore[arg-type]
            assert got.converged, (case["id"], name)
            for node, value in strength.items():
                assert got.of(graph.number(node)) == pytest.approx(value, abs=1e-9), (case["id"], name, node)
                checked += 1
    assert checked > 300


def test_frameworks_that_caught_other_libraries() -> None:
    for case in expected("semantics")["af_regression"]:
        graph = framework(case["args"], [tuple(a) for a in case["attacks"]])
        for name in case["expected"].keys() & NAMES.keys():
            assert found(graph, NAMES[name]) == wanted(case, name), (case["id"], name)


def test_without_a_stable_labelling_everything_is_sceptically_accepted() -> None:
    graph = framework("abc", [("a", "b"), ("b", "c"), ("c", "a")])
    for mode, accepted in (("sceptical", True), ("credulous", False)):
        got = acceptance(graph, AcceptanceQuery(id="a", semantics="stable", mode=mode))
        assert (got.accepted, got.complete, got.reason) == (accepted, True, "no_extension")


@pytest.mark.parametrize("reading", ["deductive", "necessary"])
def test_readings_of_support(reading: Reading) -> None:
    for case in expected("semantics")["baf"]:
        pairs = ([tuple(p) for p in case[key]] for key in ("attacks", "supports"))
        graph = framework(case["args"], *pairs)
        for name in case["expected"][reading].keys() & NAMES.keys():
            got = found(graph, NAMES[name], reading)
            assert got == wanted({"expected": case["expected"][reading]}, name), (case["id"], name)


def test_reference_results_of_iccma_2019() -> None:
    for case in expected("semantics")["af_extensions"]:
        graph = read_framework(fixtures("semantics") / case["file"])
        for name in case["expected"].keys() & NAMES.keys():
            assert found(graph, NAMES[name]) == wanted(case, name), (case["id"], name)


def test_small_files_of_iccma() -> None:
    for name, case in expected("iccma-af")["files"].items():
        graph = read_framework(fixtures("iccma-af") / "files" / name)
        peer = case["pygarg"]
        assert found(graph, "grounded") == {tuple(sorted(case["grounded_fixpoint"]))}
        for key in ("CO", "PR", "ST"):
            assert found(graph, NAMES[key]) == {tuple(sorted(e)) for e in peer[key]["extensions"]}, (name, key)


@pytest.mark.parametrize("method", ["removal", "gradient"])
def test_attributions_to_nine_digits(method: str) -> None:
    for case in expected("semantics")["attribution"]:
        source = next(c for c in expected("semantics")["qbaf"] if c["id"] == case["qbaf"])
        query = InfluenceQuery(target=case["topic"], method=method, semantics=GRADUAL[case["sem"]])  # type: ignore[arg-type]
        got = {i.id: i.value for i in influence(qbaf(source), query).items}
        for node, value in case[method].items():
            tolerance = 1e-9 if method == "removal" else 5e-6  # the given gradients are one-sided differences
            assert got.get(node, 0.0) == pytest.approx(value, abs=tolerance), (case["qbaf"], case["sem"], node)
