"""Influence and what-if against what they mean: taking things out, editing, and looking again."""

from __future__ import annotations

import random
from functools import partial

import pytest

from graph.evaluation.explanation import influence as explained
from graph.evaluation.explanation.influence import influence
from graph.evaluation.explanation.what_if import what_if
from graph.evaluation.labelling.labelling import labels
from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.strength.solver import strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import narrow
from schemas.evaluation_query import Gradual, InfluenceQuery
from schemas.node import AnyNode, Argument
from schemas.query import ViewQuery
from tests.property.test_strength import edited, random_nodes
from tests.unit.evaluation.maps import HEADER, argument, nodes, statement


def label_of(g: ArgumentGraph, node_id: str) -> int:
    labelled = labels(g)
    return int(labelled.labels[labelled.arrays.compact(g.size)[g.number(node_id)]])


def without(g: ArgumentGraph, gone: tuple[str, ...]) -> ArgumentGraph:
    return narrow(g, ViewQuery(without=gone)) if gone else g


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


def wide(seed: int, *, cyclic: bool) -> ArgumentGraph:
    """A thesis with many grounds and objections, one of them of many premises, some of a premise that others have too;
    what it is used for; and where cyclic, a rival that attacks it and is attacked.
    """
    pick = random.Random(seed)
    weigh = partial(pick.choice, (0.0, 1.0, 0.5, 0.5, pick.random(), pick.random()))
    said = [f"s{n:03}" for n in range(45)]
    found: list[AnyNode] = [statement(name, credence=weigh()) for name in ("t", "r", "u", "v", *said)]
    found += [argument(f"a-{name}", (name,), "t", pick.choice("+-"), weigh()) for name in said[:30]]
    found += [argument(f"b-{name}", (pick.choice(said[:10]),), name, pick.choice("+-"), weigh()) for name in said[10:]]
    found += [argument(f"c-{n}", (said[0], said[1 + n]), "t", pick.choice("+-"), 0.5) for n in range(5)]
    found += [argument("big", said[10:], "t", "+", 1.0), argument("d", (said[2],), "a-s000", "-", 0.5)]
    found += [argument("up", ("t",), "u", "+"), argument("on", ("u",), "v", "-")]
    if cyclic:
        found += [argument("m1", ("t",), "r", "-", 0.75), argument("m2", ("r",), "t", "-", 0.75)]
        found += [argument("m3", ("r",), "m1", "-", 0.5)]
    return ArgumentGraph.of(HEADER, found)


@pytest.mark.parametrize("semantics", ["quadratic-energy", "df-quad", "euler", "mlp"])
@pytest.mark.parametrize("cyclic", [False, True])
@pytest.mark.parametrize("widely", [False, True])
def test_influence_by_removal_is_exact_where_many_nodes_bear_on_one(
    semantics: Gradual, cyclic: bool, widely: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = [wide(1, cyclic=cyclic)]
    if widely:  # every cell is taken for one with many inputs
        monkeypatch.setattr(explained, "_WIDE", 0)
        some = (random_nodes(random.Random(seed), 8, 14, cyclic=cyclic) for seed in range(6))
        maps += [ArgumentGraph.of(HEADER, one.values()) for one in some]
    compared = 0
    for g in maps:
        found = strengths(g, semantics)
        if not found.converged:
            continue
        target = "v" if "v" in g else "s000"
        at = found.of(g.number(target)) or 0.0
        for item in influence(g, InfluenceQuery(target=target, semantics=semantics, limit=1000)).items:
            view = without(g, (item.id,))
            there = strengths(view, semantics)
            if there.converged:
                lost = at - (there.of(view.number(target)) or 0.0)
                assert item.value == pytest.approx(lost, abs=1e-9), item
                compared += 1
    assert compared > 100


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
