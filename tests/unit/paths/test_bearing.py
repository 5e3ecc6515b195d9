"""Grounds and consequences: every walk counts, and the two are each other's reverse."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.budgets import Cancelled, StepBudget
from graph.errors import NotFound, Refused
from graph.paths.reachability import consequences, grounds
from schemas.bearing import BearingAnswer
from schemas.node import Argument
from schemas.query import ReachabilityQuery
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.unit.paths.maps import Nodes, map_of, points_of, step_maps

ALL = ReachabilityQuery(limit=1000)
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
        back = {(i.id, node_id): (i.distance, frozenset(i.polarities)) for i in grounds(graph, node_id, ALL).items}
        assert back == {ends: reached for ends, reached in walks.items() if ends[1] == node_id}
        on = {(node_id, i.id): (i.distance, frozenset(i.polarities)) for i in consequences(graph, node_id, ALL).items}
        assert on == {ends: reached for ends, reached in walks.items() if ends[0] == node_id}


def test_grounds_are_premises_and_arguments_by_distance_and_id() -> None:
    graph = map_of("a: p q -> t", "b: r -| p", "u: s -| a")
    assert told(grounds(graph, "t", ALL)) == ["a 1 +", "p 1 +", "q 1 +", "b 2 -", "r 2 -", "s 2 -", "u 2 -"]
    assert told(grounds(graph, "a", ALL)) == ["p 1 +", "q 1 +", "s 1 -", "u 1 -", "b 2 -", "r 2 -"]


def test_consequences_are_the_arguments_that_use_it_and_what_they_bear_on() -> None:
    graph = map_of("a: p q -> t", "b: r -| p", "u: s -| a")
    assert told(consequences(graph, "r", ALL)) == ["b 1 +", "p 1 -", "a 2 -", "t 2 -"]
    assert told(consequences(graph, "s", ALL)) == ["a 1 -", "u 1 +", "t 2 -"]


def test_both_polarities_are_told_supporting_first() -> None:
    graph = map_of("a: p -> t", "b: p -| t")
    assert grounds(graph, "t", ALL).items[-1].polarities == ("supporting", "opposing")


def test_a_node_on_a_cycle_is_its_own_ground() -> None:
    graph = map_of("a: p -> q", "b: q -| p")
    assert told(grounds(graph, "p", ALL)) == ["b 1 +-", "q 1 +-", "a 2 +-", "p 2 +-"]


def test_a_speaker_stands_for_what_is_said() -> None:
    graph = graph_of(
        statement("p"), statement("t"), argument("a", "p", "t"), actor("ann"), source("s"),
        assertion("x", "p", "s", chain=("ann",)),
    )  # fmt: skip
    assert told(consequences(graph, "ann", ALL)) == told(consequences(graph, "p", ALL)) == ["a 1 +", "t 1 +"]
    assert told(grounds(graph, "ann", ALL)) == []


def test_the_answer_is_the_json_of_the_contract() -> None:
    answer = msgspec.json.decode(msgspec.json.encode(grounds(map_of("a: p -| t"), "t", ALL)))
    assert answer == {
        "map": "m",
        "revision": 1,
        "complete": True,
        "reason": None,
        "items": [
            {"id": "a", "kind": "argument", "distance": 1, "polarities": ["opposing"]},
            {"id": "p", "kind": "statement", "distance": 1, "polarities": ["opposing"]},
        ],
        "total": 2,
        "next": None,
    }


@pytest.mark.parametrize("question", [grounds, consequences])
def test_an_unknown_node_is_not_found(question: object) -> None:
    with pytest.raises(NotFound):
        question(map_of("a: p -> t"), "zz", ALL)  # type: ignore[operator]


@settings(deadline=None, max_examples=30)
@given(step_maps(), st.integers(1, 5), st.sampled_from((("motive", "statement", "argument"), ("statements",))))
def test_pages_are_the_whole_answer_of_the_kinds_asked_for(nodes: Nodes, limit: int, kinds: tuple[str, ...]) -> None:
    graph = graph_of(list(nodes.values()))
    for question in (grounds, consequences):
        node_id = points_of(nodes)[0]
        whole = [i for i in question(graph, node_id, ALL).items if kinds != ("statements",) or i.kind == "statement"]
        found, query = [], ReachabilityQuery(limit=limit, kinds=kinds)
        while True:
            page = question(graph, node_id, query)
            found += page.items
            assert page.total == len(whole)
            if page.next is None:
                break
            query = query.model_copy(update={"cursor": page.next})
        assert found == whole


def test_a_cursor_belongs_to_its_question() -> None:
    graph = map_of("a: p q -> t")
    one = ReachabilityQuery(limit=1)
    cursor = grounds(graph, "t", one).next
    for node_id, query, question in (
        ("a", one, grounds),
        ("t", one, consequences),
        ("t", one.model_copy(update={"kinds": ("statement",)}), grounds),
    ):
        with pytest.raises(Refused, match="another question"):
            question(graph, node_id, query.model_copy(update={"cursor": cursor}))


def test_a_used_up_budget_gives_what_is_nearest_and_says_so() -> None:
    graph = map_of(*(f"a{i:02}: s{i:02} -> s{i + 1:02}" for i in range(50)))
    answer = grounds(graph, "s50", ALL, StepBudget(20))
    assert (answer.complete, answer.reason) == (False, "budget")
    assert 0 < len(answer.items) < 100
    assert answer.items == grounds(graph, "s50", ALL).items[: len(answer.items)]
    with pytest.raises(Cancelled):
        consequences(graph, "s00", ALL, StepBudget(10**6, lambda: True))
