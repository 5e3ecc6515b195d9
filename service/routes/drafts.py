"""Drafts: sets of edits that somebody proposes, seen as a view of the map, and accepted or declined as one change."""

from typing import Annotated, Any, NamedTuple

import msgspec
from fastapi import Query, Response
from pydantic import Field

from graph.budgets import page_of, question_of
from graph.editing.editor import Provenance, composed_fields
from graph.editing.planning import Plan
from graph.errors import Conflict, GraphError, Refused
from graph.history.difference import node_difference, nodes_touched
from graph.history.effects import effect_of
from graph.maps.drafts import Proposal, Supposed
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import Id, Line, Note, Record, new_id, now
from schemas.change import Change
from schemas.draft import DraftAnswer, DraftItem, DraftsAnswer, DraftsQuery
from schemas.problem import FieldProblem
from schemas.query import Query as Parameters
from service.http.context import Context, MapId, MapView, PostContext, WriteContext
from service.http.encoding import Encoded, encode
from service.http.errors import NotYours
from service.http.responses import EVALUATE, check_map, check_record, digest, map_tag, respond, tagged
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, idempotency_key_of, replied, within_quotas, written
from service.models.answers import Answered, Written
from service.models.batches import CountedOperation
from service.models.changes import MOST
from service.models.operations import commands_of, placed
from service.models.responses import deletes, reads, writes
from service.models.structs import model_of
from service.routes.remarks import DraftId

Operations = Annotated[tuple[CountedOperation, ...], Field(min_length=1)]


class DraftCreate(Record):
    """Edits that are proposed and not made: they are of the newest revision."""

    id: Id | None = None
    """Left out, the service makes one."""
    title: Line
    """What to call it."""
    text: Note | None = None
    """What it is for."""
    operations: Operations
    """As in a batch; a later one may refer to what an earlier one makes."""


class DraftUpdate(Record):
    """What is to be other in a draft that is open; what is left out stays."""

    title: Line | None = None
    """What to call it."""
    text: Note | None = None
    """What it is for."""
    operations: Operations | None = None
    """In place of those before; the draft is then of the newest revision."""


class DraftDecision(Record):
    """Why a draft is accepted or declined."""

    reason: Note | None = None
    """In a sentence or two."""


class DraftAccepted(Written):
    """What accepting a draft did."""

    draft: Id
    """Id of the draft."""
    dry_run: bool
    """Whether nothing was stored."""


class DraftDeleted(Answered):
    """A draft that its author took back."""

    deleted: list[Id]
    """Its id."""


class AcceptQuery(Parameters):
    """How a draft is accepted."""

    dry_run: bool = False
    """Only say what would happen, and what stands against it."""


class DraftPlace(NamedTuple):
    """Where a draft stands among others."""

    at: str
    id: str


router = Router(tags=["Discussion"])
_UNTAGGED = {status: declared for status, declared in deletes(412, 409).items() if status != 200}


@router.get(
    "/v1/maps/{map}/drafts", response_model=model_of(DraftsAnswer), responses=reads(), openapi_extra=needs("read")
)
async def list_drafts(view: MapView, query: Annotated[DraftsQuery, Query()]) -> Response:
    """The drafts of a map: what waits, what was accepted and what declined."""
    map_id = view.graph.map
    found = await view.context.service.workspace.drafts.all(map_id, query.status)
    wanted = [one for one in found if not query.by or one.said.by in query.by]
    question = question_of(map_id, None, query)
    page = page_of(wanted, _place, DraftPlace, question=question, limit=query.limit, cursor=query.cursor)
    items = tuple(DraftItem(**_item(one)) for one in page.items)
    return tagged(view.context, encode(DraftsAnswer(map_id, items, page.total, page.next)))


@router.post(
    "/v1/maps/{map}/drafts", status_code=201, response_model=model_of(DraftAnswer),
    responses=writes(404, 409, 412, status=201), openapi_extra=needs("propose"),
)  # fmt: skip
async def create_draft(context: PostContext, map: MapId, body: DraftCreate) -> Response:
    """Propose edits: the map stays as it is, and is seen with them by `draft=` on every read."""
    drafts, key = context.service.workspace.drafts, idempotency_key_of(context)
    graph = await context.service.workspace.at(context.map)
    name = body.id or (new_id("draft") if key is None else f"draft-{digest(key.key, context.map)}")
    fingerprint = None if key is None else key.fingerprint
    if fingerprint is not None and (before := await _made_before(context, name, fingerprint)) is not None:
        return await _shown(context, graph, before, status=201, replayed=True)
    check_map(context, graph)
    change, operations = await _planned(context, graph)
    title, text = _composed(body.title, body.text)
    made = await drafts.propose(name, title or body.title, text, operations, change, fingerprint)
    if made is None:
        raise Conflict(
            f"there is a draft {name!r} already; choose another id", [FieldProblem("/id", "taken")], code="id_taken"
        )
    return await _shown(context, graph, made, status=201)


