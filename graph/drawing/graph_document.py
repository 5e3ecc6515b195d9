"""A map for drawing: all of it, its most important part, or what lies around a node."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice

import numpy as np

from graph.budgets import WHOLE_MAP, Allowance, StepBudget
from graph.drawing.node_link import NO_COLUMNS, NodeColumns, count_nodes, node_link
from graph.paths.endpoints import codes_of, is_unused, refuse_unknown, relations_of, with_pointers
from graph.paths.neighbours import Neighbours
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.graph_document import GraphDocument
from schemas.query import GraphQuery, NeighbourhoodQuery

_CENTRES = 20
"""One in so many nodes of a budget is a centre; the rest lies around them."""


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

    Links go from premise to argument to target, and as `graph.snapshot.links` says. A node of a kind that is not asked
    for stands for what it says. Raises `NotFound`, and `Refused` for an unknown kind.
    """
    graph.number(node_id)
    neighbours = Neighbours(graph, codes_of(query.kinds))
    focus = neighbours.focus((node_id,))
    shown, is_cut = neighbours.around(focus, query.depth, query.budget, query.direction, Allowance(budget))
    return node_link(neighbours, shown, is_cut=is_cut, budget=budget)


def most_important(neighbours: Neighbours, most: int, allowance: Allowance) -> set[int]:
    """So many nodes: the most important ones and what lies around them, then the next.

    O(nodes log nodes) in arrays, and the links at the nodes given.
    """
    ranked = filter(neighbours.has, _by_importance(neighbours.graph))
    shown: set[int] = set()
    while len(shown) < most:
        centres = set(islice(ranked, max(1, most // _CENTRES)))
        if not centres:
            break
        found, _ = neighbours.around(centres - shown, None, most - len(shown), allowance=allowance)
        shown |= found
    return shown


def _by_importance(graph: ArgumentGraph) -> Iterator[int]:
    """All nodes: those that are argued about and used no further first, then by the arguments on them, then by id."""
    patch, columns = graph.patch, graph.columns
    outgoing, incoming = columns.outgoing.widths(), columns.incoming.widths()
    inner = (outgoing > 0) | (incoming == 0) | (np.asarray(columns.target) >= 0)
    order = np.lexsort((-incoming, inner)).tolist()  # a stable sort, and numbers follow ids

    def rank(number: int) -> tuple[bool, int, str]:
        arguments = len(graph.incoming(number))
        is_end = arguments > 0 and is_unused(graph, number)
        return not is_end, -arguments, graph.id(number)

    changed = {*patch.nodes, *patch.outgoing, *patch.incoming}
    if not changed:
        return iter(order)
    kept = (number for number in order if number not in changed)
    return merge(kept, sorted(filter(graph.alive, changed), key=rank), key=rank)
