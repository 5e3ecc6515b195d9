"""Maps and neighbourhoods as node-link documents: whole, cut with what is hidden counted, and read by networkx."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.budgets import Cancelled, StepBudget
from graph.drawing.node_link import graph_document, neighbourhood
from graph.errors import NotFound, Refused
from graph.snapshot.argument_graph import ArgumentGraph, links_of
from schemas.graph_document import GraphDocument
from schemas.node import AnyNode
from schemas.query import GraphQuery, NeighbourhoodQuery
from schemas.vocabulary import KINDS, RELATIONS
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.support.strategies import Nodes, whole_maps
from tests.unit.paths.maps import map_of


def ids(document: GraphDocument) -> list[str]:
    return [node.id for node in document.nodes]


def plain(document: GraphDocument) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return found


def linked(nodes: Nodes, kinds: tuple[str, ...]) -> nx.MultiDiGraph[str]:
    """The links among the nodes of some kinds."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(i for i, node in nodes.items() if node.kind in kinds)
    for node in nodes.values():
        graph.add_edges_from(
            (link.source, link.target, None, {"relation": link.relation})
            for link in links_of(node)
            if link.source in graph and link.target in graph
        )
    return graph


some_kinds = st.lists(st.sampled_from(KINDS), min_size=1, unique=True).map(tuple)


@settings(deadline=None, max_examples=60)
@given(whole_maps(), some_kinds)
def test_a_document_has_every_node_and_link_of_its_kinds(nodes: Nodes, kinds: tuple[str, ...]) -> None:
    document = graph_document(graph_of(list(nodes.values())), GraphQuery(kinds=kinds))
    read = nx.node_link_graph(plain(document), edges="edges")
    wanted = linked(nodes, kinds)
    assert sorted(read) == sorted(wanted) == ids(document)
    assert sorted(read.edges(data="relation")) == sorted(wanted.edges(data="relation"))
    assert (document.graph.total_nodes, document.graph.total_edges) == (len(wanted), wanted.number_of_edges())
    assert (document.graph.complete, document.graph.reason) == (True, None)
    assert all(node.hidden_in == node.hidden_out == 0 for node in document.nodes)


@settings(deadline=None, max_examples=60)
@given(whole_maps(), some_kinds, st.integers(1, 6))
def test_what_a_budget_cuts_is_counted_at_each_node(nodes: Nodes, kinds: tuple[str, ...], budget: int) -> None:
    document = graph_document(graph_of(list(nodes.values())), GraphQuery(kinds=kinds, budget=budget))
    wanted = linked(nodes, kinds)
    shown = set(ids(document))
    assert len(shown) == min(budget, len(wanted))
    assert document.graph.complete == (len(wanted) <= budget)
    assert (document.graph.reason == "budget") == (len(wanted) > budget)
    for node in document.nodes:
        assert node.hidden_in == sum(1 for origin, _ in wanted.in_edges(node.id) if origin not in shown)
        assert node.hidden_out == sum(1 for _, end in wanted.out_edges(node.id) if end not in shown)
    assert len(document.edges) == wanted.subgraph(shown).number_of_edges()


@settings(deadline=None, max_examples=60)
@given(whole_maps(), st.data(), st.integers(0, 4), st.sampled_from(("in", "out", "any")))
def test_a_neighbourhood_is_what_lies_within_some_links(
    nodes: Nodes, data: st.DataObject, depth: int, direction: str
) -> None:
    if not nodes:
        return
    focus = data.draw(st.sampled_from(sorted(nodes)))
    wanted = linked(nodes, KINDS)
    followed = {"out": wanted, "in": wanted.reverse(), "any": wanted.to_undirected()}[direction]
    query = NeighbourhoodQuery.model_validate({"depth": depth, "direction": direction, "kinds": KINDS})
    document = neighbourhood(graph_of(list(nodes.values())), focus, query)
    assert set(ids(document)) == set(nx.single_source_shortest_path_length(followed, focus, cutoff=depth))
    assert document.graph.complete


