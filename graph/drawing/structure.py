"""How a map is connected as a graph: rare questions about the whole of it, answered by networkx.

- components: what hangs together at all, and in it the circles, sets of nodes each of which leads to every other.
- communities: parts with more links inside than chance would give (Blondel et al. 2008,
  doi:10.1088/1742-5468/2008/10/P10008).
- bridges: links without which a component falls apart.
- pagerank: where reasoning gathers (Page et al. 1999).
- betweenness: the share of shortest ways that lead through a node (Brandes 2001, doi:10.1080/0022250X.2001.9990249);
  on large maps from a sample of starts (Brandes and Pich 2007, doi:10.1142/S0218127407018403).
"""

from collections.abc import Iterator
from operator import itemgetter
from random import Random
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from msgspec import UNSET, UnsetType

from graph.budgets import StepBudget, page_of, question_of
from graph.paths.endpoints import codes_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import entries_of
from graph.snapshot.relations import NONE, REFERENCES, Ints
from schemas.query import StructureQuery, ViewQuery
from schemas.structure import StructureAnswer, StructureItem, StructureReason
from schemas.vocabulary import KINDS, RELATIONS, Measure

STRUCTURE = StepBudget(2_000_000)
"""A few seconds."""
_STEPS: dict[Measure, int] = {"components": 4, "communities": 100, "bridges": 8, "pagerank": 8, "betweenness": 1}
"""What a node or a link costs, of betweenness for each start; measured, and rounded."""
_SEED = 1
_AT_ONCE = 8
"""Starts of shortest ways between two looks at whether anybody still waits."""
_MEMO = "structure"
_REMEMBERED = 4
_INWARD = {reference.relation: reference.inward for reference in REFERENCES}
_Placed = tuple[tuple[Any, str], StructureItem]
"""An item with its place in the order."""


class _Found(NamedTuple):
    """A measure, worked out."""

    items: list[_Placed]
    sampled: int | None = None
    modularity: float | UnsetType = UNSET
    reason: StructureReason | None = None


def structure(
    graph: ArgumentGraph, query: StructureQuery, budget: StepBudget = STRUCTURE, *, view: ViewQuery | None = None
) -> StructureAnswer:
    """The measure that the query asks for of this snapshot, which the query's view has narrowed already; a page of it.

    Where the budget does not reach for the whole, betweenness and communities are worked out from a part and say so;
    the other measures are left out. The same view gives the same answer: what is drawn by lot has a fixed seed, and
    nodes come in the order of their ids. `view` is what narrowed the snapshot: a cursor belongs to it. Raises
    `Refused` for an unknown kind or a cursor of another question, and `Cancelled`.
    """
    links = _Links(graph, codes_of(query.kinds))
    found = _remembered(links, query.measure, budget)
    page = page_of(
        found.items,
        itemgetter(0),
        tuple[float | str, str],
        question=question_of(graph.map, view, query),
        limit=query.limit,
        cursor=query.cursor,
    )
    return StructureAnswer(
        map=graph.map,
        revision=graph.revision,
        measure=query.measure,
        complete=found.reason is None,
        reason=found.reason,
        sampled=found.sampled,
        total_nodes=len(links.ids),
        total_edges=len(links.sources),
        modularity=found.modularity,
        items=tuple([item for _, item in page.items]),
        total=page.total,
        next=page.next,
    )


class _Links:
    """The nodes of some kinds by their places in the order of ids, and the links among them in arrays."""

    def __init__(self, graph: ArgumentGraph, codes: frozenset[int]) -> None:
        self.graph = graph
        self.codes = codes
        self.numbers = [number for number in graph.numbers() if graph.kind(number) in codes]
        self.ids = list(map(graph.id, self.numbers))
        place = np.full(graph.size, NONE, dtype=np.int32)
        place[self.numbers] = np.arange(len(self.numbers), dtype=np.int32)
        rows = [self._of(place, code) for code in range(len(RELATIONS))]
        self.sources, self.targets, self.relations = (np.concatenate(part) for part in zip(*rows, strict=True))

    @property
    def size(self) -> int:
        """Nodes and links together."""
        return len(self.ids) + len(self.sources)

    def _of(self, place: Ints, code: int) -> tuple[Ints, Ints, Ints]:
        relation = RELATIONS[code]
        holders, named = (place[ends] for ends in entries_of(self.graph, relation))
        both = (holders != NONE) & (named != NONE)
        ends = (named[both], holders[both]) if _INWARD[relation] else (holders[both], named[both])
        return *ends, np.full(len(ends[0]), code, dtype=np.int32)

    def directed(self) -> "nx.DiGraph[int]":
        """The graph; parallel links are one edge of that weight."""
        found: nx.DiGraph[int] = nx.DiGraph()
        found.add_nodes_from(range(len(self.ids)))
        found.add_weighted_edges_from(_weighted(self.sources, self.targets))
        return found

    def undirected(self) -> "nx.Graph[int]":
        """The same without directions."""
        found: nx.Graph[int] = nx.Graph()
        found.add_nodes_from(range(len(self.ids)))
        ends = np.minimum(self.sources, self.targets), np.maximum(self.sources, self.targets)
        found.add_weighted_edges_from(_weighted(*ends))
        return found


