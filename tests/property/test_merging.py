"""A merge on any map: nothing names the node that went, nothing dangles, and its inverse gives the same bytes."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.editing.editor import Provenance, faults
from graph.editing.merging import merge, tell_apart
from graph.errors import Conflict
from graph.maps.replay import backward, forward
from graph.snapshot.argument_graph import ArgumentGraph, links_of
from schemas.change import Change
from schemas.node import Argument
from tests.support.headers import header
from tests.support.strategies import Nodes, whole_maps

LATER = Provenance("bob", "2026-02-02T00:00:00.000000Z")


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Nodes, str, str]:
    nodes = draw(whole_maps())
    kinds = [[one.id for one in nodes.values() if one.kind == kind] for kind in {n.kind for n in nodes.values()}]
    several = [ids for ids in kinds if len(ids) > 1]
    assume(several)
    keep, drop = draw(st.sampled_from(several).flatmap(st.permutations))[:2]
    return nodes, keep, drop


def documents(graph: ArgumentGraph) -> dict[str, bytes]:
    return {node.id: node.dense() for node in graph.nodes()}


@settings(max_examples=150, deadline=None)
@given(pairs())
def test_what_named_the_one_names_the_other_and_all_of_it_can_be_undone(made: tuple[Nodes, str, str]) -> None:
    nodes, keep, drop = made
    graph = ArgumentGraph.of(header(), nodes.values())
    try:
        planned = merge(graph, keep, drop, {}, LATER).plan
    except Conflict:
        assert led_from_one_to_the_other(nodes, keep, drop)
        return
    after = planned.graph
    assert set(documents(after)) == set(nodes) - {drop}
    assert (after.merged_into(drop), after.merged_into(keep)) == (keep, None)
    for node in after.nodes():
        assert drop not in {link.other(node.id) for link in links_of(node)}
        assert list(faults(after, node)) == []
    before = {(nodes[i].id, link.relation) for i in nodes for link in links_of(nodes[i]) if link.other(i) == drop}
    for holder, relation in before - {(keep, relation) for _, relation in before}:
        assert any(one.relation == relation and one.other(holder) == keep for one in links_of(after.node(holder)))
    change = Change(graph.map, after.revision, "u", LATER.at, LATER.by, planned.edits)
    assert documents(forward(graph, [change])) == documents(after)
    was = Change(graph.map, graph.revision, "v", LATER.at, LATER.by, ())
    undone = backward(after, [change], was)
    assert documents(undone) == documents(graph)
    assert undone.merged_into(drop) is None


def led_from_one_to_the_other(nodes: Nodes, keep: str, drop: str) -> bool:
    one, other = nodes[keep], nodes[drop]
    if isinstance(one, Argument) and isinstance(other, Argument):
        return (one.target, one.stance) != (other.target, other.stance) or {one.target, other.target} & {keep, drop}
    steps = [node for node in nodes.values() if isinstance(node, Argument)]
    return any({premise, step.target} == {keep, drop} for step in steps for premise in step.premises)


@settings(max_examples=50, deadline=None)
@given(pairs())
def test_a_judgement_stands_at_both_and_a_merge_ends_it(made: tuple[Nodes, str, str]) -> None:
    nodes, keep, drop = made
    graph = ArgumentGraph.of(header(), nodes.values())
    told = tell_apart(graph, keep, drop, LATER).graph
    assert told.node(keep).different_from == (drop,)
    assert told.node(drop).different_from == (keep,)
    assert tell_apart(told, drop, keep, LATER).edits == ()
    try:
        after = merge(told, keep, drop, {}, LATER).plan.graph
    except Conflict:
        return
    assert after.node(keep).different_from == ()
