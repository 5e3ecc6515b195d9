"""Strengths: carried over edits equals from scratch, compiled equals plain equals vectorised, what-if equals write."""

from __future__ import annotations

import random

import pytest

from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.strength.solver import strengths
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode
from tests.unit.evaluation.maps import HEADER, argument, statement


def random_nodes(pick: random.Random, statements: int, steps: int, *, cyclic: bool) -> dict[str, AnyNode]:
    names = [f"s{i:03}" for i in range(statements)]
    found: dict[str, AnyNode] = {n: statement(n, credence=pick.random()) for n in names}
    made: list[str] = []
    for i in range(steps):
        premises = pick.sample(names, pick.choice((1, 1, 1, 2)))
        target = pick.choice(made) if made and pick.random() < 0.2 else pick.choice(names)
        if not cyclic and not target.startswith("a"):
            below = [n for n in names if n < min(premises)]
            if not below:
                continue
            target = pick.choice(below)
        elif not cyclic:
            base = found[target]
            premises = [p for p in premises if p > max(base.premises)] or [names[-1]]  # type: ignore[union-attr]
            if names[-1] in base.premises:  # type: ignore[union-attr]
                continue
        node_id = f"a{i:03}"
        found[node_id] = argument(node_id, premises, target, pick.choice("+-"), pick.choice((1.0, pick.random())))
        made.append(node_id)
    return found


def edited(pick: random.Random, now: dict[str, AnyNode]) -> list[tuple[str, AnyNode | None]]:
    names = sorted(n for n in now if n.startswith("s"))
    steps = sorted(n for n in now if n.startswith("a"))
    match pick.randrange(4):
        case 0:
            node_id = pick.choice(names)
            return [(node_id, statement(node_id, credence=pick.random()))]
        case 1:
            fresh = f"a{900 + pick.randrange(99)}"
            leaf = f"s{900 + pick.randrange(99)}"
            target = pick.choice(names + steps)
            if fresh in now or leaf in now:
                return []
            return [(leaf, statement(leaf)), (fresh, argument(fresh, [leaf], target, pick.choice("+-")))]
        case 2 if steps:
            gone = {pick.choice(steps)}
            while more := {n for n in steps if now[n].target in gone} - gone:  # type: ignore[union-attr]
                gone |= more
            return [(n, None) for n in sorted(gone)]
        case _ if steps:
            node_id = pick.choice(steps)
            old = now[node_id]
            return [(node_id, old.model_copy(update={"credence": pick.random()}))]
    return []


def by_id(graph: ArgumentGraph) -> dict[str, float]:
    found = strengths(graph)
    ids = [graph.id(n) for n in found.network.arrays.numbers.tolist()]
    return dict(zip(ids, found.all().tolist(), strict=True))


@pytest.mark.parametrize("cyclic", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_carried_over_edits_equals_from_scratch_bit_by_bit(seed: int, cyclic: bool) -> None:
    pick = random.Random(seed)
    now = random_nodes(pick, 12, 16, cyclic=cyclic)
    graph = ArgumentGraph.of(HEADER, now.values())
    strengths(graph)
    for _ in range(8):
        edits = edited(pick, now)
        graph = graph.derive(HEADER, edits)
        for node_id, node in edits:
            now.pop(node_id, None)
            if node is not None:
                now[node_id] = node
        found = incremental_strengths(graph)
        fresh = by_id(ArgumentGraph.of(HEADER, now.values()))
        assert {n: found.of(graph.number(n)) for n in fresh} == fresh
        patched = ArgumentGraph.of(HEADER, [])
        patched = patched.derive(HEADER, [(n.id, n) for n in now.values()])
        assert by_id(patched) == fresh


def test_an_edit_that_closes_a_short_cycle_is_solved_whole() -> None:
    nodes = [statement("p"), statement("q"), argument("a", ["p"], "b", "+"), argument("b", ["q"], "q2", "-")]
    graph = ArgumentGraph.of(HEADER, [*nodes, statement("q2")])
    first = strengths(graph)
    after = graph.derive(HEADER, [("b", argument("b", ["q"], "p", "-"))])
    found = incremental_strengths(after)
    assert found.network is not first.network
    assert {n.id: found.of(after.number(n.id)) for n in after.nodes()} == by_id(ArgumentGraph.of(HEADER, after.nodes()))
