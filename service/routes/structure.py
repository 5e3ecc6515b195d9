"""How a map is connected as a graph."""

from typing import Annotated

from fastapi import Query, Response

from graph.drawing.structure import STRUCTURE, structure
from schemas.query import StructureQuery
from schemas.structure import StructureAnswer
from service.http.context import MapView
from service.http.responses import SEARCH, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get(
    "/v1/maps/{map}/structure", response_model=model_of(StructureAnswer), responses=reads(), openapi_extra=needs("read")
)
async def read_structure(view: MapView, query: Annotated[StructureQuery, Query()]) -> Response:
    """Components, communities, bridges or central nodes of the view; on large maps some of it is an estimate."""
    return await respond(
        view,
        query,
        lambda limits: structure(view.graph, query, STRUCTURE.until(limits.gone), view=view.query),
        SEARCH,
    )
