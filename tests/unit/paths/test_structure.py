"""How a map is connected: as networkx and brute force find it, the same every time, and estimates say that they are."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.budgets import Cancelled, StepBudget
from graph.drawing.networkx_graph import to_networkx
from graph.drawing.structure import structure
from graph.errors import Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.query import StructureQuery
from schemas.structure import StructureItem
from schemas.vocabulary import KINDS
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, assertion, source, statement
from tests.support.strategies import Nodes, whole_maps
from tests.unit.paths.maps import map_of

MEASURES = ("components", "communities", "bridges", "pagerank", "betweenness")


def asked(measure: str, **fields: Any) -> StructureQuery:
    return StructureQuery.model_validate({"measure": measure, "kinds": KINDS, "limit": 1000, **fields})


def found(graph: ArgumentGraph, measure: str) -> tuple[StructureItem, ...]:
    answer = structure(graph, asked(measure))
    assert (answer.complete, answer.reason, answer.sampled, answer.next) == (True, None, None, None)
    assert answer.total == len(answer.items)
    return answer.items


@settings(deadline=None, max_examples=40)
@given(whole_maps())
def test_components_and_their_circles(nodes: Nodes) -> None:
    graph = graph_of(list(nodes.values()))
    plain = to_networkx(graph)
    items = found(graph, "components")
    assert sorted(item.nodes for item in items) == sorted(
        tuple(sorted(part)) for part in nx.weakly_connected_components(plain)
    )
    assert [-len(item.nodes) for item in items] == sorted(-len(item.nodes) for item in items)
    circles = [circle for item in items for circle in item.circles]
    reach = {node: nx.descendants(plain, node) for node in plain}
    for circle in circles:
        assert all(one in reach[other] for one, other in product(circle, circle) if one != other)
    on_one = {frozenset((a, b)) for a, b in combinations(plain, 2) if a in reach[b] and b in reach[a]}
    assert on_one == {frozenset(pair) for circle in circles for pair in combinations(circle, 2)}


@settings(deadline=None, max_examples=40)
@given(whole_maps())
def test_a_bridge_is_a_link_without_which_more_parts_are_left(nodes: Nodes) -> None:
    graph = graph_of(list(nodes.values()))
    plain = to_networkx(graph)
    parts = nx.number_weakly_connected_components(plain)
    wanted = []
    for source_id, target_id, key, edge_id in plain.edges(keys=True, data="id"):
        left = plain.copy()
        left.remove_edge(source_id, target_id, key)
        if nx.number_weakly_connected_components(left) > parts:
            wanted.append((source_id, target_id, edge_id))
    items = found(graph, "bridges")
    assert [(item.source, item.target, item.id) for item in items] == sorted(wanted)


@settings(deadline=None, max_examples=25)
@given(whole_maps(3))
def test_betweenness_and_pagerank_are_those_of_the_graph_with_parallel_links(nodes: Nodes) -> None:
    graph = graph_of(list(nodes.values()))
    plain = to_networkx(graph)
    simple: nx.DiGraph[str] = nx.DiGraph()
    simple.add_nodes_from(plain)
    for (one, other), times in Counter(plain.edges()).items():
        simple.add_edge(one, other, weight=times)
    for measure, wanted in (
        ("betweenness", nx.betweenness_centrality(simple)),
        ("pagerank", nx.pagerank(simple, tol=1e-12, max_iter=1000)),
    ):
        items = found(graph, measure)
        assert {item.id: item.value for item in items} == pytest.approx(wanted, rel=1e-4, abs=1e-6)
        assert [(-item.value, item.id) for item in items] == sorted((-item.value, item.id) for item in items)


def test_communities_are_parts_with_more_links_inside() -> None:
    knots = [f"{k}{i}{j}: {k}{i} -> {k}{j}" for k in "pqr" for i in range(4) for j in range(4) if i != j]
    graph = map_of(*knots, "pq: p0 -> q0", "qr: q1 -> r1")
    answer = structure(graph, asked("communities"))
    groups = [set(item.nodes) for item in answer.items]
    assert answer.modularity == pytest.approx(nx.community.modularity(nx.Graph(to_networkx(graph)), groups), abs=0.02)
    assert answer.modularity > 0.5
    assert sorted(node for group in groups for node in group) == sorted(to_networkx(graph))


@settings(deadline=None, max_examples=25)
@given(whole_maps(3), whole_maps(3), st.sampled_from(MEASURES))
def test_a_derived_snapshot_is_measured_like_one_built_afresh(before: Nodes, after: Nodes, measure: str) -> None:
    changes = [*((i, None) for i in before if i not in after), *after.items()]
    derived = graph_of(list(before.values())).derive(header(), changes)
    assert structure(derived, asked(measure)) == structure(graph_of(list(after.values())), asked(measure))


@pytest.mark.parametrize("measure", MEASURES)
def test_pages_are_the_whole_answer(measure: str) -> None:
    graph = map_of(*(f"a{i:02}: s{i:02} -> s{i + 1:02}" for i in range(12)), "far: x -> y", points="alone")
    items, query = [], asked(measure, limit=2)
    while True:
        page = structure(graph, query)
        items += page.items
        if page.next is None:
            break
        query = query.model_copy(update={"cursor": page.next})
    assert tuple(items) == structure(graph, asked(measure)).items


@pytest.mark.parametrize("measure", MEASURES)
def test_an_empty_view_has_no_structure(measure: str) -> None:
    answer = structure(graph_of(actor("ann")), asked(measure, kinds=("statement",)))
    assert (answer.complete, answer.items, answer.total_nodes, answer.total_edges) == (True, (), 0, 0)


def test_only_the_kinds_asked_for_are_measured() -> None:
    graph = graph_of(actor("ann"), source("s"), statement("p"), assertion("x", "p", "s", chain=("ann",)))
    answer = structure(graph, StructureQuery(measure="components"))
    assert [item.nodes for item in answer.items] == [("p",)]
    assert structure(graph, asked("components")).items[0].nodes == ("ann", "p", "s", "x")
    with pytest.raises(Refused):
        structure(graph, StructureQuery(kinds=("statment",)))


@pytest.mark.parametrize("measure", ["betweenness", "communities"])
def test_what_is_worked_out_from_a_part_says_so_and_is_the_same_each_time(measure: str) -> None:
    def ask() -> Any:
        graph = map_of(*(f"a{i:02}: s{i % 20:02} -> s{i * 7 % 20:02}" for i in range(60) if i % 20 != i * 7 % 20))
        return structure(graph, asked(measure), StepBudget(8000))

    answer = ask()
    assert (answer.complete, answer.reason) == (False, "sampled")
    assert 0 < answer.sampled < answer.total_nodes
    assert answer == ask()


@pytest.mark.parametrize("measure", ["components", "bridges", "pagerank"])
def test_a_map_that_is_too_large_for_a_measure_is_told_so(measure: str) -> None:
    graph = map_of(*(f"a{i:02}: s{i:02} -> s{i + 1:02}" for i in range(50)))
    answer = structure(graph, asked(measure), StepBudget(100))
    assert (answer.complete, answer.reason, answer.items) == (False, "budget", ())
    assert (answer.total_nodes, answer.total_edges) == (101, 100)


@pytest.mark.parametrize("measure", MEASURES)
def test_work_that_nobody_waits_for_ends(measure: str) -> None:
    with pytest.raises(Cancelled):
        structure(map_of("a: p -> t"), asked(measure), StepBudget(10**6, lambda: True))
