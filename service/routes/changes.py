"""The past of a map: its changes, and how they are taken back."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Header, Path, Query, Response
from fastapi.sse import EventSourceResponse

from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.errors import NotFound, Refused
from graph.history.sentences import sentence_of
from graph.maps.commit_queue import Planner, Prepare
from graph.maps.history import FIELDS
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Change, Reversing
from schemas.history import ChangeAnswer, ChangesAnswer
from schemas.history_query import ChangeQuery, ChangesQuery, RevertQuery, UndoQuery
from schemas.problem import FieldProblem, did_you_mean, pointer
from service.http.context import VERSION, Context, MapId, MapView, PostContext, View
from service.http.encoding import Encoded, wants_events
from service.http.errors import Busy
from service.http.responses import Policy, check_map, map_tag, read_tag, respond, unchanged
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, request_of, write_requested, written
from service.live.stream import Following, Streams
from service.models.answers import ReversalResult
from service.models.changes import (
    EDIT,
    MOST,
    change_answer,
    change_item,
    effects_of,
    page_of_revisions,
    telling_cost,
)
from service.models.responses import deletes, reads
from service.models.structs import model_of

router = Router(tags=["History"])
_ANSWERS, _WRITE = deletes(409, 412, 413), needs("write")
_LISTED = reads(media=("text/event-stream",))
LastEventId = Annotated[
    str | None, Header(alias="Last-Event-ID", description="Of a stream: the last event that the client was told.")
]
RevisionPath = Annotated[int, Path(alias="revision", description="The revision that a change made.", ge=1)]


@router.get(
    "/v1/maps/{map}/changes", response_model=model_of(ChangesAnswer), responses=_LISTED, openapi_extra=needs("read")
)
async def list_changes(
    view: MapView, query: Annotated[ChangesQuery, Query()], last_event_id: LastEventId = None
) -> Response:
    """The changes of a map by time, author, node and field: what each did, and to which conclusions it led.

    With `Accept: text/event-stream` what happens from now on is told as it happens, one event for a change, whose id is
    its revision; `Last-Event-ID` or `since` goes on from there. With `node`, `verdict` tells of a change after which
    one of these nodes has another verdict in the view.
    """
    _refuse_draft(view)
    nodes = await _nodes(view, query.node)
    _check_fields(query.field)
    if wants_events(view.context.request.scope):
        return await follow_changes(view, query, nodes, last_event_id)
    history, whole = view.context.service.workspace.history, view.whole
    oldest = await history.oldest(whole)
    tag = read_tag(view.graph, view.query, query, f"{VERSION} {oldest}")
    known = unchanged(view.context, tag, made=False)
    if known is not None:
        return known
    span = await history.span(whole, query.since, query.until)
    revisions = await history.select(whole, span, by=query.by, nodes=query.node, fields=query.field)
    page = page_of_revisions(revisions, view, query)
    changes = {change.revision: change for change in await history.changes(whole, page.items)}
    effects = await effects_of(view, list(changes.values())) if query.effects else {}
    whole_effects = not query.effects or len(effects) == sum(change.born is None for change in changes.values())

    def answer(_: object) -> ChangesAnswer:
        items = [change_item(changes[r], effects.get(r)) for r in page.items if r in changes]
        return ChangesAnswer(
            view.graph.map, view.graph.revision, tuple(items), page.total, page.next, oldest,
            whole_effects, None if whole_effects else "budget",
        )  # fmt: skip

    # Where the log begins is not told by the revision: such an answer is not kept.
    return await respond(view, query, answer, _telling(changes.values()), tag=tag, beside=str(oldest))


@router.get(
    "/v1/maps/{map}/changes/{revision}",
    response_model=model_of(ChangeAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_change(view: MapView, revision: RevisionPath, query: Annotated[ChangeQuery, Query()]) -> Response:
    """One change with all that it did, the values of each field before and after."""
    _refuse_draft(view)
    change = await view.context.service.workspace.history.change(view.whole, revision)
    effects = await effects_of(view, [change]) if query.effects else {}
    tag = read_tag(view.graph, view.query, query, f"{VERSION} {revision} {change.born}")

    def answer(_: object) -> ChangeAnswer:
        return change_answer(change, query, effects.get(revision))

    return await respond(view, query, answer, _telling([change], len(change.edits)), tag=tag, beside=str(change.born))


@router.post(
    "/v1/maps/{map}/changes/{revision}/revert",
    response_model=ReversalResult,
    responses=deletes(409, 412, 413),
    openapi_extra=needs("write"),
)
async def revert_change(
    context: PostContext, map: MapId, revision: RevisionPath, query: Annotated[RevertQuery, Query()]
) -> Response:
    """Take back one change, or everything since a revision; what others have set since is a conflict, and told."""
    prepare = context.service.workspace.history.reverting(revision, since=query.since)
    return await _take_back(context, "revert", prepare, dry=query.dry_run)


@router.post("/v1/maps/{map}/undo", response_model=ReversalResult, responses=_ANSWERS, openapi_extra=_WRITE)
async def undo(context: PostContext, map: MapId, query: Annotated[UndoQuery, Query()]) -> Response:
    """Undo the caller's last change of the map, be it its delete; asked again, the one before it."""
    prepare = context.service.workspace.history.undoing(context.principal.name, "undo")
    try:
        return await _take_back(context, "undo", prepare, dry=query.dry_run)
    except NotFound as error:
        if error.name != "map_not_found" or query.dry_run:
            raise
        return await _bring_back(context)


