"""Nodes of a snapshot and the links among them as a node-link document, with counts of the links that are cut."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, cast

import numpy as np

from graph.budgets import EDGES_A_STEP, WHOLE_MAP, Allowance, StepBudget
from graph.drawing.positions import Position, layered_positions
from graph.paths.neighbours import Neighbours
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.derived import attack_of, basis_of
from graph.snapshot.links import links_of
from graph.snapshot.overlay import entries_of, kinds_of, link_counts
from schemas.actor import Actor
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.evaluation import Standing, Verdict
from schemas.graph_document import GraphDocument, GraphEdge, GraphFacts, GraphNode
from schemas.motive import Motive
from schemas.node import AnyNode, label
from schemas.source import Source
from schemas.statement import Statement
from schemas.vocabulary import KINDS, Basis, Relation


class Judged(NamedTuple):
    """How a node stands, and what it counts for."""

    verdict: Verdict | None = None
    standing: Standing | None = None
    weight: float | None = None


_NOT_JUDGED = Judged()


class NodeColumns(NamedTuple):
    """What a drawing shows of nodes beyond the map itself, by id."""

    verdicts: Mapping[str, Judged] = {}
    strengths: Mapping[str, float] = {}
    positions: bool = False
    """Whether each node gets a place in a layered drawing."""


NO_COLUMNS = NodeColumns()


def count_nodes(graph: ArgumentGraph, kinds: Collection[int]) -> int:
    """How many nodes of these kinds there are."""
    return sum(graph.counts[KINDS[code]] for code in kinds)


def count_edges(graph: ArgumentGraph, kinds: Collection[int], relations: Collection[Relation] = ()) -> int:
    """How many links there are among the nodes of these kinds, of these relations if any are given.

    O(links) in arrays once, then O(patch); where relations are given O(nodes + their links) in arrays.
    """
    codes = sorted(kinds)
    if not relations:
        return int(link_counts(graph)[np.ix_(codes, codes)].sum())
    wanted = np.isin(kinds_of(graph), codes)
    entries = [entries_of(graph, relation) for relation in relations]
    return sum(int((wanted[holders] & wanted[named]).sum()) for holders, named in entries)


def node_link(
    neighbours: Neighbours,
    shown: set[int],
    *,
    is_cut: bool,
    columns: NodeColumns = NO_COLUMNS,
    budget: StepBudget = WHOLE_MAP,
) -> GraphDocument:
    """The document of these nodes and the links among them. O(links at them), and the totals.

    `budget` says who may cancel; its steps do not count, since the answer is as large as the work.
    """
    graph = neighbours.graph
    drawing = _Drawing(neighbours, shown, columns, Allowance(WHOLE_MAP.until(budget.cancelled)))
    facts = GraphFacts(
        graph.map,
        graph.revision,
        not is_cut,
        "budget" if is_cut else None,
        count_nodes(graph, neighbours.kinds),
        count_edges(graph, neighbours.kinds, neighbours.relations),
    )
    numbers = sorted(shown, key=graph.id)
    edges = tuple([edge for number in numbers for edge in drawing.edges(number)])
    if columns.positions:
        ends = [(edge.source, edge.target) for edge in edges]
        drawing.positions = layered_positions(list(map(graph.id, numbers)), ends, budget)
    return GraphDocument(graph=facts, nodes=tuple(map(drawing.node, numbers)), edges=edges)


def edges_of(graph: ArgumentGraph, number: int, relations: Collection[Relation] = ()) -> Iterator[GraphEdge]:
    """The links that a node's own fields state, of these relations if any are given, to nodes of the snapshot.

    Parallel ones, as of a chain that names an actor twice, are told apart by their keys. O(these).
    """
    node = graph.at(number)
    stance = node.stance if isinstance(node, Argument) else None
    times: Counter[tuple[str, str, str]] = Counter()
    for link in links_of(node):
        if (relations and link.relation not in relations) or link.other(node.id) not in graph:
            continue
        same = link.relation, link.source, link.target
        times[same] += 1
        key = link.relation if times[same] == 1 else f"{link.relation}-{times[same]}"
        yield GraphEdge(
            id=f"{link.source}:{key}:{link.target}",  # no id has a colon in it
            source=link.source,
            target=link.target,
            key=key,
            relation=link.relation,
            stance=stance,
            role=link.role,
            position=link.position,
            basis=cast(Basis | None, link.basis),
        )


class _Drawing:
    def __init__(self, neighbours: Neighbours, shown: set[int], columns: NodeColumns, allowance: Allowance) -> None:
        self.neighbours = neighbours
        self.graph = neighbours.graph
        self.shown = shown
        self.columns = columns
        self.positions: Mapping[str, Position] = {}
        self.spend = allowance.spend
        self.is_all = len(shown) == count_nodes(self.graph, neighbours.kinds)

    def node(self, number: int) -> GraphNode:
        node = self.graph.at(number)
        hidden_in, hidden_out = (0, 0) if self.is_all else self._hidden(number)
        supporting, opposing = self._arguments(number)
        x, y = self.positions.get(node.id, (None, None))
        return GraphNode(
            id=node.id,
            kind=node.kind,
            label=label(node),
            supporting=supporting,
            opposing=opposing,
            hidden_in=hidden_in,
            hidden_out=hidden_out,
            **self.columns.verdicts.get(node.id, _NOT_JUDGED)._asdict(),
            strength=self.columns.strengths.get(node.id),
            x=x,
            y=y,
            **_details(self.graph, node),
        )

    def edges(self, number: int) -> Iterator[GraphEdge]:
        """The links that a node states whose other end is shown."""
        graph, shown = self.graph, self.shown
        node_id, seen = graph.id(number), 0
        for edge in edges_of(graph, number, self.neighbours.relations):
            seen += 1
            if graph.find(edge.target if edge.source == node_id else edge.source) in shown:
                yield edge
        self.spend(1 + seen // EDGES_A_STEP)

    def _arguments(self, number: int) -> tuple[int, int]:
        """How many arguments the view has for and against a node."""
        signs = [self.graph.sign(step) for step in self.graph.incoming(number)]
        supporting = signs.count(1)
        self.spend(1 + len(signs) // EDGES_A_STEP)
        return supporting, len(signs) - supporting

    def _hidden(self, number: int) -> tuple[int, int]:
        """Links to and from a node whose other end is not shown."""
        into = out = seen = 0
        for _, end, is_outward in self.neighbours.links(number):
            seen += 1
            if end not in self.shown:
                out, into = (out + 1, into) if is_outward else (out, into + 1)
        self.spend(1 + seen // EDGES_A_STEP)
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
