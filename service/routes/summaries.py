"""Summaries: what a view says, of the map or of one of its nodes, with the ids behind every sentence."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Query, Response

from graph.reports.markdown import markdown
from graph.reports.summary import SUBJECTS, summary_of, summary_of_map
from schemas.query import SummaryQuery
from schemas.summary import Summary
from schemas.vocabulary import Kind
from service.http.context import MapView, NodeId, View
from service.http.encoding import MARKDOWN
from service.http.responses import READ, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Reports"])
_FORMS = reads(media="text/markdown")


@router.get("/v1/maps/{map}/summary", response_model=model_of(Summary), responses=_FORMS, openapi_extra=needs("read"))
async def summarise_map(view: MapView, query: Annotated[SummaryQuery, Query()]) -> Response:
    """What the view says as a whole."""
    return await _summary(view, query, lambda: summary_of_map(view.graph))


def _declare(kind: Kind) -> None:
    @router.get(
        f"/v1/maps/{{map}}/{kind}s/{{id}}/summary",
        name=f"summarise_{kind}",
        summary=f"What the view says of one of the {kind}s.",
        response_model=model_of(Summary),
        responses=_FORMS,
        openapi_extra=needs("read"),
    )
    async def summarise_node(view: MapView, node_id: NodeId, query: Annotated[SummaryQuery, Query()]) -> Response:
        found = view.find(node_id, kind)
        return await _summary(view, query, lambda: summary_of(view.graph, kind, found))


async def _summary(view: View, query: SummaryQuery, tell: Callable[[], Summary]) -> Response:
    if query.format == "markdown":
        return await respond(view, query, lambda limits: markdown(tell()).encode(), READ.written_as(MARKDOWN))
    return await respond(view, query, lambda limits: tell())


for _kind in SUBJECTS:
    _declare(_kind)
