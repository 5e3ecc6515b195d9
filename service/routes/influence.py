"""How much each node moves the strength of another."""

from typing import Annotated

from fastapi import Query, Response

from graph.evaluation.explanation.budget import explaining
from graph.evaluation.explanation.influence import influence
from schemas.evaluation_query import InfluenceQuery
from schemas.influence import InfluenceAnswer
from service.http.context import MapView
from service.http.responses import SEARCH, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get(
    "/v1/maps/{map}/influence", response_model=model_of(InfluenceAnswer), responses=reads(), openapi_extra=needs("read")
)
async def rank_influence(view: MapView, query: Annotated[InfluenceQuery, Query()]) -> Response:
    """How much each node moves the strength of a target, largest effect first."""
    return await respond(view, query, lambda limits: influence(view.graph, query, explaining(limits.gone)), SEARCH)
