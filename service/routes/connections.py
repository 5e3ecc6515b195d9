"""How two nodes are connected, over all links."""

from typing import Annotated

from fastapi import Query, Response

from graph.paths.connections import connections
from schemas.connection import ConnectionsAnswer
from schemas.query import ConnectionsQuery
from service.http.context import MapView
from service.http.responses import SEARCH, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get(
    "/v1/maps/{map}/connections",
    response_model=model_of(ConnectionsAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def find_connections(view: MapView, query: Annotated[ConnectionsQuery, Query()]) -> Response:
    """How any two nodes are connected, over links of every sort; what everything is linked to counts little."""
    return await respond(
        view, query, lambda limits: connections(view.graph, query, limits.budget(), whole=view.whole), SEARCH
    )
