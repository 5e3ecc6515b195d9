"""What hypothetical edits would change."""

from typing import Annotated

from fastapi import Query, Request, Response
from msgspec.structs import replace

from graph.errors import GraphError
from graph.evaluation.explanation.what_if import what_if
from graph.paths.difference import path_difference
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import Hypothetical
from schemas.base import Record
from schemas.query import ViewQuery
from schemas.what_if import PathsDifference, WhatIfAnswer
from service.http.context import MapId, View, context_of
from service.http.responses import Limits, respond_unstored
from service.http.routing import Router, needs
from service.models import hypotheses
from service.models.operations import placed
from service.models.responses import writes
from service.models.structs import model_of

router = Router(tags=["Questions"])
_Request: type[Record] = hypotheses.WhatIfRequest


@router.post(
    "/v1/maps/{map}/what-if",
    response_model=model_of(WhatIfAnswer),
    responses=writes(404, 409, 412, tagged=False),
    openapi_extra=needs("read"),
)
async def suppose_edits(
    request: Request,
    map: MapId,
    query: Annotated[ViewQuery, Query()],
    body: _Request,  # type: ignore[valid-type]
) -> Response:
    """The difference that edits would make to verdicts, strengths, paths and the ranking of motives."""
    context = context_of(request)
    edits, limit = context.document.get("edits", []), context.service.settings.batch_limit
    hypothesis = hypotheses.hypothesis_of(body, edits, limit)
    workspace = context.service.workspace
    try:
        asked = await workspace.what_if(
            context.map, query, hypothesis.commands, context.principal.name, hypothesis.without
        )
    except GraphError as error:
        raise placed(error, hypothesis.commands, hypotheses.EDITS) from error
    view = View(context, query, asked.before.view, asked.after.whole)
    return await respond_unstored(view, lambda limits: _difference(hypothesis, asked, limits))


def _difference(hypothesis: hypotheses.Hypothesis, asked: Hypothetical, limits: Limits) -> WhatIfAnswer:
    before, after = asked.before, asked.after
    wanted = hypothesis.wanted(motives=_has_motives(before.view) or _has_motives(after.view))
    paths: PathsDifference | None = None
    if "paths" in wanted:
        paths = path_difference(before, after, hypothesis.paths, limits.budget())
    answer = what_if(before.view, after.view, wanted, paths)
    return replace(answer, orphaned=asked.orphaned)


def _has_motives(graph: ArgumentGraph) -> bool:
    return any(True for _ in graph.numbers("motive"))
