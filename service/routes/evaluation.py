"""Verdicts and strengths: which conclusions of a view stand, and how strongly."""

from typing import Annotated

from fastapi import Query, Response

from graph.evaluation.evaluation import evaluate
from graph.evaluation.labelling.acceptance import acceptance
from schemas.evaluation import AcceptanceAnswer, EvaluationAnswer
from schemas.evaluation_query import AcceptanceQuery, EvaluationQuery
from service.http.context import MapView
from service.http.responses import EVALUATE, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])


@router.get(
    "/v1/maps/{map}/evaluation",
    response_model=model_of(EvaluationAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_evaluation(view: MapView, query: Annotated[EvaluationQuery, Query()]) -> Response:
    """The verdict or the strength of every motive, statement and argument under one semantics."""
    return await respond(view, query, lambda limits: evaluate(view.graph, query, limits.timeout()), EVALUATE)


@router.get(
    "/v1/maps/{map}/evaluation/acceptance",
    response_model=model_of(AcceptanceAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_acceptance(view: MapView, query: Annotated[AcceptanceQuery, Query()]) -> Response:
    """Whether a node is accepted in some or in every labelling of a semantics."""
    return await respond(view, query, lambda limits: acceptance(view.graph, query, limits.timeout()), EVALUATE)