@settings(deadline=None, max_examples=60)
@given(whole_maps(), whole_maps(), some_kinds, st.integers(1, 30))
def test_a_derived_snapshot_is_drawn_like_one_built_afresh(
    before: Nodes, after: Nodes, kinds: tuple[str, ...], budget: int
) -> None:
    changes = [*((i, None) for i in before if i not in after), *after.items()]
    derived = graph_of(list(before.values())).derive(header(), changes)
    query = GraphQuery(kinds=kinds, budget=budget)
    assert graph_document(derived, query) == graph_document(graph_of(list(after.values())), query)


def full_map() -> ArgumentGraph:
    return graph_of(
        actor("k"), motive("food", "k", "It needs food"), source("s", "An article"),
        statement("p", "It sells shells", concerns=({"motive": "food", "role": "benefit", "basis": "inferred"},)),
        statement("t", "It gains", origin="constructed"), argument("a", "p", "food", scheme="calculation"),
        argument("b", ("food", "p"), "t", "opposing", confidence="low", warrant="It costs more"),
        assertion("x", "a", "s", basis="explicit", chain=("k", "k")),
    )  # fmt: skip


def test_nodes_carry_what_a_drawing_needs() -> None:
    document = plain(graph_document(full_map(), GraphQuery()))
    assert {key: value for key, value in document.items() if key not in ("nodes", "edges")} == {
        "directed": True,
        "multigraph": True,
        "graph": {
            "map": "m", "revision": 1, "complete": True, "reason": None, "total_nodes": 5, "total_edges": 6,
        },
    }  # fmt: skip
    assert document["nodes"] == [
        {
            "id": "a", "kind": "argument", "label": "a", "stance": "supporting",
            "basis": "explicit", "scheme": "calculation",
        },
        {
            "id": "b", "kind": "argument", "label": "It costs more", "stance": "opposing", "confidence": "low",
            "basis": "own", "attack": "undermine",
        },
        {
            "id": "food", "kind": "motive", "label": "It needs food", "name": "money", "category": "finance",
            "actor": "k", "supporting": 1,
        },
        {"id": "p", "kind": "statement", "label": "It sells shells", "origin": "author"},
        {"id": "t", "kind": "statement", "label": "It gains", "origin": "constructed", "opposing": 1},
    ]  # fmt: skip


def test_edges_carry_the_stance_of_their_argument_and_the_part_that_a_statement_plays() -> None:
    edges = plain(graph_document(full_map(), GraphQuery()))["edges"]
    assert edges[0] == {
        "id": "p:premise_of:a", "source": "p", "target": "a", "key": "premise_of", "relation": "premise_of",
        "stance": "supporting",
    }  # fmt: skip
    assert edges[-1] == {
        "id": "p:concerns:food", "source": "p", "target": "food", "key": "concerns", "relation": "concerns",
        "role": "benefit", "basis": "inferred",
    }  # fmt: skip


def test_parallel_links_have_keys_of_their_own_and_their_place_in_a_chain() -> None:
    document = graph_document(full_map(), GraphQuery(kinds=("assertions", "actor")))
    assert [(e.source, e.target, e.key, e.position) for e in document.edges] == [
        ("x", "k", "spoken_by", 0),
        ("x", "k", "spoken_by-2", 1),
    ]


def test_kinds_may_be_singular_or_plural_and_no_others() -> None:
    graph = full_map()
    assert ids(graph_document(graph, GraphQuery(kinds=("sources", "actor")))) == ["k", "s"]
    with pytest.raises(Refused) as caught:
        graph_document(graph, GraphQuery(kinds=("actor", "statment")))
    assert caught.value.name == "unknown_kind"
    assert [(p.pointer, p.detail) for p in caught.value.problems] == [
        ("/kinds/1", "no kind 'statment'; did you mean 'statement'?")
    ]


