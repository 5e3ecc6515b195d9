"""Argument paths: how reasoning leads from starts to ends."""

from typing import Annotated

from fastapi import Query, Response

from graph.paths.paths import paths
from schemas.path import PathsAnswer
from schemas.query import PathsQuery
from service.http.context import MapView
from service.http.responses import SEARCH, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get(
    "/v1/maps/{map}/paths", response_model=model_of(PathsAnswer), responses=reads(), openapi_extra=needs("read")
)
async def find_paths(view: MapView, query: Annotated[PathsQuery, Query()]) -> Response:
    """Argument paths from starts to ends with their polarity, in a total order."""
    return await respond(
        view, query, lambda limits: paths(view.graph, query, limits.budget(), whole=view.whole, view=view.query), SEARCH
    )