def _weighted(sources: Ints, targets: Ints) -> Iterator[tuple[int, int, int]]:
    # One number for a pair: numbers are sorted without holding up the other threads, rows of a matrix are not.
    width = np.int64(targets.max(initial=0)) + 1
    pairs, counts = np.unique(sources.astype(np.int64) * width + targets, return_counts=True)
    return zip((pairs // width).tolist(), (pairs % width).tolist(), counts.tolist(), strict=True)


def _remembered(links: _Links, measure: Measure, budget: StepBudget) -> _Found:
    """The measure, worked out once for the pages of an answer."""
    memo: Any = links.graph.memo.setdefault(_MEMO, {})
    key = measure, links.codes, budget.steps
    found: _Found | None = memo.get(key)
    if found is None:
        found = _worked_out(links, measure, budget)
        if len(memo) >= _REMEMBERED:
            memo.clear()
        memo[key] = found
    return found


def _worked_out(links: _Links, measure: Measure, budget: StepBudget) -> _Found:
    budget.check()
    affordable = budget.steps // _STEPS[measure] // max(1, links.size)
    if measure == "betweenness" and links.ids:
        return _betweenness(links, max(1, affordable), budget)
    if measure == "communities":
        return _communities(links, budget.steps // _STEPS[measure])
    if not affordable:
        return _Found([], reason="budget")
    if measure == "components":
        return _components(links)
    if measure == "bridges":
        return _bridges(links)
    return _Found(_ranked(links, nx.pagerank(links.directed(), max_iter=1000, tol=1e-10 / max(1, len(links.ids)))))


def _components(links: _Links) -> _Found:
    graph = links.directed()
    circles: dict[int, list[tuple[str, ...]]] = {}
    component = {node: i for i, nodes in enumerate(nx.weakly_connected_components(graph)) for node in nodes}
    for nodes in nx.strongly_connected_components(graph):
        if len(nodes) > 1:
            circles.setdefault(component[min(nodes)], []).append(_ids(links, nodes))
    items = []
    for i, nodes in enumerate(nx.weakly_connected_components(graph)):
        inner = tuple(sorted(circles.get(i, []), key=lambda ids: (-len(ids), ids)))
        items.append(_part(StructureItem(nodes=_ids(links, nodes), circles=inner)))
    return _Found(sorted(items, key=itemgetter(0)))


def _communities(links: _Links, affordable: int) -> _Found:
    """Of the nodes with the most links, where there are too many for all."""
    graph = links.undirected()
    is_sampled = links.size > affordable
    if is_sampled:
        graph = _most_linked(graph, affordable)
    parts = nx.community.louvain_communities(graph, seed=_SEED)
    modularity = float(f"{nx.community.modularity(graph, parts):.6g}") if graph.number_of_edges() else 0.0
    items = [_part(StructureItem(nodes=_ids(links, nodes))) for nodes in parts]
    return _Found(
        sorted(items, key=itemgetter(0)),
        len(graph) if is_sampled else None,
        modularity,
        "sampled" if is_sampled else None,
    )


def _most_linked(graph: "nx.Graph[int]", size: int) -> "nx.Graph[int]":
    """The nodes with the most links and the links among them, as many as have this size together."""
    kept: set[int] = set()
    for node in sorted(graph, key=lambda node: (-graph.degree(node), node)):
        size -= 1 + sum(other in kept for other in graph[node])
        if size < 0:
            break
        kept.add(node)
    found: nx.Graph[int] = nx.Graph()
    found.add_nodes_from(sorted(kept))
    found.add_edges_from((a, b, d) for a, b, d in graph.edges(data=True) if a in kept and b in kept)
    return found


def _bridges(links: _Links) -> _Found:
    graph = links.undirected()
    bridges: Iterator[Any] = nx.bridges(graph)
    alone = {ends for ends in map(_in_order, bridges) if graph.edges[ends]["weight"] == 1}
    items = []
    for source, target, code in zip(
        links.sources.tolist(), links.targets.tolist(), links.relations.tolist(), strict=True
    ):
        if _in_order((source, target)) in alone:
            relation, ends = RELATIONS[code], (links.ids[source], links.ids[target])
            edge = f"{ends[0]}:{relation}:{ends[1]}"
            items.append((ends, StructureItem(id=edge, source=ends[0], target=ends[1], relation=relation)))
    return _Found(sorted(items, key=itemgetter(0)))


def _in_order(ends: tuple[int, int]) -> tuple[int, int]:
    return ends if ends[0] < ends[1] else ends[::-1]


def _betweenness(links: _Links, starts: int, budget: StepBudget) -> _Found:
    size = len(links.ids)
    is_sampled = starts < size
    graph = links.directed()
    pivots = sorted(Random(_SEED).sample(range(size), starts)) if is_sampled else list(range(size))
    total = np.zeros(size)
    for first in range(0, len(pivots), _AT_ONCE):
        some = pivots[first : first + _AT_ONCE]
        budget.check()
        found = nx.betweenness_centrality_subset(graph, some, graph)
        total += np.fromiter((found[node] for node in range(size)), dtype=np.float64, count=size)
    pairs = (size - 1) * (size - 2) * len(pivots) / size
    values = dict(enumerate((total / pairs if pairs else total).clip(max=1.0).tolist()))
    return _Found(_ranked(links, values), len(pivots) if is_sampled else None, reason="sampled" if is_sampled else None)


def _ranked(links: _Links, values: dict[int, float]) -> list[_Placed]:
    """Every node with its value, the largest first; rounded, so that equals are equal on every machine."""
    items: list[_Placed] = []
    for place, node_id in enumerate(links.ids):
        value = float(f"{values[place]:.6g}")
        kind = KINDS[links.graph.kind(links.numbers[place])]
        items.append(((-value, node_id), StructureItem(id=node_id, kind=kind, value=value)))
    return sorted(items, key=itemgetter(0))


def _ids(links: _Links, nodes: set[int]) -> tuple[str, ...]:
    return tuple([links.ids[node] for node in sorted(nodes)])


def _part(item: StructureItem) -> _Placed:
    nodes = item.nodes or ()
    return (float(-len(nodes)), nodes[0]), item
