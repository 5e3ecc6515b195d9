"""A map as a JSON document: nothing that an author wrote is lost, and what is wrong is told with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from graph.editing.editor import Provenance, own_fields
from graph.editing.planning import plan
from graph.errors import Refused
from graph.interchange.json_document import dump, read_document
from graph.maps.replay import empty
from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.headers import AT, graph_of, header
from tests.support.nodes import actor, argument, statement
from tests.support.strategies import Nodes, whole_maps


def read_back(document: bytes) -> ArgumentGraph:
    """The map that a document makes in an empty store."""
    loaded = read_document(document)
    fields = loaded.draft.model_dump(exclude_none=True)
    blank = header(**fields).model_copy(update={"revision": 0})
    return plan(empty(blank), loaded.commands, Provenance("reader", AT)).graph


@settings(max_examples=25, deadline=None)
@given(whole_maps())
def test_what_is_read_back_is_what_was_written(nodes: Nodes) -> None:
    graph = graph_of(list(nodes.values()))
    again = read_back(dump(graph))
    assert [own_fields(node) for node in again.nodes()] == [own_fields(node) for node in graph.nodes()]
    assert dump(again) == dump(graph)


def test_the_document_has_the_map_and_its_nodes_by_kind() -> None:
    graph = graph_of(statement("p", "P", note="odd"), statement("q"), argument("a", "p", "q"))
    document = json.loads(dump(graph))
    assert (document["format"], document["version"]) == ("argumap", 1)
    assert document["map"] == {"id": "m", "title": "A map", "question": "", "description": ""}
    assert list(document["nodes"]) == ["actors", "motives", "statements", "arguments", "sources", "assertions"]
    assert document["nodes"]["statements"][0] == {"id": "p", "note": "odd", "text": "P"}


def test_every_command_knows_its_place() -> None:
    loaded = read_document(dump(graph_of(actor("k"), statement("p"), statement("q"))))
    assert loaded.places == ["/nodes/actors/0", "/nodes/statements/0", "/nodes/statements/1"]
    assert [command.id for command in loaded.commands] == ["k", "p", "q"]


WHOLE: dict[str, Any] = {"format": "argumap", "version": 1, "map": {"id": "m", "title": "M"}, "nodes": {}}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({**WHOLE, "format": "aif"}, None),
        ([], None),
        ({**WHOLE, "version": 2}, "/version"),
        ({**WHOLE, "edges": []}, "/edges"),
        ({"format": "argumap", "version": 1, "map": {}}, "/nodes"),
        ({**WHOLE, "nodes": []}, "/nodes"),
        ({**WHOLE, "map": {"id": "m"}}, "/map/title"),
        ({**WHOLE, "nodes": {"people": []}}, "/nodes/people"),
        ({**WHOLE, "nodes": {"actors": {}}}, "/nodes/actors/0"),
        ({**WHOLE, "nodes": {"actors": [{"name": "X"}]}}, "/nodes/actors/0"),
        ({**WHOLE, "nodes": {"actors": [{"id": "k"}, 7]}}, "/nodes/actors/1"),
    ],
)
def test_a_document_that_is_none_is_refused_with_the_place(document: object, place: str | None) -> None:
    with pytest.raises(Refused) as refused:
        read_document(json.dumps(document).encode())
    assert [problem.pointer for problem in refused.value.problems] == ([place] if place else [])


@pytest.mark.parametrize("document", [b"", b"{", b"\xff\xfe", b"nonsense"])
def test_what_is_no_json_is_refused(document: bytes) -> None:
    with pytest.raises(Refused):
        read_document(document)
