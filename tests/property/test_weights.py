"""Weights after edits of what is graded: patched equal afresh, and so do the verdicts and strengths that follow."""

from __future__ import annotations

import random
from typing import Any, get_args

import pytest

from graph.evaluation.labelling.incremental import verdicts
from graph.evaluation.labelling.labelling import causes, labels
from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.strength.solver import strengths
from graph.evaluation.weights import weight_of, weights_of
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode
from schemas.vocabulary import ActorKind, Confidence, Modality, Origin, Reliability, SourceStatus
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.unit.evaluation.maps import HEADER

Nodes = dict[str, AnyNode]
ACTORS, SOURCES, POINTS = (tuple(f"{letter}{n}" for n in range(4)) for letter in "ksp")


def some(pick: random.Random, ids: tuple[str, ...], without: str = "") -> tuple[str, ...]:
    return tuple(i for i in ids if i != without and pick.random() < 0.25)


def one_of(pick: random.Random, words: Any) -> Any:
    return pick.choice(get_args(words))


def made(pick: random.Random, node_id: str, now: Nodes) -> AnyNode:
    """A node of the kind that its id says, graded anew in every respect."""
    maybe = pick.choice((True, False))
    match node_id[0]:
        case "k":
            return actor(
                node_id, actor_kind=one_of(pick, ActorKind), affiliations=some(pick, ACTORS, node_id),
                same_as=some(pick, ACTORS, node_id) if pick.random() < 0.3 else (),
            )  # fmt: skip
        case "s":
            return source(
                node_id, publisher=pick.choice(ACTORS) if maybe else None, author=some(pick, ACTORS),
                repeats=some(pick, SOURCES, node_id), cited_in=some(pick, SOURCES, node_id),
                reliability=one_of(pick, Reliability) if maybe else None,
                status=one_of(pick, SourceStatus) if pick.random() < 0.4 else "current",
            )  # fmt: skip
        case "p":
            origin = {} if maybe else {"origin": one_of(pick, Origin)}
            return statement(node_id, credence=pick.choice((None, None, None, pick.random())), **origin)
        case "a":
            premises = tuple(pick.sample(POINTS, pick.choice((1, 1, 2))))
            steps = tuple(i for i in now if i[0] == "a" and i < node_id)
            target = pick.choice((*POINTS, *steps))
            stance = "opposing" if target in premises else pick.choice(("supporting", "opposing"))
            confidence = one_of(pick, Confidence)
            return argument(node_id, premises, target, stance, confidence=confidence, credence=pick.choice((None, 0.5)))
        case _:
            return assertion(
                node_id, pick.choice(POINTS), source=pick.choice(SOURCES),
                cited_source=pick.choice(SOURCES) if pick.random() < 0.3 else None, chain=some(pick, ACTORS),
                alternative_chain=some(pick, ACTORS) if pick.random() < 0.2 else (), modality=one_of(pick, Modality),
                probable_origin=some(pick, ACTORS) if pick.random() < 0.2 else (),
                credibility=pick.choice((None, 1, 3, 5, 6)),
            )  # fmt: skip


def whole(pick: random.Random) -> Nodes:
    now: Nodes = {}
    for node_id in (*ACTORS, *SOURCES, *POINTS, *(f"a{n}" for n in range(6)), *(f"x{n}" for n in range(8))):
        now[node_id] = made(pick, node_id, now)
    return now


def edited(pick: random.Random, now: Nodes) -> list[tuple[str, AnyNode | None]]:
    node_id = pick.choice(sorted(now))
    held = {n.target for n in now.values() if n.kind == "argument"}
    if pick.random() < 0.3 and (node_id[0] == "x" or (node_id[0] == "a" and node_id not in held)):
        return [(node_id, None)]
    fresh = f"x{pick.randrange(10, 99)}" if pick.random() < 0.2 else node_id
    return [(fresh, made(pick, fresh, now))]


def by_id(graph: ArgumentGraph) -> dict[str, Any]:
    found, weights, strong = labels(graph), weights_of(graph), strengths(graph)
    ids = [graph.id(n) for n in found.arrays.numbers.tolist()]
    why = causes(found, found.labels)
    rows = zip(weights.base.tolist(), found.labels.tolist(), why, strong.all().tolist(), strict=True)
    return dict(zip(ids, rows, strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_what_edits_change_equals_what_is_computed_afresh(seed: int) -> None:
    pick = random.Random(seed)
    now = whole(pick)
    graph = ArgumentGraph.of(HEADER, now.values())
    verdicts(graph), incremental_strengths(graph)
    for _ in range(10):
        edits = edited(pick, now)
        graph = graph.derive(HEADER, edits)
        for node_id, node in edits:
            now.pop(node_id, None)
            if node is not None:
                now[node_id] = node
        fresh = by_id(ArgumentGraph.of(HEADER, now.values()))
        told, strong = verdicts(graph), incremental_strengths(graph)
        numbers = {i: graph.number(i) for i in fresh}
        assert {
            i: (weight_of(graph, n)[1], told.of(n), told.cause(graph, n), strong.of(n)) for i, n in numbers.items()
        } == fresh
        patched = ArgumentGraph.of(HEADER, []).derive(HEADER, [(n.id, n) for n in now.values()])
        assert by_id(patched) == fresh


def test_small_edits_are_carried_and_not_worked_out_anew() -> None:
    carried = 0
    for seed in range(20):
        pick = random.Random(seed)
        now = whole(pick)
        graph = ArgumentGraph.of(HEADER, now.values())
        first = verdicts(graph)
        after = graph.derive(HEADER, edited(pick, now))
        carried += verdicts(after).whole is first.whole
    assert carried == 20