async def _bring_back(context: Context) -> Response:
    """Undo the delete of a map by who has deleted it; raises `NotFound` where there is none."""
    found = await context.service.workspace.restore(context.map, context.principal.name)
    graph = await context.service.workspace.at(context.map)
    sentence = f"{context.principal.name} brought back the map “{found.header.title}”."
    told = {"act": "undo", "reverted": graph.revision, "sentence": sentence, "dry_run": False}
    return Encoded.of({**written(Plan(graph, (), ())), **told}, tag=map_tag(graph))


@router.post("/v1/maps/{map}/redo", response_model=ReversalResult, responses=_ANSWERS, openapi_extra=_WRITE)
async def redo(context: PostContext, map: MapId, query: Annotated[UndoQuery, Query()]) -> Response:
    """Do again what the caller has undone last, as long as they have changed nothing else since."""
    prepare = context.service.workspace.history.undoing(context.principal.name, "redo")
    return await _take_back(context, "redo", prepare, dry=query.dry_run)


async def _take_back(context: Context, act: Reversing, prepare: Prepare, *, dry: bool) -> Response:
    async def prepared(graph: ArgumentGraph, pending: Any) -> Planner:
        check_map(context, graph)
        return await prepare(graph, pending)

    def said(planned: Plan) -> WriteAnswer:
        return WriteAnswer(200, map_tag(planned.graph), _result(context, act, planned, dry=dry))

    request = request_of(context, _unplanned, said, lambda graph: EDIT, prepared)
    if dry:
        graph, would = await context.service.workspace.dry_run(context.map, request)
        return Encoded.of({**_result(context, act, would, dry=True), "revision": graph.revision}, tag=map_tag(graph))
    return await write_requested(context, request)


def _result(context: Context, act: Reversing, planned: Plan, *, dry: bool) -> dict[str, Any]:
    reversal = planned.reversal
    graph = planned.graph
    done = Change(graph.map, graph.revision, "", "", context.principal.name, planned.edits, reversal=reversal)
    told = {"act": act, "reverted": 0 if reversal is None else reversal.revision, "sentence": sentence_of(done)}
    return {**written(planned), **told, "dry_run": dry}


def _refuse_draft(view: View) -> None:
    if view.query.draft is not None:
        detail = "what is proposed is no part of the history; leave draft out, or ask for the draft itself"
        raise Refused(f"draft: {detail}", [FieldProblem("/draft", detail, in_="query")], code="invalid_parameter")


def _telling(changes: Iterable[Change], most: int = MOST) -> Policy:
    """What it costs to tell of so many edits of each change; what may have run out of time is kept nowhere."""
    cost = sum(telling_cost(change, most) for change in changes)
    return Policy(lambda graph: cost, timed=True)


def _unplanned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
    raise RuntimeError("what is taken back is planned with the log")


_OF_PAGES = ("until", "cursor")
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""A proxy that gathers what it passes on would hold the events back."""


async def follow_changes(view: View, query: ChangesQuery, nodes: tuple[str, ...], last: str | None) -> Response:
    """The changes of a map from here on, as events; raises `Refused`, and `Busy` where as many follow as may.

    `last` is the id of the last event that the client was told, if any.
    """
    context, service = view.context, view.context.service
    given = [name for name in _OF_PAGES if getattr(query, name) is not None]
    given += ["as_of"] if view.query.as_of is not None else []
    if given:
        detail = "a stream goes on from now, or from `since`, without an end"
        faults = [FieldProblem(pointer(name), detail, in_="query") for name in given]
        raise Refused(f"{given[0]}: {detail}", faults, code="invalid_parameter")
    if service.watch.listeners >= service.settings.listeners:
        raise Busy(
            f"{service.settings.listeners} event streams are open already (setting ARGUMAP_LISTENERS); close some first"
        )
    behind = last
    if behind is None and query.since is not None:
        behind = str((await service.workspace.history.span(view.whole, query.since, None)).after)
    streams: Streams = context.request.app.state.streams
    start = await streams.start(context.map, behind)
    heartbeat = service.settings.heartbeat
    following = Following(context.map, nodes, tuple(query.by), tuple(query.field), view.query, heartbeat)
    return EventSourceResponse(streams.events(following, start, context.principal), headers=_HEADERS)


def _check_fields(names: tuple[str, ...]) -> None:
    """Raise `Refused` for fields that nothing in a map has."""
    faults = []
    for place, one in enumerate(names):
        if one not in FIELDS:
            detail = f"nothing in a map has a field {one!r}; {did_you_mean(one, FIELDS)}"
            faults.append(FieldProblem(pointer("field", place), detail, in_="query"))
    if faults:
        raise Refused(faults[0].detail, faults, code="invalid_parameter")


async def _nodes(view: View, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The nodes that are followed: of those merged into others these; raises `Refused` for ids that never were."""
    whole = view.whole
    named = [(place, one, one if one in whole else whole.merged_into(one)) for place, one in enumerate(ids)]
    lacking = [one for _, one, node in named if node is None]
    known = await view.context.service.store.known(whole.map, lacking) if lacking else set()
    faults = [
        FieldProblem(pointer("node", place), f"map {whole.map!r} never had a node {one!r}", in_="query")
        for place, one, node in named
        if node is None and one not in known
    ]
    if faults:
        raise Refused(faults[0].detail, faults, code="unknown_id")
    return tuple(dict.fromkeys(node or one for _, one, node in named))
