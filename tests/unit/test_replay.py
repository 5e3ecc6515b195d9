"""Replay: a snapshot carried along the log in both directions is the snapshot of that revision."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.editing.editor import Provenance
from graph.editing.planning import rename
from graph.maps.replay import backward, empty, forward
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Change, decode_change, encode_change
from tests.support.chronicle import Chronicle
from tests.support.headers import header
from tests.support.nodes import actor, argument, statement
from tests.support.strategies import Nodes, whole_maps


def _log(states: list[Nodes]) -> tuple[list[Change], list[ArgumentGraph]]:
    """Changes that lead through these states, and a fresh snapshot of each."""
    told = Chronicle()
    graphs = []
    for n, nodes in enumerate(states):
        changed = [node for node in nodes.values() if told.nodes.get(node.id) != node]
        told.next(*changed, gone=sorted(set(told.nodes) - set(nodes)), title=f"Title {n}", by=f"author {n}")
        graphs.append(ArgumentGraph.of(told.header, nodes.values()))
    return told.changes, graphs


def _same(one: ArgumentGraph, other: ArgumentGraph) -> None:
    assert one.header == other.header
    assert [n.dense() for n in one.nodes()] == [n.dense() for n in other.nodes()]
    assert one.counts == other.counts
    for node in other.nodes():
        assert one.links_to(node.id) == other.links_to(node.id)


@settings(max_examples=60, deadline=None)
@given(states=st.lists(whole_maps(3), min_size=2, max_size=5))
def test_every_revision_is_reached_from_before_and_from_behind(states: list[Nodes]) -> None:
    changes, graphs = _log(states)
    blank = empty(graphs[0].header.model_copy(update={"revision": 0, "title": "-"}))
    newest = graphs[-1]
    for n, graph in enumerate(graphs):
        _same(forward(blank, changes[: n + 1]), graph)
        _same(backward(newest, changes[n + 1 :], changes[n]), graph)
        _same(forward(backward(newest, changes[n + 1 :], changes[n]), changes[n + 1 :]), newest)


@settings(max_examples=30, deadline=None)
@given(states=st.lists(whole_maps(3), min_size=1, max_size=3))
def test_a_change_read_from_a_log_is_the_one_that_was_written(states: list[Nodes]) -> None:
    for change in _log(states)[0]:
        again = decode_change(encode_change(change))
        assert again == change
        assert again.inverse() == change.inverse()


def test_no_changes_carry_a_snapshot_nowhere() -> None:
    graph = ArgumentGraph.of(header(), [statement("p")])
    assert forward(graph, []) is graph


def test_an_old_snapshot_shows_who_made_it_and_what_the_map_was_called() -> None:
    told = Chronicle()
    told.next(statement("p"), by="ann")
    told.next(title="Second", by="bob")
    told.next(actor("k"), by="cleo")
    graph = ArgumentGraph.of(told.header, told.nodes.values())
    old = backward(graph, told.changes[1:], told.changes[0])
    assert (old.header.title, old.header.updated_by, old.header.updated_at) == ("A map", "ann", told.changes[0].at)
    assert (old.revision, old.header.created_at) == (1, told.created_at)


def test_a_title_taken_out_comes_back() -> None:
    provenance = Provenance("ann", "2026-01-01T00:00:01.000000Z")
    graph = ArgumentGraph.of(header(question="Why?"), [])
    planned = rename(graph, {"question": None}, provenance)
    made = Change("m", 1, "u", provenance.at, "ann", ())
    renamed = Change("m", 2, "v", provenance.at, "ann", planned.edits)
    assert planned.graph.header.question == ""
    assert backward(planned.graph, [renamed], made).header.question == "Why?"
    assert forward(graph, [renamed]).header.question == ""


@pytest.mark.parametrize("document", [b"{}", b"[]", b"", b"{", b'{"map":"m","revision":"x"}'])
def test_an_entry_that_is_no_change_is_refused(document: bytes) -> None:
    with pytest.raises(Exception, match=r"(?i)json|missing|expected|truncated"):
        decode_change(document)


def test_a_null_side_of_an_edit_is_no_document() -> None:
    edit = '{"kind":"statement","id":"p","before":null,"after":{"id":"p"}}'
    change = decode_change(f'{{"map":"m","revision":1,"uid":"u","at":"t","by":"b","edits":[{edit}]}}')
    assert change.edits[0].before is None
    assert bytes(change.edits[0].after) == b'{"id":"p"}'


def test_the_inverse_of_several_edits_undoes_the_last_first() -> None:
    told = Chronicle()
    told.next(statement("p"), argument("a", "p", "q"), statement("q"))
    change = told.next(gone=["a", "p"])
    assert [e.id for e in change.inverse()] == ["p", "a"]
    assert all(e.before is None and e.after is not None for e in change.inverse())
