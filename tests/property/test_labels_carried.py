"""Grounded labels carried over edits equal those from scratch, with their causes, on trees and on circles."""

from __future__ import annotations

import random

import pytest

from graph.evaluation.labelling import incremental as carry_labels
from graph.evaluation.labelling.incremental import verdicts
from graph.evaluation.labelling.labelling import causes, labels, standings
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode, Argument, Statement
from tests.property.test_strength import edited, random_nodes
from tests.unit.evaluation.maps import HEADER


def start(pick: random.Random, *, cyclic: bool) -> dict[str, AnyNode]:
    """A random map in which half of the statements need a ground."""
    now = random_nodes(pick, 10, 18, cyclic=cyclic)
    for name, node in now.items():
        if isinstance(node, Statement) and pick.random() < 0.5:
            now[name] = node.model_copy(update={"origin": "constructed"})
    return now


def turned(pick: random.Random, now: dict[str, AnyNode]) -> list[tuple[str, AnyNode | None]]:
    """An edit that turns a step's stance or a statement's origin, or one of the others."""
    node = now[pick.choice(sorted(now))]
    if isinstance(node, Argument) and pick.random() < 0.4:
        stance = "opposing" if node.stance == "supporting" else "supporting"
        return [(node.id, node.model_copy(update={"stance": stance}))]
    if isinstance(node, Statement) and pick.random() < 0.4:
        origin = "author" if node.origin == "constructed" else "constructed"
        return [(node.id, node.model_copy(update={"origin": origin}))]
    return edited(pick, now)


def by_id(graph: ArgumentGraph) -> dict[str, tuple[int, str | None, str | None]]:
    found = labels(graph)
    ids = [graph.id(n) for n in found.arrays.numbers.tolist()]
    told = zip(found.labels.tolist(), causes(found, found.labels), standings(found, found.labels), strict=True)
    return dict(zip(ids, told, strict=True))


@pytest.mark.parametrize("cyclic", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_labels_carried_over_edits_equal_those_from_scratch(seed: int, cyclic: bool) -> None:
    pick = random.Random(seed)
    now = start(pick, cyclic=cyclic)
    graph = ArgumentGraph.of(HEADER, now.values())
    first = verdicts(graph)
    for _ in range(12):
        edits = turned(pick, now)
        graph = graph.derive(HEADER, edits)
        for node_id, node in edits:
            now.pop(node_id, None)
            if node is not None:
                now[node_id] = node
        found = verdicts(graph)
        assert found.whole is first.whole, "carried, not labelled anew"
        fresh = by_id(ArgumentGraph.of(HEADER, now.values()))
        numbers = {i: graph.number(i) for i in fresh}
        assert {i: (found.of(n), found.cause(graph, n), found.standing(graph, n)) for i, n in numbers.items()} == fresh
        assert all(found.of(n) is None for n in range(graph.size) if graph.id(n) not in fresh)


def test_an_edit_that_reaches_too_far_is_labelled_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    pick = random.Random(1)
    now = start(pick, cyclic=True)
    graph = ArgumentGraph.of(HEADER, now.values())
    first = verdicts(graph)
    monkeypatch.setattr(carry_labels, "AT_MOST", 0)
    node = next(n for n in now.values() if isinstance(n, Argument))
    stance = "opposing" if node.stance == "supporting" else "supporting"
    graph = graph.derive(HEADER, [(node.id, node.model_copy(update={"stance": stance}))])
    assert verdicts(graph).whole is not first.whole
