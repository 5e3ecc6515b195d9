"""What a conclusion rests on."""

from typing import Annotated

from fastapi import Query, Response

from graph.evaluation.explanation.budget import explaining
from graph.evaluation.explanation.cruxes import cruxes
from schemas.crux import CruxesAnswer
from schemas.evaluation_query import CruxesQuery
from service.http.context import MapView
from service.http.responses import SEARCH, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get(
    "/v1/maps/{map}/cruxes", response_model=model_of(CruxesAnswer), responses=reads(), openapi_extra=needs("read")
)
async def find_cruxes(view: MapView, query: Annotated[CruxesQuery, Query()]) -> Response:
    """The smallest sets that a verdict rests on, the items that flip it alone, and the contested pairs it turns on."""
    return await respond(view, query, lambda limits: cruxes(view.graph, query, explaining(limits.gone)), SEARCH)
