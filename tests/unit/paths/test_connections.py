"""Connections: every way over links, cheapest first, and cheap only where little hangs on what is passed."""

from __future__ import annotations

from itertools import pairwise, product
from math import log2, prod

import msgspec
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.budgets import StepBudget
from graph.errors import Refused
from graph.paths.connections import connections
from graph.snapshot.argument_graph import links_of
from graph.snapshot.view import narrow
from schemas.query import ConnectionsQuery, ViewQuery
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.strategies import Nodes, whole_maps
from tests.unit.paths.maps import map_of

Expected = tuple[int, int, tuple[str, ...], tuple[str, ...]]
"""Two to the power of the cost, then what decides among equals."""


def asked(start: str, to: str, **fields: int) -> ConnectionsQuery:
    return ConnectionsQuery.model_validate({"from": start, "to": to, "limit": 1000, "max_length": 100, **fields})


def expected(nodes: Nodes, start: str, end: str) -> list[Expected]:
    """Every simple way over links, by brute force."""
    web: nx.MultiGraph[str] = nx.MultiGraph()
    web.add_nodes_from(nodes)
    for node in nodes.values():
        web.add_edges_from((link.source, link.target, None, {"relation": link.relation}) for link in links_of(node))
    found = set()
    for path in nx.all_simple_paths(nx.Graph(web), start, end):
        between = [{d["relation"] for d in web[one][other].values()} for one, other in pairwise(path)]
        cost = 2 ** (len(path) - 1) * prod(web.degree(passed) for passed in path[1:-1])
        found |= {(cost, len(path) - 1, tuple(path), relations) for relations in product(*between)}
    return sorted(found)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Nodes, str, str]:
    nodes = draw(whole_maps(3).filter(lambda nodes: len(nodes) > 1))
    start, end = draw(st.lists(st.sampled_from(sorted(nodes)), min_size=2, max_size=2, unique=True))
    return nodes, start, end


@settings(deadline=None, max_examples=60)
@given(cases())
def test_all_ways_are_found_in_order(case: tuple[Nodes, str, str]) -> None:
    nodes, start, end = case
    wanted = expected(nodes, start, end)
    answer = connections(graph_of(list(nodes.values())), asked(start, end))
    assert [(item.nodes, item.relations) for item in answer.items] == [way[2:] for way in wanted[:1000]]
    assert all(abs(item.cost - log2(way[0])) < 1e-5 for item, way in zip(answer.items, wanted, strict=False))
    assert answer.complete == (len(wanted) <= 1000)
    assert answer.reason == ("limit" if len(wanted) > 1000 else None if wanted else "not_connected")


@settings(deadline=None, max_examples=60)
@given(cases(), st.integers(1, 5), st.integers(1, 5))
def test_limits_give_a_beginning_and_say_so(case: tuple[Nodes, str, str], limit: int, longest: int) -> None:
    nodes, start, end = case
    wanted = expected(nodes, start, end)
    short = [way for way in wanted if way[1] <= longest]
    answer = connections(graph_of(list(nodes.values())), asked(start, end, limit=limit, max_length=longest))
    assert [(item.nodes, item.relations) for item in answer.items] == [way[2:] for way in short[:limit]]
    assert answer.complete == (len(wanted) <= limit and len(short) == len(wanted))
    if len(short) > limit:
        assert answer.reason == "limit"
    elif len(short) < len(wanted):
        assert answer.reason == "max_length"


@settings(deadline=None, max_examples=40)
@given(whole_maps(3), cases())
def test_a_derived_snapshot_answers_like_one_built_afresh(before: Nodes, case: tuple[Nodes, str, str]) -> None:
    nodes, start, end = case
    changes = [*((i, None) for i in before if i not in nodes), *nodes.items()]
    derived = graph_of(list(before.values())).derive(header(), changes)
    query = asked(start, end, limit=20)
    assert connections(derived, query) == connections(graph_of(list(nodes.values())), query)


def test_a_hub_says_less_than_a_chain() -> None:
    said = [statement(f"p{n}") for n in range(20)]
    graph = graph_of(
        actor("ann"), actor("bob", affiliations=("club",)), actor("club", affiliations=("ann",)), source("hub"), said,
        assertion("x00", "p0", "hub", chain=("ann",)), assertion("x01", "p1", "hub", chain=("bob",)),
        [assertion(f"x{n:02}", f"p{n}", "hub") for n in range(2, 20)],
    )  # fmt: skip
    answer = connections(graph, asked("ann", "bob"))
    assert [item.nodes for item in answer.items] == [("ann", "club", "bob"), ("ann", "x00", "hub", "x01", "bob")]
    assert answer.items[0].cost == 3.0  # two links, and a node with two links passed


def test_the_answer_is_the_json_of_the_contract() -> None:
    graph = map_of("a: p -> t")
    assert msgspec.json.decode(msgspec.json.encode(connections(graph, asked("t", "p")))) == {
        "map": "m",
        "revision": 1,
        "complete": True,
        "reason": None,
        "items": [{"nodes": ["t", "a", "p"], "relations": ["targets", "premise_of"], "cost": 3.0}],
    }


def test_links_of_two_relations_between_the_same_nodes_are_two_connections() -> None:
    graph = graph_of(actor("ann"), source("s", publisher="ann", author=("ann",)))
    answer = connections(graph, asked("ann", "s"))
    assert [item.relations for item in answer.items] == [("published_by",), ("written_by",)]
    assert connections(graph, asked("ann", "s", limit=1)).reason == "limit"


def test_nodes_that_nothing_joins_and_those_that_the_view_parts() -> None:
    whole = graph_of(statement("p"), statement("q"), statement("t"), argument("a", "p", "t"))
    assert connections(whole, asked("p", "q")).reason == "not_connected"
    assert connections(whole, asked("p", "p")).reason == "not_connected"
    query = asked("p", "t")
    view = narrow(whole, ViewQuery(without=("a",)))
    assert connections(view, query).reason == "not_connected"
    answer = connections(view, query, whole=whole)
    assert (answer.items, answer.complete, answer.reason) == ((), True, "filtered")


def test_unknown_ends_are_refused_at_their_places() -> None:
    with pytest.raises(Refused) as caught:
        connections(map_of("a: p -> t"), asked("zz", "yy"))
    assert [problem.pointer for problem in caught.value.problems] == ["/from", "/to"]


def test_a_used_up_budget_is_said() -> None:
    graph = map_of(*(f"a{i}{j}: s{i} -> s{j}" for i in range(6) for j in range(6) if i != j))
    answer = connections(graph, asked("s0", "s5"), StepBudget(200))
    assert (answer.complete, answer.reason) == (False, "budget")
    assert answer.items == connections(graph, asked("s0", "s5")).items[: len(answer.items)]


def test_ends_too_far_apart_are_found_out_without_a_walk_through_the_map() -> None:
    row = map_of(*(f"a{n:04}: s{n:04} -> s{n + 1:04}" for n in range(2000)))
    far = connections(row, asked("s0500", "s1500", max_length=12), StepBudget(100))
    assert (far.items, far.complete, far.reason) == ((), False, "max_length")
    near = connections(row, asked("s0500", "s0506", max_length=12))
    assert (len(near.items), near.reason) == (1, None)
    assert connections(row, asked("s0500", "s0506", max_length=11)).reason == "max_length"
