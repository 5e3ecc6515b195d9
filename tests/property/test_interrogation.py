"""Why, influence, cruxes and what-if against what they mean: taking things out and looking again."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from graph.evaluation.explanation.cruxes import cruxes
from graph.evaluation.explanation.influence import influence
from graph.evaluation.explanation.what_if import what_if
from graph.evaluation.explanation.why import why
from graph.evaluation.labelling.labelling import VERDICTS, labels
from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.strength.strength import strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import narrow
from schemas.argument import Argument
from schemas.evaluation_query import CruxesQuery, InfluenceQuery, WhyQuery
from schemas.query import ViewQuery
from tests.property.test_strength import edited, random_nodes
from tests.unit.evaluation.maps import HEADER, nodes
from tests.unit.evaluation.test_labelling_by_brute_force import random_map


def label_of(g: ArgumentGraph, node_id: str) -> int:
    labelled = labels(g)
    return int(labelled.labels[labelled.arrays.compact(g.size)[g.number(node_id)]])


def without(g: ArgumentGraph, gone: tuple[str, ...]) -> ArgumentGraph:
    return narrow(g, ViewQuery(without=gone)) if gone else g


@pytest.mark.parametrize("seed", range(40))
def test_the_flip_is_the_smallest_removal_that_changes_the_verdict(seed: int) -> None:
    g = random_map(seed)
    ids = [n.id for n in g.nodes()]
    for node_id in ids:
        answer = why(g, WhyQuery(id=node_id))
        assert answer.complete
        others = [n for n in ids if n != node_id]
        size = len(answer.flip.remove) if answer.flip else 3
        for smaller in range(1, min(size, 3)):
            for gone in combinations(others, smaller):
                view = without(g, gone)
                assert node_id not in view or VERDICTS[label_of(view, node_id)] == answer.verdict, (node_id, gone)
        if answer.flip:
            view = without(g, answer.flip.remove)
            if node_id in view:
                assert VERDICTS[label_of(view, node_id)] == answer.flip.to != answer.verdict


@pytest.mark.parametrize("seed", range(40))
def test_the_deciding_set_decides_whatever_becomes_of_the_others(seed: int) -> None:
    g = random_map(seed)
    pick = random.Random(seed)
    steps = {n.id for n in g.nodes("argument")}
    for node in g.nodes():
        answer = why(g, WhyQuery(id=node.id))
        if answer.verdict == "undecided":
            continue
        free = sorted(steps - set(answer.deciding) - {node.id})
        held = {p for a in answer.deciding for p in g.node(a).premises}  # type: ignore[union-attr]
        assert held <= {n.id for n in g.nodes()}
        for _ in range(10):
            gone = tuple(a for a in free if pick.random() < 0.5)
            view = without(g, gone)
            if node.id in view and set(answer.deciding) <= {n.id for n in view.nodes()}:
                assert VERDICTS[label_of(view, node.id)] == answer.verdict


@pytest.mark.parametrize("seed", range(40))
def test_a_cut_takes_the_ground_away_and_nothing_smaller_does(seed: int) -> None:
    g = random_map(seed)
    names = [n.id for n in g.nodes("statement")]
    for target in names:
        if g.node(target).origin != "constructed":  # type: ignore[union-attr]
            continue
        answer = cruxes(g, CruxesQuery(target=target, over="statements"))
        assert answer.complete
        others = [n for n in names if n != target]
        working = [
            gone
            for size in range(len(others) + 1)
            for gone in combinations(others, size)
            if not supported(without(g, gone), target)
        ]
        least = min((len(w) for w in working), default=0)
        expected = {w for w in working if len(w) == least} if supported(g, target) else set()
        assert {c.members for c in answer.cuts} == expected
        for item in others:
            view = without(g, (item,))
            flipped = VERDICTS[label_of(view, target)] != answer.verdict
            assert flipped == any(s.id == item for s in answer.single)


def supported(g: ArgumentGraph, target: str) -> bool:
    return any(g.sign(a) > 0 and label_of(g, g.id(a)) > 0 for a in g.incoming(g.number(target)))


@pytest.mark.parametrize("semantics", ["quadratic-energy", "df-quad", "euler", "mlp"])
@pytest.mark.parametrize("cyclic", [False, True])
def test_influence_is_what_removal_and_a_small_change_show(semantics: str, cyclic: bool) -> None:
    for seed in range(6):
        now = random_nodes(random.Random(seed), 10, 14, cyclic=cyclic)
        g = ArgumentGraph.of(HEADER, now.values())
        found = strengths(g, semantics)  # type: ignore[arg-type]
        if not found.converged or not found.unique:
            continue
        for target in ("s000", "s003"):
            at = found.of(g.number(target)) or 0.0
            query = InfluenceQuery(target=target, semantics=semantics, limit=1000)  # type: ignore[arg-type]
            items = influence(g, query).items
            assert [abs(i.value) for i in items] == sorted((abs(i.value) for i in items), reverse=True)
            for item in items:
                view = without(g, (item.id,))
                there = strengths(view, semantics).of(view.number(target))  # type: ignore[arg-type]
                assert item.value == pytest.approx(at - (there or 0.0), abs=1e-9)
            slopes = influence(g, query.model_copy(update={"method": "gradient"})).items
            for item in slopes:
                node = g.node(item.id)
                sides = []
                for step in (1e-6, -1e-6):  # one that leaves [0, 1] a little does no harm
                    moved = node.model_copy(update={"credence": node.credence + step})  # type: ignore[union-attr]
                    other = ArgumentGraph.of(HEADER, [*(n for n in now.values() if n.id != node.id), moved])
                    sides.append(strengths(other, semantics).of(other.number(target)) or 0.0)  # type: ignore[arg-type]
                assert item.value == pytest.approx((sides[0] - sides[1]) / 2e-6, abs=1e-5), (seed, target, item)


@pytest.mark.parametrize("cyclic", [False, True])
@pytest.mark.parametrize("seed", range(15))
def test_what_if_equals_write_then_read(seed: int, cyclic: bool) -> None:
    pick = random.Random(seed)
    now = random_nodes(pick, 10, 14, cyclic=cyclic)
    g = ArgumentGraph.of(HEADER, now.values())
    incremental_strengths(g)
    edits = edited(pick, now) + edited(pick, now)
    if len({e[0] for e in edits}) < len(edits) or any(
        isinstance(n, Argument) and n.target not in now for _, n in edits
    ):
        return
    gone = {i for i, n in edits if n is None}
    if any(isinstance(n, Argument) and n.target in gone for _, n in edits):
        return
    after = g.derive(HEADER, edits)
    for node_id, node in edits:
        now.pop(node_id, None)
        if node is not None:
            now[node_id] = node
    fresh = ArgumentGraph.of(HEADER, now.values())
    derived = what_if(g, after, ("evaluation", "motives"))
    written = what_if(g, fresh, ("evaluation", "motives"))
    assert derived == written


def test_nothing_changes_without_an_edit() -> None:
    g = ArgumentGraph.of(HEADER, nodes("ab", "t", [("x", ["a"], "t", "+"), ("y", ["b"], "t", "-")]))
    answer = what_if(g, g.derive(HEADER, []), ("evaluation",))
    assert answer.evaluation.changed == ()  # type: ignore[union-attr]