@router.get(
    "/v1/maps/{map}/drafts/{draft}", response_model=model_of(DraftAnswer), responses=reads(),
    openapi_extra=needs("read"),
)  # fmt: skip
async def read_draft(view: MapView, draft: DraftId) -> Response:
    """A draft with all that it would do: node by node, to the verdicts of theses and to the rank of motives."""
    drafts = view.context.service.workspace.drafts
    found = await drafts.find(view.graph.map, draft)
    judged = await drafts.judged(view.whole, found)
    tag = _tag(found, seen=judged is not None)
    return await respond(view, None, lambda limits: _answer(found, judged), EVALUATE, tag=tag, beside=draft)


@router.patch(
    "/v1/maps/{map}/drafts/{draft}", response_model=model_of(DraftAnswer), responses=writes(404, 409, 412),
    openapi_extra=needs("propose"),
)  # fmt: skip
async def change_draft(context: WriteContext, map: MapId, draft: DraftId, body: DraftUpdate) -> Response:
    """Change a draft of one's own that is open; with new operations it is of the newest revision."""
    drafts = context.service.workspace.drafts
    graph = await context.service.workspace.at(context.map)
    found = await _own(context, draft)
    title, text = _composed(body.title, body.text)
    fields: dict[str, str | None] = {"title": title or found.said.title}
    if "text" in body.model_fields_set:
        fields["text"] = text
    change, operations = (None, None) if body.operations is None else await _planned(context, graph)
    amended = await drafts.amend(context.map, found, operations=operations, change=change, **fields)
    return await _shown(context, graph, amended)


@router.delete(
    "/v1/maps/{map}/drafts/{draft}", response_model=DraftDeleted, responses=_UNTAGGED, openapi_extra=needs("propose")
)
async def delete_draft(context: WriteContext, map: MapId, draft: DraftId) -> Response:
    """Take back a draft of one's own, with what was said of it; what it did when it was accepted stays."""
    await context.service.workspace.drafts.remove(context.map, await _own(context, draft))
    return Encoded.of({"deleted": [draft]})


@router.post(
    "/v1/maps/{map}/drafts/{draft}/accept", response_model=DraftAccepted, responses=writes(404, 409, 412),
    openapi_extra=needs("write"),
)  # fmt: skip
async def accept_draft(
    context: PostContext, map: MapId, draft: DraftId, query: Annotated[AcceptQuery, Query()], body: DraftDecision
) -> Response:
    """Make the edits of a draft as one change of the map as it is now; what others have set since is a conflict.

    It happens once, however often it is asked.
    """
    workspace, drafts = context.service.workspace, context.service.workspace.drafts
    found = await drafts.find(context.map, draft)
    if found.status != "accepted":
        check_record(context, _tag(found), f"the draft {draft!r}")
    elif await context.service.store.idempotency_record(drafts.key_of(found).key) is None:
        raise Conflict(f"the draft {draft!r} was accepted already, long ago", code="draft_decided")
    if found.status == "declined":
        raise Conflict(f"the draft {draft!r} was declined already", code="draft_decided")

    def said(done: Plan) -> dict[str, Any]:
        return {**written(done), "draft": draft, "dry_run": query.dry_run}

    def told(done: Plan) -> bytes:
        return encode(WriteAnswer(200, map_tag(done.graph), said(done)))

    request = within_quotas(context, drafts.accepting(found, context.principal.name, told))
    if query.dry_run:
        graph, would = await workspace.dry_run(context.map, request)
        return Encoded.of({**said(would), "revision": graph.revision}, tag=map_tag(graph))
    done = await workspace.write(context.map, request)
    await drafts.accepted(context.map, found, context.principal.name, body.reason, done.revision)
    context.service.watch.nudge()
    return replied(done)


