"""Why a node stands as it does, and the smallest change that would flip it."""

from fastapi import Response

from graph.evaluation.explanation.budget import explaining
from graph.evaluation.explanation.why import why
from schemas.evaluation_query import WhyQuery
from schemas.why import WhyAnswer
from service.http.context import MapView, NodeId
from service.http.responses import SEARCH, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get(
    "/v1/maps/{map}/nodes/{id}/why", response_model=model_of(WhyAnswer), responses=reads(), openapi_extra=needs("read")
)
async def explain_node(view: MapView, node_id: NodeId) -> Response:
    """Why a node has its verdict and strength: both sides, the arguments that decide it, and the smallest flip."""
    query = WhyQuery(id=view.find(node_id))
    return await respond(view, query, lambda limits: why(view.graph, query, explaining(limits.gone)), SEARCH)
