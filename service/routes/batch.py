"""A batch: several operations as one transaction, all or nothing."""

from typing import Any

from fastapi import Response

from graph.editing.editor import Provenance
from graph.editing.estimate import cost_of
from graph.editing.planning import Plan, plan
from graph.errors import GraphError
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from service.http.context import MapId, PostContext
from service.http.encoding import Encoded
from service.http.responses import check_map, guarded, left, map_tag
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, request_of, write, written
from service.models.answers import BatchResult
from service.models.batches import BatchRequest
from service.models.operations import COMMAND, commands_of, placed
from service.models.responses import writes

router = Router(tags=["Nodes"])


@router.post(
    "/v1/maps/{map}/batch", response_model=BatchResult, responses=writes(404, 409, 412), openapi_extra=needs("write")
)
async def run_batch(context: PostContext, map: MapId, body: BatchRequest) -> Response:
    """Create, change and delete nodes of any kind as one transaction, or see what that would do."""
    service = context.service
    sent: Any = context.document["operations"]
    commands = await service.work.run(
        lambda: commands_of(sent, service.settings.batch_limit),
        cost=len(sent) * COMMAND,
        client=context.principal.client,
    )

    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return _planned(commands, graph, provenance)

    def said(done: Plan) -> WriteAnswer:
        return WriteAnswer(200, map_tag(done.graph), _result(done, dry=False))

    def cost(graph: ArgumentGraph) -> float:
        return cost_of(graph, commands)

    planner = guarded(lambda graph: check_map(context, graph), planned)
    if body.dry_run:
        graph, would = await service.work.promised(
            service.workspace.dry_run(context.map, request_of(context, planner, said, cost)),
            gone=left(context.request.receive),
            seconds=service.settings.answer_timeout,
        )
        return Encoded.of({**_result(would, dry=True), "revision": graph.revision}, tag=map_tag(graph))
    return await write(context, planner, said, cost)


def _result(planned: Plan, *, dry: bool) -> dict[str, Any]:
    results = [{"op": r.op, "kind": r.kind, "id": r.id} for r in planned.results]
    return {**written(planned), "dry_run": dry, "results": results}


def _planned(commands: list[Command], graph: ArgumentGraph, provenance: Provenance) -> Plan:
    try:
        return plan(graph, commands, provenance)
    except GraphError as error:
        raise placed(error, commands, "operations") from error
