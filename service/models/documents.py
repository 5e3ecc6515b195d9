"""Nodes and maps as a client sees them, with what is derived of them."""

from typing import Any

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.derived import attack_of, basis_of
from schemas.argument import Argument
from schemas.map import MapHeader
from schemas.vocabulary import PLURALS
from service.http.conditions import node_tag


def node_document(graph: ArgumentGraph, node_id: str) -> dict[str, Any]:
    """All fields of a node; of an argument also its attack and basis in this snapshot. Raises `NotFound`."""
    node = graph.node(node_id)
    document = node.document()
    if isinstance(node, Argument):
        document["attack"] = attack_of(graph, node)
        document["basis"] = basis_of(graph, node_id)
    return document


def map_document(header: MapHeader) -> dict[str, Any]:
    """What a map says of itself, with how many nodes of each kind it has."""
    document = header.model_dump(mode="json", exclude={"change"})
    first = ("id", "title", "question", "description", "revision")
    held = document.pop("counts")
    counts = {plural: held.get(kind, 0) for plural, kind in PLURALS.items()}
    return {name: document.pop(name) for name in first} | document | {"counts": counts}


def document_tag(graph: ArgumentGraph, node_id: str) -> str:
    """The tag of a node's document: of an argument it changes with what is derived. Raises `NotFound`."""
    node = graph.node(node_id)
    derived = (attack_of(graph, node), basis_of(graph, node_id)) if isinstance(node, Argument) else ()
    return node_tag(graph, node_id, *derived)
