"""What supports or opposes a node, and what it is used for, however far away."""

from typing import Annotated

from fastapi import Query, Response

from graph.paths.reachability import consequences, grounds
from schemas.bearing import BearingAnswer
from schemas.query import ReachabilityQuery
from service.http.context import MapView, NodeId
from service.http.responses import respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get(
    "/v1/maps/{map}/nodes/{id}/grounds",
    response_model=model_of(BearingAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_grounds(view: MapView, node_id: NodeId, query: Annotated[ReachabilityQuery, Query()]) -> Response:
    """Everything that supports or opposes a node, each with its polarities and its distance in arguments."""
    found = view.find(node_id)
    return await respond(view, query, lambda limits: grounds(view.graph, found, query, limits.whole(), view=view.query))


@router.get(
    "/v1/maps/{map}/nodes/{id}/consequences",
    response_model=model_of(BearingAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_consequences(view: MapView, node_id: NodeId, query: Annotated[ReachabilityQuery, Query()]) -> Response:
    """Everything that a node supports or opposes, each with its polarities and its distance in arguments."""
    found = view.find(node_id)
    return await respond(
        view, query, lambda limits: consequences(view.graph, found, query, limits.whole(), view=view.query)
    )
