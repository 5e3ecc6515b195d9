"""Making an argument, in the form of its fields or in the short form that an analyst types."""

from typing import Any

from fastapi import Response

from graph.editing.editor import Provenance
from graph.editing.planning import Plan, plan
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import Record
from schemas.change import Command
from schemas.node import Argument
from service.http.context import MapId, PostContext
from service.http.responses import check_map, document_tag, guarded, node_document
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, alike, cost_of_body, same_as, write, written
from service.models.answers import RESULTS
from service.models.bodies import CREATES
from service.models.responses import writes

router = Router(tags=["Nodes"])
ArgumentCreate: type[Record] = CREATES["argument"]


@router.post(
    "/v1/maps/{map}/arguments",
    status_code=201,
    response_model=RESULTS["argument"],
    responses=writes(404, 409, 412, status=201),
    openapi_extra=needs("write"),
)
async def create_argument(context: PostContext, map: MapId, body: ArgumentCreate) -> Response:  # type: ignore[valid-type]
    """Make an argument, with the statements that it needs and their assertions."""
    form: dict[str, Any] = context.document
    premises = form.get("premises")
    new = [p for p in (form, *(premises if isinstance(premises, list) else ())) if isinstance(p, dict)]
    similar: dict[str, Any] = await alike(context, new)

    def made(planned: Plan) -> WriteAnswer:
        graph, argument_id = planned.graph, planned.results[-1].id
        argument = graph.node(argument_id)
        same = same_as(graph, argument) if isinstance(argument, Argument) else []
        told = {**similar, "similar": [*same, *similar["similar"]]}
        body = {**node_document(graph, argument_id), **written(planned), **told}
        return WriteAnswer(201, document_tag(graph, argument_id), body, f"/v1/maps/{graph.map}/arguments/{argument_id}")

    command = Command(op="create", kind="argument", value=form)

    def planner(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, [command], provenance)

    guarding = guarded(lambda graph: check_map(context, graph), planner)
    return await write(context, guarding, made, cost_of_body(context))
