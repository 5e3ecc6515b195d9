"""Nodes and edges for drawing: of the whole view, or of what lies around a node."""

from typing import Annotated

from fastapi import Query, Response

from graph.drawing.graph_document import graph_document, neighbourhood
from schemas.graph_document import GraphDocument
from schemas.query import GraphQuery, NeighbourhoodQuery
from service.http.context import MapView, NodeId
from service.http.responses import respond
from service.http.routing import Router
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get("/v1/maps/{map}/graph", response_model=model_of(GraphDocument), responses=reads())
async def read_graph(view: MapView, query: Annotated[GraphQuery, Query()]) -> Response:
    """Nodes and edges for drawing, which networkx reads as they are."""
    return await respond(view, query, lambda limits: graph_document(view.graph, query, limits.whole(), whole=view.whole))


@router.get("/v1/maps/{map}/nodes/{id}/neighbourhood", response_model=model_of(GraphDocument), responses=reads())
async def read_neighbourhood(view: MapView, node_id: NodeId, query: Annotated[NeighbourhoodQuery, Query()]) -> Response:
    """What lies within some links of a node, nearest first."""
    found = view.find(node_id)
    return await respond(view, query, lambda limits: neighbourhood(view.graph, found, query, limits.whole()))
