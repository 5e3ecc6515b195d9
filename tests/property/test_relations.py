"""The one index of relations, under any row of edits, against plain loops over the nodes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.editing.cascade import falling_with
from graph.snapshot.argument_graph import ArgumentGraph, basis_of, links_of, speaker_of, stands_for
from graph.snapshot.arrays import entries_of, facts_of, kinds_of, link_counts, part_of
from graph.snapshot.relations import BASIS_CODE, HOLDERS_OF, VITAL
from graph.snapshot.view import narrow
from schemas.node import Argument, Assertion, Statement
from schemas.query import ViewQuery
from schemas.vocabulary import CONFIDENCE_RANK, KINDS, RELATIONS
from tests.property.test_argument_graph_derived import EVERYTHING, moved
from tests.support.headers import header
from tests.support.strategies import Nodes, whole_maps

EDITS = st.lists(st.tuples(whole_maps(3), st.permutations(EVERYTHING), st.booleans()), max_size=2)
"""Rows of edits: what the map is to become, in which order, and whether step by step."""


@st.composite
def edited(draw: st.DrawFn) -> tuple[ArgumentGraph, Nodes]:
    """A snapshot that some edits have been made to, and the nodes that it then has."""
    nodes = draw(whole_maps())
    graph = ArgumentGraph.of(header(), nodes.values())
    for to, order, piecemeal in draw(EDITS):
        graph, nodes = moved(graph, to, order, piecemeal), to
    return graph, nodes


@settings(max_examples=60, deadline=None)
@given(edited())
def test_every_relation_is_known_from_both_of_its_ends(made: tuple[ArgumentGraph, Nodes]) -> None:
    graph, nodes = made
    for relation in RELATIONS:
        held = [
            (node.id, link.other(node.id))
            for node in nodes.values()
            for link in links_of(node)
            if link.relation == relation
        ]
        for node_id in nodes:
            number = graph.number(node_id)
            named = [graph.id(n) for n in graph.references(relation, number)]
            assert named == [other for holder, other in held if holder == node_id], "in the order of the field"
            naming = [graph.id(n) for n in graph.referrers(relation, number)]
            assert len(naming) == len(set(naming)), "each holder once"
            assert set(naming) == {holder for holder, other in held if other == node_id}
        holders, others = entries_of(graph, relation)
        assert sorted(zip(map(graph.id, holders), map(graph.id, others), strict=True)) == sorted(held)
        assert {nodes[holder].kind for holder, _ in held} <= HOLDERS_OF[relation]


@settings(max_examples=40, deadline=None)
@given(edited())
def test_kinds_facts_and_counts_are_those_of_the_nodes(made: tuple[ArgumentGraph, Nodes]) -> None:
    graph, nodes = made
    kinds, facts = kinds_of(graph), facts_of(graph)
    counts = np.zeros((len(KINDS), len(KINDS)), dtype=np.int64)
    for number in range(graph.size):
        if not graph.alive(number):
            assert kinds[number] == -1
            continue
        node = nodes[graph.id(number)]
        assert KINDS[kinds[number]] == node.kind
        rank = CONFIDENCE_RANK[node.confidence or "medium"] if isinstance(node, Argument) else 0
        assert facts.confidence[number] == rank
        assert facts.sign[number] == graph.sign(number)
        assert facts.basis[number] == (BASIS_CODE[node.basis] if isinstance(node, Assertion) else 0)
        assert facts.constructed[number] == (isinstance(node, Statement) and node.origin == "constructed")
        for link in links_of(node):
            counts[KINDS.index(node.kind), KINDS.index(nodes[link.other(node.id)].kind)] += 1
    assert link_counts(graph).tolist() == counts.tolist()


@settings(max_examples=40, deadline=None)
@given(edited())
def test_who_speaks_and_what_is_marked_come_from_the_assertions(made: tuple[ArgumentGraph, Nodes]) -> None:
    graph, nodes = made
    spoken = [node for node in nodes.values() if isinstance(node, Assertion)]
    for node in spoken:
        speaker = speaker_of(graph, graph.number(node.id))
        assert (graph.id(speaker) if speaker >= 0 else None) == (node.chain[-1] if node.chain else None)
        assert stands_for(graph, node.id) == [node.of]
    for node in nodes.values():
        if isinstance(node, Argument):
            is_marked = any(a.of == node.id and a.basis == "explicit" for a in spoken)
            is_carried = any(a.of == node.id for a in spoken)
            expected = ("explicit" if is_marked else "inferred") if is_carried else "own"
            assert basis_of(graph, node.id) == expected
        if node.kind in ("actor", "source"):
            said = {
                a.of
                for a in spoken
                if node.id in (a.chain[-1:] if node.kind == "actor" else (a.source, a.cited_source))
            }
            assert stands_for(graph, node.id) == sorted(i for i in said if nodes[i].kind == "statement")


@settings(max_examples=40, deadline=None)
@given(edited(), st.data())
def test_what_falls_with_a_node_is_all_that_is_void_without_it(
    made: tuple[ArgumentGraph, Nodes], data: st.DataObject
) -> None:
    graph, nodes = made
    if not nodes:
        return
    gone = {data.draw(st.sampled_from(sorted(nodes)))}
    falling = falling_with(graph, *gone)
    links = [(node.id, link) for node in nodes.values() for link in links_of(node)]
    while more := {h for h, link in links if link.relation in VITAL and link.other(h) in gone} - gone:
        gone |= more
    loosened = {h for h, link in links if link.relation not in VITAL and link.other(h) in gone} - gone
    assert {graph.id(n) for n in falling.nodes} == gone
    assert {graph.id(n) for n in falling.loosened} == loosened


@settings(max_examples=60, deadline=None)
@given(edited(), whole_maps(3), st.data())
def test_a_part_knows_what_named_a_node_before_it_comes_back(
    made: tuple[ArgumentGraph, Nodes], to: Nodes, data: st.DataObject
) -> None:
    """An edit to a part of a map whose holders name what the part lacks."""
    graph, nodes = made
    kept = {i for i in nodes if nodes[i].kind != "argument" and data.draw(st.booleans())}
    part = part_of(graph, [graph.number(i) for i in kept])
    order = data.draw(st.permutations(EVERYTHING))
    after = {i: node for i, node in {**nodes, **to}.items() if i in kept or data.draw(st.booleans())}
    after = {i: node for i, node in after.items() if node.kind != "argument"}
    changed = moved(part, after, order, data.draw(st.booleans()))
    for node_id in after:
        links = [link for n in after.values() for link in links_of(n) if link.other(n.id) == node_id]
        assert set(changed.links_to(node_id)) == set(links)


# --- views -----------------------------------------------------------------------------------------


@st.composite
def queries(draw: st.DrawFn, nodes: Nodes) -> ViewQuery:
    def some(*kinds: str) -> st.SearchStrategy[tuple[str, ...]]:
        ids = sorted(i for i, node in nodes.items() if node.kind in kinds)
        return st.lists(st.sampled_from([*ids, "gone"]), max_size=2).map(tuple)

    return ViewQuery(
        sources=draw(some("source")), actors=draw(some("actor")), motives=draw(some("motive")),
        without=draw(some(*KINDS)), basis=draw(st.sampled_from(["explicit", "all"])),
        min_confidence=draw(st.sampled_from(["low", "medium", "high"])),
    )  # fmt: skip


def _kept(nodes: Nodes, query: ViewQuery) -> set[str]:
    """The domain page's section on views, word by word."""
    of_kind = {kind: [n for n in nodes.values() if n.kind == kind] for kind in KINDS}
    out = set(query.without)

    def passes(a: Assertion) -> bool:
        speaker = a.chain[-1] if a.chain else None
        return (
            (not query.sources or a.source in query.sources or a.cited_source in query.sources)
            and (not query.actors or speaker is None or speaker in query.actors)
            and (query.basis == "all" or a.basis != "inferred")
            and a.id not in out and a.source not in out and a.cited_source not in out and speaker not in out
        )  # fmt: skip

    said = {a.id for a in of_kind["assertion"] if passes(a)}

    def still_said(i: str) -> bool:
        own = [a.id for a in of_kind["assertion"] if a.of == i]
        return not own or not said.isdisjoint(own)

    stay = {m.id for m in of_kind["motive"] if m.id not in out and (not query.motives or m.id in query.motives)}
    for s in of_kind["statement"]:
        concerns = s.origin == "constructed" or any(c.motive in query.motives for c in s.concerns)
        if s.id not in out and still_said(s.id) and (not query.motives or concerns):
            stay.add(s.id)
    steps = {
        a.id: a
        for a in of_kind["argument"]
        if a.id not in out and still_said(a.id)
        and CONFIDENCE_RANK[a.confidence or "medium"] >= CONFIDENCE_RANK[query.min_confidence]
        and stay.issuperset(a.premises)
    }  # fmt: skip
    while fallen := {i for i, a in steps.items() if a.target not in stay and a.target not in steps}:
        for i in fallen:
            del steps[i]
    stay |= set(steps)
    stay |= {a.id for a in of_kind["assertion"] if a.id in said and a.of in stay}
    speakers = {"actor", "source"}
    naming = [nodes[i] for i in stay if nodes[i].kind in ("assertion", "motive")]
    named = {link.other(n.id) for n in naming for link in links_of(n)}
    return stay | {i for i in named if nodes[i].kind in speakers and i not in out}


@settings(max_examples=120, deadline=None)
@given(edited(), st.data())
def test_a_view_keeps_what_the_domain_page_says(made: tuple[ArgumentGraph, Nodes], data: st.DataObject) -> None:
    graph, nodes = made
    query = data.draw(queries(nodes))
    view = narrow(graph, query)
    expected = _kept(nodes, query) if query.narrows else set(nodes)
    assert [node.id for node in view.nodes()] == sorted(expected)
