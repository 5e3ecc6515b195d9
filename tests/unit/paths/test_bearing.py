"""Grounds and consequences: every walk counts, and the two are each other's reverse."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from graph.errors import NotFound
from graph.paths.reachability import consequences, grounds
from schemas.argument import Argument
from schemas.bearing import BearingAnswer
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.unit.paths.maps import Nodes, map_of, points_of, step_maps

Reached = dict[tuple[str, str], tuple[int, frozenset[str]]]
"""By first and last node: distance and polarities."""


def told(answer: BearingAnswer) -> list[str]:
    sign = {"supporting": "+", "opposing": "-"}
    return [f"{i.id} {i.distance} {''.join(sign[p] for p in i.polarities)}" for i in answer.items]


def by_walks(nodes: Nodes) -> Reached:
    """Walks of every length up to where nothing new can come, one step after another."""
    arguments = [n for n in nodes.values() if isinstance(n, Argument)]
    found: dict[tuple[str, str], tuple[int, frozenset[str]]] = {}
    for start in points_of(nodes):
        here = {(start, 0)}
        for length in range(1, 2 * len(nodes) + 2):
            ahead, inside = set(), set()
            for at, parity in here:
                for a in arguments:
                    if at == a.id or at in a.premises:
                        ahead.add((a.target, parity ^ (a.stance == "opposing")))
                    if at in a.premises:
                        inside.add((a.id, parity))
            for end, parity in ahead | inside:
                distance, polarities = found.get((start, end), (length, frozenset()))
                found[start, end] = distance, polarities | {("supporting", "opposing")[parity]}
            here = ahead
    return found


@settings(deadline=None, max_examples=60)
@given(step_maps(points=5, steps=8))
def test_grounds_and_consequences_are_what_walks_reach(nodes: Nodes) -> None:
    graph, walks = graph_of(list(nodes.values())), by_walks(nodes)
    for node_id in points_of(nodes):
        back = {(i.id, node_id): (i.distance, frozenset(i.polarities)) for i in grounds(graph, node_id).items}
        assert back == {ends: reached for ends, reached in walks.items() if ends[1] == node_id}
        on = {(node_id, i.id): (i.distance, frozenset(i.polarities)) for i in consequences(graph, node_id).items}
        assert on == {ends: reached for ends, reached in walks.items() if ends[0] == node_id}


def test_grounds_are_premises_and_arguments_by_distance_and_id() -> None:
    graph = map_of("a: p q -> t", "b: r -| p", "u: s -| a")
    assert told(grounds(graph, "t")) == ["a 1 +", "p 1 +", "q 1 +", "b 2 -", "r 2 -", "s 2 -", "u 2 -"]
    assert told(grounds(graph, "a")) == ["p 1 +", "q 1 +", "s 1 -", "u 1 -", "b 2 -", "r 2 -"]


def test_consequences_are_the_arguments_that_use_it_and_what_they_bear_on() -> None:
    graph = map_of("a: p q -> t", "b: r -| p", "u: s -| a")
    assert told(consequences(graph, "r")) == ["b 1 +", "p 1 -", "a 2 -", "t 2 -"]
    assert told(consequences(graph, "s")) == ["a 1 -", "u 1 +", "t 2 -"]


def test_both_polarities_are_told_supporting_first() -> None:
    graph = map_of("a: p -> t", "b: p -| t")
    assert grounds(graph, "t").items[-1].polarities == ("supporting", "opposing")


def test_a_node_on_a_cycle_is_its_own_ground() -> None:
    graph = map_of("a: p -> q", "b: q -| p")
    assert told(grounds(graph, "p")) == ["b 1 +-", "q 1 +-", "a 2 +-", "p 2 +-"]


def test_a_speaker_stands_for_what_is_said() -> None:
    graph = graph_of(
        statement("p"), statement("t"), argument("a", "p", "t"), actor("ann"), source("s"),
        assertion("x", "p", "s", chain=("ann",)),
    )  # fmt: skip
    assert told(consequences(graph, "ann")) == told(consequences(graph, "p")) == ["a 1 +", "t 1 +"]
    assert told(grounds(graph, "ann")) == []


def test_the_answer_is_the_json_of_the_contract() -> None:
    answer = msgspec.json.decode(msgspec.json.encode(grounds(map_of("a: p -| t"), "t")))
    assert answer == {
        "map": "m",
        "revision": 1,
        "items": [
            {"id": "a", "kind": "argument", "distance": 1, "polarities": ["opposing"]},
            {"id": "p", "kind": "statement", "distance": 1, "polarities": ["opposing"]},
        ],
    }


@pytest.mark.parametrize("question", [grounds, consequences])
def test_an_unknown_node_is_not_found(question: object) -> None:
    with pytest.raises(NotFound):
        question(map_of("a: p -> t"), "zz")  # type: ignore[operator]
