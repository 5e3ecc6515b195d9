"""Lines of support: what a node rests on, and which way to it is strongest."""

from __future__ import annotations

from graph.reports.lines import asserted_support, closure, strongest
from graph.reports.reading import Reading
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, motive, source, statement


def reading(*nodes: object) -> Reading:
    return Reading(graph_of(*nodes))  # type: ignore[arg-type]


def ways(found: Reading, node_id: str, most: int = 9) -> list[tuple[str, ...]]:
    return [(line.ground, *(step.id for step in line.steps)) for line in strongest(found, node_id, most)]


STATEMENTS = [statement(c) for c in "abcde"]


def test_a_line_is_as_strong_as_its_weakest_step_and_then_the_shorter_the_better() -> None:
    found = reading(
        STATEMENTS,
        argument("weak", "a", "e", confidence="low"),
        argument("long1", "b", "c", confidence="high"),
        argument("long2", "c", "e", confidence="high"),
        argument("fair", "d", "e", confidence="medium"),
    )
    assert ways(found, "e") == [("b", "long1", "long2"), ("d", "fair"), ("a", "weak")]
    assert ways(found, "e", 1) == [("b", "long1", "long2")]
    assert strongest(found, "e", 9)[2].weakest.id == "weak"


def test_a_marked_step_goes_before_one_of_equal_confidence_that_is_not() -> None:
    found = reading(
        STATEMENTS,
        source("s"),
        argument("x", "a", "e"),
        argument("y", "b", "e"),
        assertion("z", "y", "s", basis="explicit"),
    )
    assert ways(found, "e") == [("b", "y"), ("a", "x")]


def test_circles_end_and_opposing_steps_are_no_support() -> None:
    found = reading(
        STATEMENTS,
        argument("ab", "a", "b"),
        argument("ba", "b", "a"),
        argument("bc", "b", "c"),
        argument("no", "d", "c", "opposing"),
    )
    assert ways(found, "c") == [], "a circle has no ground"
    assert set(closure(found, "c")) == {"a", "b", "c"}
    assert asserted_support(found, "c") == ["b"]


def test_where_a_premise_is_a_conclusion_its_own_support_stands_in() -> None:
    found = reading(
        actor("k"),
        motive("m", "k"),
        statement("t", origin="constructed"),
        statement("top", origin="constructed"),
        STATEMENTS,
        argument("1", "a", "m"),
        argument("2", "m", "t"),
        argument("3", ("t", "b"), "top"),
        argument("4", "c", "b"),
        argument("5", "top", "t"),
    )
    assert asserted_support(found, "top") == ["a", "b"]


def test_a_long_chain_takes_no_recursion_and_little_time() -> None:
    many = 3000
    nodes = [statement(f"p{n:05}") for n in range(many)]
    steps = [argument(f"a{n:05}", f"p{n:05}", f"p{n + 1:05}") for n in range(many - 1)]
    [line] = strongest(reading(nodes, steps), f"p{many - 1:05}", 3)
    assert (line.ground, len(line.steps)) == ("p00000", many - 1)
