"""Exports: a view of a map in a format that is read elsewhere."""

from typing import Annotated, Literal

from fastapi import Query, Response

from graph.interchange.json_document import dump
from schemas.map_document import MapDocument
from schemas.query import Query as Parameters
from service.http.context import MapView
from service.http.responses import respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Interchange"])
ExportFormat = Literal["json"]


class ExportQuery(Parameters):
    """A map as a file."""

    format: ExportFormat = "json"
    """`json` loses nothing that an author wrote."""


@router.get(
    "/v1/maps/{map}/export", response_model=model_of(MapDocument), responses=reads(), openapi_extra=needs("read")
)
async def export_map(view: MapView, query: Annotated[ExportQuery, Query()]) -> Response:
    """A view as one document that can be read back."""
    return await respond(view, query, lambda limits: dump(view.graph))
