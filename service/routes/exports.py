"""Exports: a view of a map in a format that is read elsewhere."""

from typing import Literal

from graph.interchange.json_document import dump
from schemas.map_document import MapDocument
from schemas.query import ViewQuery
from service.examples import SEED
from service.http.ask import Ask, reply, view
from service.http.route import Routes
from service.wire.answer import Answer

routes = Routes("Interchange")


class ExportQuery(ViewQuery):
    """A map as a file."""

    format: Literal["json"] = "json"
    """`json` loses nothing that an author wrote."""


@routes.get(
    "/v1/maps/{map}/export", query=ExportQuery, answer=MapDocument, example={"path": {"map": SEED}, "query": {}}
)
async def export_map(ask: Ask[ExportQuery]) -> Answer:
    """A view as one document that can be read back."""
    graph = await view(ask)
    return await reply(ask, graph, lambda: dump(graph))
