"""A map for drawing, as a node-link document: all of it, its most important part, or what lies around a node.

Positions put nodes in layers along the direction of reasoning with few crossings, the same every time. The framework is
that of Sugiyama, Tagawa and Toda (1981, doi:10.1109/TSMC.1981.4308636): break the circles, put each node on a layer,
order the layers so that few links cross, then give coordinates. Nothing is random and ties go by id, so that equal
drawings have equal positions and a small edit moves little.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from heapq import merge
from itertools import islice
from statistics import fmean
from typing import Any, NamedTuple, cast

import networkx as nx
import numpy as np
from scipy.optimize import isotonic_regression

from graph.budgets import EDGES_A_STEP, WHOLE_MAP, Allowance, StepBudget
from graph.paths.endpoints import codes_of, is_unused, refuse_unknown, relations_of, with_pointers
from graph.paths.reachability import Neighbours
from graph.snapshot.argument_graph import ArgumentGraph, attack_of, basis_of, links_of
from graph.snapshot.arrays import entries_of, kinds_of, link_counts
from graph.snapshot.relations import Number
from schemas.evaluation import Standing, Verdict
from schemas.graph_document import GraphDocument, GraphEdge, GraphFacts, GraphNode
from schemas.node import Actor, AnyNode, Argument, Assertion, Motive, Source, Statement, label
from schemas.query import GraphQuery, NeighbourhoodQuery
from schemas.vocabulary import KINDS, Basis, Relation

_CENTRES = 20
"""One in so many nodes of a budget is a centre; the rest lies around them."""
_SWEEPS = 8
"""Times that every layer is ordered by those beside it, up and down in turn; more change little."""


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


class Position(NamedTuple):
    """A place in the plane."""

    x: float
    """Along the layer; two nodes of a layer are at least 1 apart."""
    y: float
    """The layer, 0 for what is used no further."""


# --- what is drawn ---------------------------------------------------------------------------------


def graph_document(
    graph: ArgumentGraph,
    query: GraphQuery,
    budget: StepBudget = WHOLE_MAP,
    *,
    whole: ArgumentGraph | None = None,
    columns: NodeColumns = NO_COLUMNS,
) -> GraphDocument:
    """The snapshot, which the query's view has narrowed already, as nodes and edges, at most `query.budget` nodes.

    With a focus: what lies within `depth` links of it, nearest first. A focus of a kind that is not asked for
    stands for what it says. Without one: everything, or where that is more than the budget what is around the
    nodes that are most argued about. Nothing is cut silently: each node counts its links to nodes not shown.
    `columns` are what a node shows beyond the map itself. `whole` is the same revision without the view's filters:
    an id that only it has is no fault. Raises `Refused` for a focus that neither has, and for an unknown kind or
    relation.
    """
    neighbours = Neighbours(graph, codes_of(query.kinds), relations_of(query.relations))
    allowance = Allowance(budget)
    if query.focus:
        refuse_unknown((graph, whole or graph), with_pointers("focus", query.focus))
        focus = neighbours.focus(query.focus)
        shown, is_cut = neighbours.around(focus, query.depth, query.budget, allowance=allowance)
    elif count_nodes(graph, neighbours.kinds) > query.budget:
        shown, is_cut = most_important(neighbours, query.budget, allowance), True
    else:
        shown, is_cut = set(filter(neighbours.has, graph.numbers())), False
    return node_link(neighbours, shown, is_cut=is_cut, columns=columns, budget=budget)


def neighbourhood(
    graph: ArgumentGraph, node_id: str, query: NeighbourhoodQuery, budget: StepBudget = WHOLE_MAP
) -> GraphDocument:
    """What lies within `depth` links of a node in this snapshot, nearest first, at most `query.budget` nodes.

    Links go from premise to argument to target, and as `graph.snapshot.relations` says. A node of a kind that is not
    asked for stands for what it says. Raises `NotFound`, and `Refused` for an unknown kind.
    """
    graph.number(node_id)
    neighbours = Neighbours(graph, codes_of(query.kinds))
    focus = neighbours.focus((node_id,))
    shown, is_cut = neighbours.around(focus, query.depth, query.budget, query.direction, Allowance(budget))
    return node_link(neighbours, shown, is_cut=is_cut, budget=budget)


def most_important(neighbours: Neighbours, most: int, allowance: Allowance) -> set[Number]:
    """So many nodes: the most important ones and what lies around them, then the next.

    O(nodes log nodes) in arrays, and the links at the nodes given.
    """
    ranked = filter(neighbours.has, _by_importance(neighbours.graph))
    shown: set[Number] = set()
    while len(shown) < most:
        centres = set(islice(ranked, max(1, most // _CENTRES)))
        if not centres:
            break
        found, _ = neighbours.around(centres - shown, None, most - len(shown), allowance=allowance)
        shown |= found
    return shown


def _by_importance(graph: ArgumentGraph) -> Iterator[Number]:
    """All nodes: those that are argued about and used no further first, then by the arguments on them, then by id."""
    patch, columns = graph.patch, graph.columns
    outgoing, incoming = columns.outgoing.widths(), columns.incoming.widths()
    inner = (outgoing > 0) | (incoming == 0) | (np.asarray(columns.target) >= 0)
    order = np.lexsort((-incoming, inner)).tolist()  # a stable sort, and numbers follow ids

    def rank(number: Number) -> tuple[bool, int, str]:
        arguments = len(graph.incoming(number))
        is_end = arguments > 0 and is_unused(graph, number)
        return not is_end, -arguments, graph.id(number)

    changed = {*patch.nodes, *patch.outgoing, *patch.incoming}
    if not changed:
        return iter(order)
    kept = (number for number in order if number not in changed)
    return merge(kept, sorted(filter(graph.alive, changed), key=rank), key=rank)


# --- as a node-link document -----------------------------------------------------------------------


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
    shown: set[Number],
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


def edges_of(graph: ArgumentGraph, number: Number, relations: Collection[Relation] = ()) -> Iterator[GraphEdge]:
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
    def __init__(self, neighbours: Neighbours, shown: set[Number], columns: NodeColumns, allowance: Allowance) -> None:
        self.neighbours = neighbours
        self.graph = neighbours.graph
        self.shown = shown
        self.columns = columns
        self.positions: Mapping[str, Position] = {}
        self.spend = allowance.spend
        self.is_all = len(shown) == count_nodes(self.graph, neighbours.kinds)

    def node(self, number: Number) -> GraphNode:
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

    def edges(self, number: Number) -> Iterator[GraphEdge]:
        """The links that a node states whose other end is shown."""
        graph, shown = self.graph, self.shown
        node_id, seen = graph.id(number), 0
        for edge in edges_of(graph, number, self.neighbours.relations):
            seen += 1
            if graph.find(edge.target if edge.source == node_id else edge.source) in shown:
                yield edge
        self.spend(1 + seen // EDGES_A_STEP)

    def _arguments(self, number: Number) -> tuple[int, int]:
        """How many arguments the view has for and against a node."""
        signs = [self.graph.sign(step) for step in self.graph.incoming(number)]
        supporting = signs.count(1)
        self.spend(1 + len(signs) // EDGES_A_STEP)
        return supporting, len(signs) - supporting

    def _hidden(self, number: Number) -> tuple[int, int]:
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


# --- where it stands -------------------------------------------------------------------------------


def layered_positions(
    ids: Iterable[str], links: Iterable[tuple[str, str]], budget: StepBudget = WHOLE_MAP
) -> dict[str, Position]:
    """A position for each id. A link leads to a layer of a smaller number, except where it closes a circle.

    O((ids + links) log ids). `budget` says who may cancel.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(ids))
    graph.add_edges_from(link for link in links if link[0] != link[1])
    spend = Allowance(WHOLE_MAP.until(budget.cancelled)).spend
    layers = _layers(graph)
    x = _along(graph, layers, spend)
    return {node: Position(x[node], float(y)) for y, layer in enumerate(layers) for node in layer}