def test_a_focus_shows_what_lies_around_it_and_counts_the_rest() -> None:
    graph = map_of("a: p -> q", "b: q -> t", "c: t -> z")
    document = graph_document(graph, GraphQuery(focus=("q",), depth=2))
    assert ids(document) == ["a", "b", "p", "q", "t"]
    assert document.graph.complete
    assert [(n.id, n.hidden_in, n.hidden_out) for n in document.nodes if n.hidden_in or n.hidden_out] == [("t", 0, 1)]


def test_a_budget_keeps_what_is_nearest_to_the_focus() -> None:
    graph = map_of("a: p -> q", "b: q -> t", "c: t -> z")
    document = graph_document(graph, GraphQuery(focus=("q",), depth=9, budget=4))
    assert ids(document) == ["a", "b", "p", "q"]
    assert (document.graph.complete, document.graph.reason) == (False, "budget")


def test_a_map_larger_than_its_budget_shows_the_most_argued_conclusion_first() -> None:
    graph = map_of("a: p -> t", "b: q -> t", "c: r -> s", points="alone")
    document = graph_document(graph, GraphQuery(budget=3))
    assert ids(document) == ["a", "p", "t"], "an argument comes with its premise"
    assert [(n.hidden_in, n.hidden_out) for n in document.nodes] == [(0, 0), (0, 0), (1, 0)]
    assert (document.graph.total_nodes, document.graph.total_edges) == (9, 6)


@pytest.mark.parametrize("budget", [2, 3, 50, 100, 150, 200])
@pytest.mark.parametrize("focused", [True, False])
def test_arguments_are_drawn_with_their_premises(budget: int, *, focused: bool) -> None:
    graph = graph_of(
        statement("t"),
        [statement(f"f{n:03}") for n in range(100)],
        [argument(f"a{n:03}", f"f{n:03}", "t") for n in range(100)],
    )
    document = graph_document(graph, GraphQuery(focus=("t",) if focused else (), budget=budget))
    shown = set(ids(document))
    bare = [node_id for node_id in shown if node_id.startswith("a") and f"f{node_id[1:]}" not in shown]
    assert len(shown) == budget
    assert len(bare) <= 1, "the one for which a place was left"


def test_one_link_from_a_hub_there_are_arguments_alone() -> None:
    graph = graph_of(
        statement("t"), [statement(f"f{n}") for n in range(9)], [argument(f"a{n}", f"f{n}", "t") for n in range(9)]
    )
    document = graph_document(graph, GraphQuery(focus=("t",), depth=1, budget=5))
    assert ids(document) == ["a0", "a1", "a2", "a3", "t"]


def test_a_focus_that_is_not_of_the_kinds_asked_for_stands_for_what_it_says() -> None:
    graph = graph_of(
        statement("p"), statement("q"), statement("r"), argument("a", "p", "q"), actor("ann"), source("s"),
        assertion("x", "p", "s", chain=("ann",)),
    )  # fmt: skip
    assert ids(graph_document(graph, GraphQuery(focus=("ann",), depth=1))) == ["a", "p"]
    assert ids(neighbourhood(graph, "ann", NeighbourhoodQuery(depth=0))) == ["p"]
    assert ids(neighbourhood(graph, "ann", NeighbourhoodQuery(kinds=("actors", "assertions")))) == ["ann", "x"]


def test_an_unknown_focus_is_refused_and_an_unknown_node_not_found() -> None:
    graph = map_of("a: p -> t")
    with pytest.raises(Refused) as caught:
        graph_document(graph, GraphQuery(focus=("p", "zz")))
    assert (caught.value.name, caught.value.problems[0].pointer) == ("unknown_id", "/focus/1")
    with pytest.raises(NotFound):
        neighbourhood(graph, "zz", NeighbourhoodQuery())


def test_a_focus_that_only_the_unfiltered_map_has_shows_nothing() -> None:
    whole, view = map_of("a: p -> t"), map_of("b: q -> t")
    assert ids(graph_document(view, GraphQuery(focus=("p",)), whole=whole)) == []


