"""Positions: layers along the direction of reasoning, nothing on top of another, the same whoever asks."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.budgets import Cancelled, StepBudget
from graph.drawing.node_link import Judged, NodeColumns, graph_document, layered_positions
from schemas.query import GraphQuery
from tests.unit.paths.maps import map_of

Links = list[tuple[str, str]]
IDS = [f"n{i}" for i in range(9)]
links_of_any_sort = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=25)


@settings(deadline=None, max_examples=100)
@given(links_of_any_sort)
def test_a_link_leads_to_a_lower_layer_unless_it_is_on_a_circle(links: Links) -> None:
    places = layered_positions(IDS, links)
    graph: nx.DiGraph[str] = nx.DiGraph(links)
    for start, end in links:
        if start not in nx.descendants(graph, end) and start != end:
            assert places[start].y > places[end].y
    assert set(places) == set(IDS)


@settings(deadline=None, max_examples=100)
@given(links_of_any_sort)
def test_nodes_of_a_layer_are_apart(links: Links) -> None:
    places = layered_positions(IDS, links)
    for y in {place.y for place in places.values()}:
        row = sorted(place.x for place in places.values() if place.y == y)
        assert all(right - left >= 0.998 for left, right in pairwise(row))
    assert min(place.x for place in places.values()) == 0.0


@settings(deadline=None, max_examples=50)
@given(links_of_any_sort, st.randoms(use_true_random=False))
def test_the_order_in_which_nodes_and_links_come_does_not_matter(links: Links, random: object) -> None:
    ids, others = IDS[:], links[:]
    random.shuffle(ids)  # type: ignore[attr-defined]
    random.shuffle(others)  # type: ignore[attr-defined]
    assert layered_positions(ids, others) == layered_positions(IDS, links)


def test_layers_are_counted_from_what_leads_no_further() -> None:
    places = layered_positions("pqtu", [("p", "q"), ("q", "t"), ("p", "t"), ("u", "t")])
    assert {node: place.y for node, place in places.items()} == {"t": 0, "q": 1, "u": 1, "p": 2}


def test_links_that_need_not_cross_do_not() -> None:
    places = layered_positions("abcxyz", [("a", "z"), ("b", "y"), ("c", "x")])
    tops = sorted("abc", key=lambda node: places[node].x)
    ends = sorted("xyz", key=lambda node: places[node].x)
    assert [{"a": "z", "b": "y", "c": "x"}[node] for node in tops] == ends


def test_a_new_leaf_leaves_what_is_elsewhere_in_its_order() -> None:
    links = [(f"s{i}", f"t{i // 3}") for i in range(9)] + [(f"t{i}", "end") for i in range(3)]
    before = layered_positions({n for link in links for n in link}, links)
    after = layered_positions({n for link in links for n in link} | {"new"}, [*links, ("new", "t2")])

    def rows(places: dict[str, object]) -> dict[float, list[str]]:
        found: dict[float, list[str]] = {}
        for node, place in sorted(places.items(), key=lambda item: item[1].x):  # type: ignore[attr-defined]
            if node != "new":
                found.setdefault(place.y, []).append(node)  # type: ignore[attr-defined]
        return found

    assert rows(after) == rows(before)  # type: ignore[arg-type]


def test_a_drawing_has_positions_verdicts_and_strengths_where_they_are_asked_for() -> None:
    graph = map_of("a: p -> t")
    plain = graph_document(graph, GraphQuery())
    assert all((node.x, node.y, node.verdict, node.strength) == (None,) * 4 for node in plain.nodes)
    columns = NodeColumns({"p": Judged(verdict="accepted")}, {"t": 0.75}, positions=True)
    drawn = {node.id: node for node in graph_document(graph, GraphQuery(), columns=columns).nodes}
    assert [(drawn[i].x, drawn[i].y) for i in ("t", "a", "p")] == [(0.0, 0.0), (0.0, 1.0), (0.0, 2.0)]
    assert (drawn["p"].verdict, drawn["t"].verdict) == ("accepted", None)
    assert (drawn["p"].strength, drawn["t"].strength) == (None, 0.75)


def test_work_that_nobody_waits_for_ends() -> None:
    with pytest.raises(Cancelled):
        layered_positions(map(str, range(1000)), (), StepBudget(1, lambda: True))
