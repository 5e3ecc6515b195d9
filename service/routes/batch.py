"""A batch: several operations as one transaction, all or nothing."""

from typing import Any

from fastapi import Response

from graph.editing.editor import Provenance
from graph.editing.identity import now
from graph.editing.planning import Plan, plan
from graph.errors import GraphError
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from service.http.conditions import check_map, guarded, map_tag
from service.http.context import MapId, PostContext
from service.http.encoding import Encoded
from service.http.routing import Router
from service.http.writing import WriteAnswer, write
from service.models.answers import BatchResult
from service.models.batches import BatchRequest
from service.models.operations import commands_of, place
from service.models.responses import writes
from service.models.written import written

router = Router(tags=["Nodes"])
_COMMAND = 100.0
"""Estimated microseconds that an operation costs."""


@router.post("/v1/maps/{map}/batch", response_model=BatchResult, responses=writes(404, 409, 412))
async def run_batch(context: PostContext, map: MapId, body: BatchRequest) -> Response:
    """Create, change and delete nodes of any kind as one transaction, or see what that would do."""
    commands = commands_of(body.operations, context.service.settings.batch_limit)

    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return _planned(commands, graph, provenance)

    planner = guarded(lambda graph: check_map(context, graph), planned)
    if body.dry_run:
        graph = await context.service.workspace.at(context.map)
        provenance = Provenance(context.principal.name, now())
        would = await context.service.work.run(
            lambda: planner(graph, provenance), cost=_COMMAND * len(commands), client=context.principal.client
        )
        return Encoded.of({**_result(would, dry=True), "revision": graph.revision}, tag=map_tag(graph))
    return await write(
        context, planner, lambda done: WriteAnswer(200, map_tag(done.graph), _result(done, dry=False)),
        commands=len(commands),
    )  # fmt: skip


def _result(planned: Plan, *, dry: bool) -> dict[str, Any]:
    results = [{"op": r.op, "kind": r.kind, "id": r.id} for r in planned.results]
    return {**written(planned), "dry_run": dry, "results": results}


def _planned(commands: list[Command], graph: ArgumentGraph, provenance: Provenance) -> Plan:
    try:
        return plan(graph, commands, provenance)
    except GraphError as error:
        place(error, commands, "operations")
        raise
