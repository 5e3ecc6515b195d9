"""Nodes and edges for drawing: of the whole view, or of what lies around a node."""

from graph.drawing.graph_document import graph_document
from graph.drawing.neighbourhood import neighbourhood
from schemas.graph_document import GraphDocument
from schemas.query import GraphQuery, NeighbourhoodQuery
from service.examples import SEED
from service.http.ask import Ask, present, reply, view, whole
from service.http.route import Routes
from service.wire.answer import Answer, encode

routes = Routes("Questions")


@routes.get(
    "/v1/maps/{map}/graph",
    query=GraphQuery,
    answer=GraphDocument,
    example={"path": {"map": SEED}, "query": {"focus": ["p-50"], "depth": 1}},
)
async def read_graph(ask: Ask[GraphQuery]) -> Answer:
    """Nodes and edges for drawing, which networkx reads as they are."""
    graph, unfiltered = await view(ask), await whole(ask)
    return await reply(ask, graph, lambda: encode(graph_document(graph, ask.query, whole=unfiltered)))


@routes.get(
    "/v1/maps/{map}/nodes/{id}/neighbourhood",
    query=NeighbourhoodQuery,
    answer=GraphDocument,
    example={"path": {"map": SEED, "id": "p-50"}},
)
async def read_neighbourhood(ask: Ask[NeighbourhoodQuery]) -> Answer:
    """What lies within some links of a node, nearest first."""
    graph = await view(ask)
    node_id = present(ask, graph)
    return await reply(ask, graph, lambda: encode(neighbourhood(graph, node_id, ask.query)))
