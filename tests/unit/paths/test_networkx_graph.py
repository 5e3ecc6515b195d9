"""The snapshot in networkx: all that is known, and what networkx writes of it is the document that drawings get."""

from __future__ import annotations

from typing import Any

import msgspec
import networkx as nx
import pytest
from hypothesis import given, settings

from graph.budgets import Cancelled, StepBudget
from graph.drawing.networkx_graph import to_networkx
from graph.drawing.node_link import graph_document
from schemas.query import GraphQuery
from schemas.vocabulary import KINDS
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.strategies import Nodes, whole_maps
from tests.unit.paths.maps import map_of


def shared(item: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The part of an item that another one has too."""
    return {key: value for key, value in item.items() if key in other}


@settings(deadline=None, max_examples=50)
@given(whole_maps())
def test_networkx_writes_what_a_drawing_gets(nodes: Nodes) -> None:
    graph = graph_of(list(nodes.values()))
    document = msgspec.json.decode(msgspec.json.encode(graph_document(graph, GraphQuery(kinds=KINDS))))
    written = nx.node_link_data(to_networkx(graph), edges="edges")
    assert (written["directed"], written["multigraph"]) == (document["directed"], document["multigraph"])
    counted = [{k: v for k, v in node.items() if k not in ("supporting", "opposing")} for node in document["nodes"]]
    assert [shared(w, d) for w, d in zip(written["nodes"], counted, strict=True)] == counted
    edges = {edge["id"]: edge for edge in written["edges"]}
    assert edges == {edge["id"]: edge for edge in document["edges"]}
    assert len(edges) == len(document["edges"]) == len(written["edges"])


@settings(deadline=None, max_examples=30)
@given(whole_maps())
def test_nodes_have_every_field_of_their_documents(nodes: Nodes) -> None:
    plain = to_networkx(graph_of(list(nodes.values())))
    for node_id, node in nodes.items():
        known = node.document()
        assert shared(plain.nodes[node_id], known) == known
    assert sorted(plain) == sorted(nodes)


def test_parallel_links_are_kept_apart_and_know_their_place() -> None:
    graph = graph_of(actor("ann"), source("s"), statement("p"), assertion("x", "p", "s", chain=("ann", "ann")))
    plain = to_networkx(graph)
    assert plain.number_of_edges("x", "ann") == 2
    assert {key: (d["id"], d["position"]) for key, d in plain["x"]["ann"].items()} == {
        "spoken_by": ("x:spoken_by:ann", 0), "spoken_by-2": ("x:spoken_by-2:ann", 1),
    }  # fmt: skip


def test_kinds_and_relations_may_be_chosen() -> None:
    graph = graph_of(statement("p"), statement("t"), argument("a", "p", "t"), source("s"), assertion("x", "p", "s"))
    assert sorted(to_networkx(graph, kinds=("statement", "argument"))) == ["a", "p", "t"]
    assert list(to_networkx(graph, relations=("targets",)).edges()) == [("a", "t")]
    assert to_networkx(graph).graph == {"map": "m", "revision": 1, "title": "A map", "question": ""}


def test_work_that_nobody_waits_for_ends() -> None:
    with pytest.raises(Cancelled):
        to_networkx(
            map_of(*(f"a{i:03}: s{i:03} -> s{i + 1:03}" for i in range(400))), budget=StepBudget(1, lambda: True)
        )
