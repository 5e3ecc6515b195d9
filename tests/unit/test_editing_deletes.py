"""Deleting: refused where something holds the node, or done with all that is void without it."""

from __future__ import annotations

import pytest

from graph.errors import Conflict
from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.editing import done, problems, refusal, small_map
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.write_requests import create_statement, delete


@pytest.fixture
def graph() -> ArgumentGraph:
    return small_map()


def test_a_delete_that_would_leave_a_reference_dangling_is_refused_with_what_holds_it(graph: ArgumentGraph) -> None:
    error = refusal(graph, create_statement("r"), delete("actor", "k"))
    assert isinstance(error, Conflict)
    assert (error.name, error.command) == ("still_referred_to", 1)
    assert [detail for _, detail in problems(error)] == [f"{i} refers to k" for i in ("k-2", "m", "x")]
    assert "k-2, m, x; delete or change these first, or use cascade" in error.detail


def test_a_long_list_of_holders_is_cut() -> None:
    many = graph_of(statement("p"), statement("q"), [argument(f"a{n:03}", "p", "q") for n in range(60)])
    error = refusal(many, delete("statement", "p"))
    assert len(error.problems) == 50
    assert "and 10 more" in error.detail


def test_a_cascade_takes_what_is_void_without_it_and_detaches_the_rest(graph: ArgumentGraph) -> None:
    planned = done(graph, delete("actor", "k", cascade=True))
    assert planned.deleted == ["k", "m", "x"]
    assert planned.graph.node("k-2").affiliations == ()
    assert planned.graph.node("p").concerns == ()
    assert {node.id for node in planned.graph.nodes()} == {"k-2", "s", "s-2", "p", "q", "a", "b", "y"}


def test_a_cascade_goes_down_a_chain_of_undercuts(graph: ArgumentGraph) -> None:
    planned = done(graph, delete("statement", "p", cascade=True))
    assert planned.deleted == ["a", "b", "p", "x", "y"]


def test_a_cascade_takes_out_single_references_and_one_of_several() -> None:
    graph = graph_of(
        actor("k"), actor("l"), source("s"), source("t", publisher="k", author=("k", "l"), cited_in=("s",)),
        statement("p"), assertion("x", "p", "t", cited_source="s", belief_holder="k", probable_origin=("k", "l")),
    )  # fmt: skip
    after = done(graph, delete("actor", "k", cascade=True), delete("source", "s", cascade=True)).graph
    assert (after.node("t").publisher, after.node("t").author, after.node("t").cited_in) == (None, ("l",), ())
    said = after.node("x")
    assert (said.cited_source, said.belief_holder, said.probable_origin) == (None, None, ("l",))
    assert (said.version, after.node("t").version) == (2, 2)
    assert said.updated_by == "bob"


def test_a_cascade_around_a_ring_ends() -> None:
    graph = graph_of(statement("p"), argument("a", "p", "b", "opposing"), argument("b", "p", "a", "opposing"))
    assert done(graph, delete("argument", "a", cascade=True)).deleted == ["a", "b"]


def test_a_cascade_where_nothing_hangs_on_it_is_a_delete(graph: ArgumentGraph) -> None:
    assert done(graph, delete("argument", "b", cascade=True)).deleted == ["b"]