def _layers(graph: "nx.DiGraph[str]") -> list[list[str]]:
    """The nodes by the longest way on from each, without the links that close a circle."""
    inner: dict[str, int] = {}
    """Within a circle: links to the nearest node that leads out of it."""
    circle: dict[str, int] = {}
    for number, members in enumerate(nx.strongly_connected_components(graph)):
        circle.update(dict.fromkeys(members, number))
        if len(members) > 1:
            exits = [n for n in sorted(members) if not members.issuperset(graph.successors(n))] or [min(members)]
            for distance, layer in enumerate(nx.bfs_layers(graph.subgraph(members).reverse(copy=False), exits)):
                inner.update(dict.fromkeys(layer, distance))
    acyclic: nx.DiGraph[str] = nx.DiGraph()
    acyclic.add_nodes_from(graph)
    acyclic.add_edges_from(
        (end, start) for start, end in graph.edges if circle[start] != circle[end] or inner[start] > inner[end]
    )
    return [sorted(layer) for layer in nx.topological_generations(acyclic)]


def _along(graph: "nx.DiGraph[str]", layers: list[list[str]], spend: Callable[[int], None]) -> dict[str, float]:
    """Where each node stands on its layer: by its neighbours on the layers before, then on those behind, and again."""
    level = {node: y for y, layer in enumerate(layers) for node in layer}
    near = {node: {*graph.predecessors(node), *graph.successors(node)} for node in graph}
    below = {node: sorted(n for n in others if level[n] < level[node]) for node, others in near.items()}
    above = {node: sorted(n for n in others if level[n] > level[node]) for node, others in near.items()}
    x = {node: float(place) for layer in layers for place, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        beside, order = (below, layers) if sweep % 2 == 0 else (above, layers[::-1])
        for layer in order:
            spend(len(layer) + sum(len(beside[node]) for node in layer) // EDGES_A_STEP)
            wanted = {node: fmean([x[n] for n in beside[node]] or [x[node]]) for node in layer}
            layer.sort(key=lambda node, wanted=wanted: (wanted[node], x[node], node))  # type: ignore[misc]
            x.update(zip(layer, _apart([wanted[node] for node in layer]), strict=True))
    first = min(x.values(), default=0.0)
    return {node: round(place - first, 3) for node, place in x.items()}


def _apart(wanted: list[float]) -> list[float]:
    """The places nearest to those wanted, in the same order, that are at least 1 apart (by least squares)."""
    steps = np.arange(len(wanted))
    found: list[float] = (isotonic_regression(np.asarray(wanted) - steps).x + steps).tolist()
    return found
