"""Verdicts and strengths: which conclusions of a view stand, and how strongly."""

from collections.abc import Sequence
from typing import Annotated, get_args

from fastapi import Query, Response

from graph.errors import Refused
from graph.evaluation.evaluation import evaluate
from graph.evaluation.labelling.acceptance import acceptance
from schemas.evaluation import AcceptanceAnswer, EvaluationAnswer
from schemas.evaluation_query import AcceptanceQuery, EvaluatedKind, EvaluationQuery
from schemas.problem import FieldProblem, pointer
from schemas.vocabulary import KINDS
from service.http.context import MapView
from service.http.responses import EVALUATE, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["Questions"])
EVALUATED = get_args(EvaluatedKind)


@router.get(
    "/v1/maps/{map}/evaluation",
    response_model=model_of(EvaluationAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_evaluation(view: MapView, query: Annotated[EvaluationQuery, Query()]) -> Response:
    """The verdict or the strength of every motive, statement and argument under one semantics, or of some of them."""
    await _check_ids(view, query.ids)
    policy = EVALUATE._replace(looks_back=any(node_id not in view.whole for node_id in query.ids))
    return await respond(
        view, query, lambda limits: evaluate(view.graph, query, limits.timeout(), view=view.query), policy
    )


@router.get(
    "/v1/maps/{map}/evaluation/acceptance",
    response_model=model_of(AcceptanceAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_acceptance(view: MapView, query: Annotated[AcceptanceQuery, Query()]) -> Response:
    """Whether a node is accepted in some or in every labelling of a semantics."""
    return await respond(view, query, lambda limits: acceptance(view.graph, query, limits.timeout()), EVALUATE)


async def _check_ids(view: MapView, ids: Sequence[str]) -> None:
    """Refuse ids that the map has never had, and those of nodes that are not evaluated."""
    whole = view.whole
    missing = {node_id for node_id in ids if node_id not in whole}
    known = await view.context.service.workspace.store.known(whole.map, missing) if missing else set()
    unknown, other = [], []
    for place, node_id in enumerate(ids):
        if node_id in whole:
            kind = KINDS[whole.kind(whole.number(node_id))]
            if kind not in EVALUATED:
                detail = f"{node_id!r} is of kind {kind}; only motives, statements and arguments are evaluated"
                other.append(FieldProblem(pointer("ids", place), detail))
        elif node_id not in known:
            unknown.append(FieldProblem(pointer("ids", place), f"map {whole.map!r} never had a node {node_id!r}"))
    if problems := [*unknown, *other]:
        raise Refused(problems[0].detail, problems, code="unknown_id" if unknown else "wrong_kind")
