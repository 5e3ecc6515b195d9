"""Merging nodes that are the same, and keeping the judgement that two are not."""

from functools import partial
from typing import Annotated, Any, Union

from fastapi import Query, Response
from pydantic import Field, RootModel

from graph.editing.editor import Provenance
from graph.editing.estimate import COMMAND
from graph.editing.merging import COMPARISONS, duplicates, merge, same_after, tell_apart
from graph.editing.planning import Plan
from graph.paths.endpoints import codes_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import RELATIONS_TO
from schemas.base import Id, Record
from schemas.duplicate import DuplicatesAnswer
from schemas.query import DuplicatesQuery
from schemas.vocabulary import KINDS, Choice
from service.http.context import MapId, MapView, PostContext
from service.http.encoding import Encoded
from service.http.responses import SEARCH, Limits, check_map, guarded, map_tag, node_document, respond
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, request_of, write, written
from service.models.answers import READS, Answered, Written
from service.models.responses import reads, writes
from service.models.structs import model_of


class MergeRequest(Record):
    """Two nodes of one kind that are the same, or that look the same and are not."""

    keep: Id
    """The node that stays, under its own id."""
    drop: Id
    """The node that goes: what names it names the other, and its id leads there."""
    same: bool = True
    """False keeps the judgement that they are not the same: nothing moves, and no hint shows the two again."""
    fields: dict[str, Choice] = Field(default_factory=dict)
    """By field whose value the node has: `keep`, `drop`, or `both` of sets, tags, aliases and notes.

    A field left out has that of `keep`, of `drop` where `keep` says nothing, and of `both` where it is a set.
    """
    dry_run: bool = False
    """Only say what would happen."""


_Node: Any = Annotated[Union[tuple(READS[kind] for kind in KINDS)], Field(discriminator="kind")]  # noqa: UP007


class MergedNode(RootModel[_Node]):
    """A node of whatever kind as it is after a merge."""


class EqualPair(Answered):
    """Two nodes that are the same by all that tells such nodes apart: as the body of the next merge."""

    keep: Id
    """The first of them."""
    drop: Id
    """The other."""


class MergeResult(Written):
    """What a merge did, or, as a dry run, would do."""

    keep: Id
    """The node that stays."""
    drop: Id
    """The node that went, whose id leads to the other; with `same: false` it stays."""
    same: bool
    """Whether they were merged; else they were judged not to be the same."""
    dry_run: bool
    """Whether nothing was written."""
    node: MergedNode
    """The node that stays, as it is now."""
    fields: dict[str, Choice]
    """Each field that the two said differently, with whose value stands now."""
    duplicates: list[EqualPair]
    """Arguments and assertions that became equal to one another as their ends moved."""


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


@router.get(
    "/v1/maps/{map}/duplicates", response_model=model_of(DuplicatesAnswer), responses=reads(),
    openapi_extra=needs("read"),
)  # fmt: skip
async def list_duplicates(view: MapView, query: Annotated[DuplicatesQuery, Query()]) -> Response:
    """Pairs of nodes that may be the same, the likest first, but for those that were judged not to be."""

    def work(limits: Limits) -> DuplicatesAnswer:
        return duplicates(view.graph, query, codes_of(query.kinds), COMPARISONS.until(limits.gone), view=view.query)

    return await respond(view, query, work, SEARCH)


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
