"""Nodes and maps as a client sees them, with what is derived of them, and their entity tags."""

from typing import Any, Protocol

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.derived import attack_of, basis_of
from schemas.argument import Argument
from schemas.map import MapHeader
from schemas.vocabulary import PLURALS
from service.context import VERSION
from service.wire import tags


def node_document(graph: ArgumentGraph, node_id: str) -> dict[str, Any]:
    """All fields of a node; of an argument also its attack and basis in this snapshot. Raises `NotFound`."""
    node = graph.node(node_id)
    document = node.document()
    if isinstance(node, Argument):
        document["attack"] = attack_of(graph, node)
        document["basis"] = basis_of(graph, node_id)
    return document


def node_tag(graph: ArgumentGraph, node_id: str) -> str:
    """The tag of a node's document: it changes when its bytes do and with nothing else. Raises `NotFound`."""
    node = graph.node(node_id)
    derived = ""
    if isinstance(node, Argument):
        derived = f"{attack_of(graph, node) or 'support'}.{basis_of(graph, node_id)}"
    return tags.of_node(node.version, graph.document(node_id) or b"", derived, VERSION)


def map_document(header: MapHeader) -> dict[str, Any]:
    """What a map says of itself, with how many nodes of each kind it has."""
    document = header.model_dump(mode="json")
    first = ("id", "title", "question", "description", "revision")
    counts = dict(zip(PLURALS, document.pop("counts"), strict=True))
    return {name: document.pop(name) for name in first} | document | {"counts": counts}


class Placed(Protocol):
    """Where a map stands: a snapshot, or what the store says."""

    @property
    def revision(self) -> int:
        """The map's revision."""

    @property
    def created_at(self) -> str:
        """When the map was made."""


def map_tag(place: Placed) -> str:
    """The tag of a map as a whole: its birth and its revision."""
    return f'"{place.revision}-{tags.digest(place.created_at, VERSION)}"'
