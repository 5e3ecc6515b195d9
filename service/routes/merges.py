"""Merging nodes that are the same, and keeping the judgement that two are not."""

from functools import partial
from typing import Any

from fastapi import Response

from graph.editing.editor import Provenance
from graph.editing.estimate import COMMAND
from graph.editing.merging import Choice, merge, same_after, tell_apart
from graph.editing.planning import Plan
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import RELATIONS_TO
from schemas.vocabulary import KINDS
from service.http.conditions import check_map, guarded, map_tag
from service.http.context import MapId, PostContext
from service.http.encoding import Encoded
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, request_of, write
from service.models.documents import node_document
from service.models.merges import MergeRequest, MergeResult
from service.models.responses import writes
from service.models.written import written

router = Router(tags=["Nodes"])


@router.post(
    "/v1/maps/{map}/merges", response_model=MergeResult, responses=writes(404, 409, 412), openapi_extra=needs("write")
)
async def merge_nodes(context: PostContext, map: MapId, body: MergeRequest) -> Response:
    """Merge two nodes that are the same, of whatever kind, or keep the judgement that they are not."""
    deed = _Deed(body)
    planner = guarded(lambda graph: check_map(context, graph), deed.plan)

    def said(planned: Plan) -> WriteAnswer:
        return WriteAnswer(200, map_tag(planned.graph), deed.told(planned))

    cost = partial(_cost, body)
    if body.dry_run:
        wanted = request_of(context, planner, said, cost)
        graph, would = await context.service.workspace.dry_run(context.map, wanted)
        return Encoded.of({**deed.told(would), "revision": graph.revision}, tag=map_tag(graph))
    return await write(context, planner, said, cost)


class _Deed:
    """One merge while it is tried: what it is planned on, and what is told of the plan."""

    def __init__(self, body: MergeRequest) -> None:
        self._body = body
        self._fields: dict[str, Choice] = {}
        self._before: ArgumentGraph | None = None

    def plan(self, graph: ArgumentGraph, provenance: Provenance) -> Plan:
        body = self._body
        self._before = graph
        if not body.same:
            return tell_apart(graph, body.keep, body.drop, provenance)
        merging = merge(graph, body.keep, body.drop, body.fields, provenance)
        self._fields = merging.fields
        return merging.plan

    def told(self, planned: Plan) -> dict[str, Any]:
        body = self._body
        pairs = same_after(self._before, planned) if body.same and self._before is not None else []
        return {
            **written(planned),
            "keep": body.keep,
            "drop": body.drop,
            "same": body.same,
            "dry_run": body.dry_run,
            "node": node_document(planned.graph, body.keep),
            "fields": self._fields,
            "duplicates": [{"keep": keep, "drop": drop} for keep, drop in pairs],
        }


def _cost(body: MergeRequest, graph: ArgumentGraph) -> float:
    """Estimated microseconds: each node that names the one that goes is a command."""
    number = graph.find(body.drop)
    if number is None or not body.same:
        return 3 * COMMAND
    kind = KINDS[graph.kind(number)]
    return COMMAND * (3 + sum(len(graph.referrers(relation, number)) for relation in RELATIONS_TO[kind]))
