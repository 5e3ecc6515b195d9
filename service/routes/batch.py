"""A batch: several operations as one transaction, all or nothing."""

from typing import Any

from graph.editing.editor import Provenance
from graph.editing.identity import now
from graph.editing.planning import Plan, plan
from graph.errors import GraphError, Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.problem import FieldProblem, did_you_mean, pointer
from service.answers import BatchDone
from service.documents import map_tag
from service.drafts import Batch
from service.examples import SEED
from service.http.ask import Ask, NoQuery
from service.http.route import Routes
from service.operations import commands_of, place
from service.wire.answer import Answer, encode
from service.writing import Reply, write

routes = Routes("Nodes")
_FIELDS = ("operations", "dry_run")
_WORTH = 100
"""An operation costs about as much as a question about a hundred nodes."""
_EXAMPLE = {
    "path": {"map": SEED},
    "body": {
        "dry_run": True,
        "operations": [
            {"op": "create", "kind": "statements", "id": "p-new", "value": {"text": "Rice is short."}},
            {"op": "update", "kind": "statements", "id": "p-new", "value": {"note": "To be checked."}},
        ],
    },
}


@routes.post(
    "/v1/maps/{map}/batch", body=Batch, answer=BatchDone, problems=(409, 412), name="run_batch", example=_EXAMPLE
)
async def run_batch(ask: Ask[NoQuery]) -> Answer:
    """Create, change and delete nodes of any kind as one transaction, or see what that would do."""
    commands = _commands(ask)
    if ask.document.get("dry_run", False):
        graph = await ask.service.workspace.at(ask.map)
        provenance = Provenance(ask.by, now())
        planned = await ask.service.think(_WORTH * len(commands), lambda: _planned(commands, graph, provenance))
        return Answer(encode(_done(planned, graph.revision, dry=True)), tag=map_tag(graph))
    return await write(
        ask,
        lambda graph, provenance: _planned(commands, graph, provenance),
        lambda planned: Reply(200, map_tag(planned.graph), _done(planned, planned.graph.revision, dry=False)),
        commands=len(commands),
    )


def _done(planned: Plan, revision: int, *, dry: bool) -> dict[str, Any]:
    results = [{"op": r.op, "kind": r.kind, "id": r.id} for r in planned.results]
    return {"revision": revision, "dry_run": dry, "results": results, "deleted": planned.deleted}


def _commands(ask: Ask[NoQuery]) -> list[Command]:
    document = ask.document
    faults = [
        FieldProblem(pointer(name), f"unknown field {name!r}; {did_you_mean(name, _FIELDS)}")
        for name in document
        if name not in _FIELDS
    ]
    commands = commands_of(document.get("operations"), "operations", ask.service.settings.batch_limit, faults)
    if not isinstance(document.get("dry_run", False), bool):
        faults.append(FieldProblem("/dry_run", "must be true or false"))
    if faults:
        raise Refused(f"{faults[0].pointer}: {faults[0].detail}", faults[:100])
    return commands


def _planned(commands: list[Command], graph: ArgumentGraph, provenance: Provenance) -> Plan:
    try:
        return plan(graph, commands, provenance)
    except GraphError as error:
        place(error, commands, "operations")
        raise