@settings(deadline=None, max_examples=40)
@given(whole_maps(), st.lists(st.sampled_from(RELATIONS), min_size=1, max_size=4).map(tuple), st.integers(1, 30))
def test_relations_choose_the_links_that_are_shown_followed_and_counted(
    nodes: Nodes, relations: tuple[str, ...], budget: int
) -> None:
    wanted = linked(nodes, KINDS)
    wanted.remove_edges_from([e[:3] for e in wanted.edges(keys=True, data="relation") if e[3] not in relations])
    document = graph_document(
        graph_of(list(nodes.values())), GraphQuery(kinds=KINDS, relations=relations, budget=budget)
    )
    shown = set(ids(document))
    assert document.graph.total_edges == wanted.number_of_edges()
    assert sorted((e.source, e.target, e.relation) for e in document.edges) == sorted(
        wanted.subgraph(shown).edges(data="relation")
    )
    for node in document.nodes:
        assert node.hidden_out == sum(1 for _, end in wanted.out_edges(node.id) if end not in shown)


def test_a_focus_is_left_by_the_relations_asked_for_alone() -> None:
    graph = map_of("a: p -> q", "b: q -> t")
    document = graph_document(graph, GraphQuery(focus=("a",), depth=5, relations=("targets",)))
    assert ids(document) == ["a", "q"]
    with pytest.raises(Refused, match="relation"):
        graph_document(graph, GraphQuery(relations=("target",)))


def test_edges_have_ids_that_tell_them_apart_and_stay() -> None:
    graph = full_map()
    document = graph_document(graph, GraphQuery(kinds=KINDS))
    assert len({edge.id for edge in document.edges}) == len(document.edges)
    later = graph.derive(header(), [("z", statement("z")), ("zz", argument("zz", "z", "t"))])
    assert {e.id for e in document.edges} <= {e.id for e in graph_document(later, GraphQuery(kinds=KINDS)).edges}


def test_a_used_up_budget_is_said_and_work_that_nobody_waits_for_ends() -> None:
    graph = map_of(*(f"a{i:03}: s{i:03} -> s{i + 1:03}" for i in range(600)))
    document = graph_document(graph, GraphQuery(focus=("s000",), depth=50), StepBudget(20))
    assert (document.graph.complete, document.graph.reason) == (False, "budget")
    assert 0 < len(document.nodes) < 25
    gone = StepBudget(10**6, lambda: True)
    for ask in (
        lambda: graph_document(graph, GraphQuery(), gone),
        lambda: neighbourhood(graph, "s000", NeighbourhoodQuery(depth=20), gone),
    ):
        with pytest.raises(Cancelled):
            ask()


def _argued(pros: int, cons: int) -> ArgumentGraph:
    nodes: list[AnyNode] = [statement("t")]
    for sign, number, stance in (("p", pros, "supporting"), ("q", cons, "opposing")):
        for i in range(number):
            nodes += [statement(f"{sign}{i}"), argument(f"a-{sign}{i}", f"{sign}{i}", "t", stance)]
    return graph_of(*nodes)


@pytest.mark.parametrize(("pros", "cons"), [(200, 200), (200, 0), (300, 5)])
def test_a_cut_tells_all_arguments_and_shows_both_sides_with_their_premises(pros: int, cons: int) -> None:
    document = graph_document(_argued(pros, cons), GraphQuery(budget=150))
    nodes = {node.id: node for node in document.nodes}
    assert (nodes["t"].supporting, nodes["t"].opposing) == (pros, cons)
    assert 145 <= len(nodes) <= 150
    shown = Counter(node.stance for node in document.nodes if node.kind == "argument")
    assert shown["opposing"] >= min(cons, 30)
    assert shown["supporting"] >= 30
    begun = {edge.target for edge in document.edges if edge.relation == "premise_of"}
    alone = [node.id for node in document.nodes if node.kind == "argument" and node.id not in begun]
    assert len(alone) <= 1, "the last place may be that of an argument alone"