@router.post(
    "/v1/maps/{map}/drafts/{draft}/decline", response_model=model_of(DraftAnswer), responses=writes(404, 409, 412),
    openapi_extra=needs("write"),
)  # fmt: skip
async def decline_draft(context: PostContext, map: MapId, draft: DraftId, body: DraftDecision) -> Response:
    """Say no to a draft that is open, and why; it stays to be read."""
    drafts, by = context.service.workspace.drafts, context.principal.name
    graph = await context.service.workspace.at(context.map)
    found = await drafts.find(context.map, draft)
    if found.status == "declined" and found.said.decided_by == by and found.said.reason == body.reason:
        return await _shown(context, graph, found)  # the same once more
    check_record(context, _tag(found), f"the draft {draft!r}")
    return await _shown(context, graph, await drafts.decline(context.map, found, by, body.reason))


async def _planned(context: Context, graph: ArgumentGraph) -> tuple[Change, bytes]:
    """What the operations of the body would do to a snapshot, and the operations as they were sent."""
    operations = context.document["operations"]
    commands = commands_of(operations, context.service.settings.batch_limit)
    provenance = Provenance(context.principal.name, now(), new_id("change"))
    try:
        change = await context.service.workspace.drafts.planned(graph, commands, provenance)
    except GraphError as error:
        raise placed(error, commands, "operations") from error
    return change, encode(operations)


def _composed(title: str | None, text: str | None) -> tuple[str | None, str | None]:
    given = {name: value for name, value in (("title", title), ("text", text)) if value is not None}
    fields = composed_fields(given, [])
    return fields.get("title"), fields.get("text")


async def _made_before(context: Context, name: str, fingerprint: str) -> Proposal | None:
    """The draft that the same request has made; raises `Refused` where the key came with something else."""
    for one in await context.service.workspace.drafts.all(context.map):
        if one.id == name and one.said.fingerprint is not None:
            if one.said.fingerprint == fingerprint:
                return one
            raise Refused("the Idempotency-Key was used for another request; choose a new one", code="key_reused")
    return None


async def _own(context: Context, draft: str) -> Proposal:
    """A draft of the caller's; raises `NotYours`."""
    found = await context.service.workspace.drafts.find(context.map, draft)
    check_record(context, _tag(found), f"the draft {draft!r}")
    if found.said.by != context.principal.name:
        raise NotYours(f"{found.said.by!r} has made the draft {draft!r}, and only they may change it or take it back")
    return found


async def _shown(
    context: Context, graph: ArgumentGraph, proposal: Proposal, *, status: int = 200, replayed: bool = False
) -> Response:
    judged = await context.service.workspace.drafts.judged(graph, proposal)
    answer = await context.service.work.run(lambda: encode(_answer(proposal, judged)), client=context.principal.client)
    headers = {"Location": f"/v1/maps/{context.map}/drafts/{proposal.id}"} if status == 201 else {}
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    return Encoded(answer, status=status, tag=_tag(proposal, seen=judged is not None), headers=headers)


def _item(one: Proposal) -> dict[str, Any]:
    said, nodes = one.said, nodes_touched(one.change)
    return {
        "id": one.id, "title": said.title, "text": said.text, "by": said.by, "at": said.at,
        "updated_at": said.updated_at, "base": one.base, "status": one.status, "decided_by": said.decided_by,
        "decided_at": said.decided_at, "reason": said.reason, "revision": said.revision,
        "nodes": tuple(nodes[:MOST]), "nodes_total": len(nodes),
    }  # fmt: skip


def _answer(one: Proposal, judged: Supposed | None) -> DraftAnswer:
    edits = sorted(one.change.edits, key=lambda edit: edit.id)
    return DraftAnswer(
        **_item(one),
        map=one.change.map,
        operations=one.operations,
        changes=tuple(map(node_difference, edits)),
        orphaned=None if judged is None else tuple(judged.orphaned),
        effect=None if judged is None else effect_of(judged.before, judged.after),
    )


def _place(one: Proposal) -> DraftPlace:
    return DraftPlace(one.said.at, one.id)


def _tag(one: Proposal, *, seen: bool = True) -> str:
    """The tag of a draft; behind it stands that what follows from its revision is not told: no condition minds that."""
    return f'"{one.version}-{digest(one.status, msgspec.json.encode(one.said))}{"" if seen else ".unseen"}"'
