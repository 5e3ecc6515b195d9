"""Nodes of a snapshot and the links among them as a node-link document, with counts of the links that are cut."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

from graph.drawing.counts import count_edges, count_nodes
from graph.paths.neighbours import Neighbours
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.derived import attack_of, basis_of
from graph.snapshot.links import links_of
from schemas.actor import Actor
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.graph_document import GraphDocument, GraphEdge, GraphFacts, GraphNode
from schemas.motive import Motive
from schemas.node import AnyNode, label
from schemas.source import Source
from schemas.statement import Statement
from schemas.vocabulary import Basis


def drawn(neighbours: Neighbours, shown: set[int], *, is_cut: bool) -> GraphDocument:
    """The document of these nodes and the links among them; O(links at them), and the totals."""
    graph = neighbours.graph
    drawing = _Drawing(neighbours, shown)
    facts = GraphFacts(
        graph.map,
        graph.revision,
        not is_cut,
        "budget" if is_cut else None,
        count_nodes(graph, neighbours.kinds),
        count_edges(graph, neighbours.kinds),
    )
    numbers = sorted(shown, key=graph.id)
    edges = tuple([edge for number in numbers for edge in drawing.edges(number)])
    return GraphDocument(graph=facts, nodes=tuple(map(drawing.node, numbers)), edges=edges)


class _Drawing:
    def __init__(self, neighbours: Neighbours, shown: set[int]) -> None:
        self.neighbours = neighbours
        self.graph = neighbours.graph
        self.shown = shown
        self.is_all = len(shown) == count_nodes(self.graph, neighbours.kinds)

    def node(self, number: int) -> GraphNode:
        node = self.graph.at(number)
        hidden_in, hidden_out = (0, 0) if self.is_all else self._hidden(number)
        return GraphNode(
            id=node.id,
            kind=node.kind,
            label=label(node),
            hidden_in=hidden_in,
            hidden_out=hidden_out,
            **_details(self.graph, node),
        )

    def edges(self, number: int) -> Iterator[GraphEdge]:
        """The links that a node states whose other end is shown."""
        node = self.graph.at(number)
        stance = node.stance if isinstance(node, Argument) else None
        keys: Counter[tuple[str, str, str]] = Counter()
        for link in links_of(node):
            if self.graph.find(link.other(node.id)) in self.shown:
                same = link.relation, link.source, link.target
                keys[same] += 1
                yield GraphEdge(
                    source=link.source,
                    target=link.target,
                    key=link.relation if keys[same] == 1 else f"{link.relation}-{keys[same]}",
                    relation=link.relation,
                    stance=stance,
                    role=link.role,
                    position=link.position,
                    basis=cast(Basis | None, link.basis),
                )

    def _hidden(self, number: int) -> tuple[int, int]:
        """Links to and from a node whose other end is not shown."""
        into = out = 0
        for _, end, is_outward in self.neighbours.links(number):
            if end not in self.shown:
                out, into = (out + 1, into) if is_outward else (out, into + 1)
        return into, out


def _details(graph: ArgumentGraph, node: AnyNode) -> dict[str, Any]:
    """What a drawing needs of a node beyond its label."""
    match node:
        case Statement():
            return {"origin": node.origin, "scope": node.scope}
        case Motive():
            return {"name": node.name, "category": node.category, "actor": node.actor}
        case Argument():
            return {
                "stance": node.stance,
                "confidence": node.confidence,
                "basis": basis_of(graph, node.id),
                "attack": attack_of(graph, node),
                "scheme": node.scheme,
            }
        case Actor():
            return {"actor_kind": node.actor_kind}
        case Source():
            return {"source_kind": node.source_kind, "status": node.status}
        case Assertion():
            return {"modality": node.modality, "basis": node.basis}
