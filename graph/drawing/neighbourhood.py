"""The neighbourhood of a node: what lies within some links of it, along them, against them or both."""

from graph.drawing.node_link import drawn
from graph.paths.endpoints import codes_of
from graph.paths.neighbours import Neighbours
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.graph_document import GraphDocument
from schemas.query import NeighbourhoodQuery


def neighbourhood(graph: ArgumentGraph, node_id: str, query: NeighbourhoodQuery) -> GraphDocument:
    """What lies within `depth` links of a node in this snapshot, nearest first, at most `budget` nodes.

    Links go from premise to argument to target, and as `graph.snapshot.links` says. A node of a kind that is not asked
    for stands for what it says. Raises `NotFound`, and `Refused` for an unknown kind.
    """
    graph.number(node_id)
    neighbours = Neighbours(graph, codes_of(query.kinds))
    focus = neighbours.focus((node_id,))
    shown, is_cut = neighbours.around(focus, query.depth, query.budget, query.direction)
    return drawn(neighbours, shown, is_cut=is_cut)
