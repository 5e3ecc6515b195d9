"""A map for drawing: all of it, its most important part, or what lies around a focus."""

from graph.drawing.counts import count_nodes
from graph.drawing.importance import most_important
from graph.drawing.node_link import drawn
from graph.paths.endpoints import codes_of, refuse_unknown, with_pointers
from graph.paths.neighbours import Neighbours
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.graph_document import GraphDocument
from schemas.query import GraphQuery


def graph_document(graph: ArgumentGraph, query: GraphQuery, *, whole: ArgumentGraph | None = None) -> GraphDocument:
    """The snapshot, which the query's view has narrowed already, as nodes and edges, at most `budget` nodes.

    With a focus: what lies within `depth` links of it, nearest first. A focus of a kind that is not asked for
    stands for what it says. Without one: everything, or where that is more than the budget what is around the
    nodes that are most argued about. Nothing is cut silently: each node counts its links to nodes not shown.
    `whole` is the same revision without the view's filters: an id that only it has is no fault. Raises
    `Refused` for a focus that neither has and for an unknown kind.
    """
    neighbours = Neighbours(graph, codes_of(query.kinds))
    if query.focus:
        refuse_unknown((graph, whole or graph), with_pointers("focus", query.focus))
        shown, is_cut = neighbours.around(neighbours.focus(query.focus), query.depth, query.budget)
        return drawn(neighbours, shown, is_cut=is_cut)
    if count_nodes(graph, neighbours.kinds) > query.budget:
        return drawn(neighbours, most_important(neighbours, query.budget), is_cut=True)
    return drawn(neighbours, set(filter(neighbours.has, graph.numbers())), is_cut=False)
