"""Remarks: notes, agreement and disagreement with a reason, of a node or a draft; beside the map and no part of it."""

from typing import Annotated, NamedTuple

import msgspec
from fastapi import Path, Query, Response

from graph.beside.port import SideRecord, Sort
from graph.budgets import page_of, question_of
from graph.editing.editor import composed_fields
from graph.errors import Conflict, NotFound, Refused
from schemas.base import ID_PATTERN, Id, new_id, now
from schemas.draft import (
    DraftRemark,
    DraftRemarksAnswer,
    Marks,
    Remark,
    RemarkCreate,
    RemarkQuery,
    RemarksAnswer,
    RemarksQuery,
)
from schemas.problem import FieldProblem
from service.http.context import Context, MapId, MapView, NodeId, PostContext, View, WriteContext
from service.http.encoding import Encoded, encode
from service.http.errors import NotYours
from service.http.responses import check_map, check_record, digest, labels_in, tagged, unchanged
from service.http.routing import Router, needs
from service.http.writing import idempotency_key_of
from service.models.answers import Answered
from service.models.responses import deletes, reads, writes
from service.models.structs import model_of


class RemarkDeleted(Answered):
    """A remark that was taken back."""

    deleted: list[Id]
    """Its id."""


router = Router(tags=["Discussion"])
_DELETES = {status: declared for status, declared in deletes(412).items() if status != 200}
"""What is left of it has no tag."""
RemarkId = Annotated[
    str, Path(alias="remark", description="Id of a remark.", json_schema_extra={"pattern": ID_PATTERN})
]


DraftId = Annotated[str, Path(alias="draft", description="Id of a draft.", json_schema_extra={"pattern": ID_PATTERN})]


class RemarkPlace(NamedTuple):
    """Where a remark stands among others."""

    at: str
    id: str


class _Kept(msgspec.Struct):
    """A remark as it is kept."""

    text: str
    by: str
    at: str
    mark: str | None = None
    fingerprint: str | None = None
    """Of the request that made it under an Idempotency-Key."""


@router.get(
    "/v1/maps/{map}/nodes/{id}/remarks",
    response_model=model_of(RemarksAnswer),
    responses=reads(),
    openapi_extra=needs("read"),
)
async def list_remarks_of_node(view: MapView, node_id: NodeId, query: Annotated[RemarkQuery, Query()]) -> Response:
    """What was said of a node beside the map, also of those that were merged into it; not as of a revision, but now."""
    node = view.whole.node(view.find(node_id))
    return await _listed(view, query, (node.id, *node.merged))


@router.get(
    "/v1/maps/{map}/remarks", response_model=model_of(RemarksAnswer), responses=reads(), openapi_extra=needs("read")
)
async def list_remarks(view: MapView, query: Annotated[RemarksQuery, Query()]) -> Response:
    """What was said of any node of the map, or of some."""
    return await _listed(view, query, query.node)


@router.post(
    "/v1/maps/{map}/nodes/{id}/remarks", status_code=201, response_model=model_of(Remark),
    responses=writes(404, 409, 412, status=201), openapi_extra=needs("propose"),
)  # fmt: skip
async def create_remark(context: PostContext, map: MapId, node_id: NodeId, body: RemarkCreate) -> Response:
    """Say something of a node: a note, or whether one agrees, with the reason; the map stays as it is."""
    graph = await context.service.workspace.at(context.map)
    graph.refuse_merged(node_id)
    graph.number(node_id)
    check_map(context, graph)
    return await _made(context, "remark", node_id, body, f"/v1/maps/{context.map}/remarks")


@router.get(
    "/v1/maps/{map}/remarks/{remark}", response_model=model_of(Remark), responses=reads(), openapi_extra=needs("read")
)
async def read_remark(view: MapView, remark: RemarkId) -> Response:
    """One remark."""
    record = await _found(view.context, "remark", remark)
    known = unchanged(view.context, _tag(record), made=True)
    return known or Encoded(_labelled(view, _remark(record)), tag=_tag(record))


@router.delete(
    "/v1/maps/{map}/remarks/{remark}", response_model=RemarkDeleted, responses=_DELETES, openapi_extra=needs("propose")
)
async def delete_remark(context: WriteContext, map: MapId, remark: RemarkId) -> Response:
    """Take back a remark that one has made oneself."""
    return await _taken_back(context, await _found(context, "remark", remark))


@router.get(
    "/v1/maps/{map}/drafts/{draft}/remarks", response_model=model_of(DraftRemarksAnswer), responses=reads(),
    openapi_extra=needs("read"),
)  # fmt: skip
async def list_remarks_of_draft(view: MapView, draft: DraftId, query: Annotated[RemarkQuery, Query()]) -> Response:
    """What was said of a draft."""
    await view.context.service.workspace.drafts.find(view.graph.map, draft)
    return await _listed(view, query, (draft,), "draft_remark")


@router.post(
    "/v1/maps/{map}/drafts/{draft}/remarks", status_code=201, response_model=model_of(DraftRemark),
    responses=writes(404, 409, 412, status=201), openapi_extra=needs("propose"),
)  # fmt: skip
async def create_remark_of_draft(context: PostContext, map: MapId, draft: DraftId, body: RemarkCreate) -> Response:
    """Say something of a draft: a note, or whether one agrees, with the reason."""
    graph = await context.service.workspace.at(context.map)
    await context.service.workspace.drafts.find(context.map, draft)
    check_map(context, graph)
    where = f"/v1/maps/{context.map}/drafts/{draft}/remarks"
    return await _made(context, "draft_remark", draft, body, where)


@router.get(
    "/v1/maps/{map}/drafts/{draft}/remarks/{remark}", response_model=model_of(DraftRemark), responses=reads(),
    openapi_extra=needs("read"),
)  # fmt: skip
async def read_remark_of_draft(view: MapView, draft: DraftId, remark: RemarkId) -> Response:
    """One remark of a draft."""
    record = await _found(view.context, "draft_remark", remark, draft)
    known = unchanged(view.context, _tag(record), made=True)
    return known or Encoded(_labelled(view, _remark(record)), tag=_tag(record))


@router.delete(
    "/v1/maps/{map}/drafts/{draft}/remarks/{remark}", response_model=RemarkDeleted, responses=_DELETES,
    openapi_extra=needs("propose"),
)  # fmt: skip
async def delete_remark_of_draft(context: WriteContext, map: MapId, draft: DraftId, remark: RemarkId) -> Response:
    """Take back a remark of a draft that one has made oneself."""
    return await _taken_back(context, await _found(context, "draft_remark", remark, draft))


async def _taken_back(context: Context, record: SideRecord) -> Response:
    by = _remark(record).by
    check_record(context, _tag(record), f"the remark {record.id!r}")
    if by != context.principal.name:
        raise NotYours(f"{by!r} has made the remark {record.id!r}, and only they may take it back")
    await context.service.store.beside.remove(context.map, record.sort, record.id, record.version)
    return Encoded.of({"deleted": [record.id]})


async def _made(context: Context, sort: Sort, subject: str, body: RemarkCreate, where: str) -> Response:
    key = idempotency_key_of(context)
    fields = composed_fields({"text": body.text}, [])
    name = body.id or (new_id("remark") if key is None else f"r-{digest(key.key, context.map)}")
    kept = _Kept(fields["text"], context.principal.name, now(), body.mark, None if key is None else key.fingerprint)
    record = SideRecord(sort, name, subject, 1, msgspec.Raw(encode(kept)))
    replayed = False
    if not await context.service.store.beside.put(context.map, record):
        record = await _taken(context, sort, name, kept.fingerprint)
        replayed = True
    location = f"{where}/{record.id}"
    headers = {"Location": location, **({"Idempotency-Replayed": "true"} if replayed else {})}
    return Encoded(encode(_remark(record)), status=201, tag=_tag(record), headers=headers)


async def _listed(view: View, query: RemarkQuery, subjects: tuple[str, ...], sort: Sort = "remark") -> Response:
    context, map_id = view.context, view.graph.map
    records = await context.service.store.beside.records(map_id, sort, subjects)
    found = [_remark(record) for record in records]
    wanted = [r for r in found if (not query.by or r.by in query.by) and query.mark in (None, r.mark)]
    wanted.sort(key=_place)
    question = question_of(map_id, view.query, query, *subjects)
    page = page_of(wanted, _place, RemarkPlace, question=question, limit=query.limit, cursor=query.cursor)
    marks = Marks(sum(r.mark == "agree" for r in wanted), sum(r.mark == "disagree" for r in wanted))
    items = tuple(page.items)
    answer: RemarksAnswer | DraftRemarksAnswer = (
        RemarksAnswer(map_id, items, page.total, page.next, marks)  # type: ignore[arg-type]
        if sort == "remark"
        else DraftRemarksAnswer(map_id, subjects[0], items, page.total, page.next, marks)  # type: ignore[arg-type]
    )
    return tagged(context, _labelled(view, answer))


def _labelled(view: View, answer: Remark | DraftRemark | RemarksAnswer | DraftRemarksAnswer) -> bytes:
    if not view.query.labels:
        return encode(answer)
    value = msgspec.to_builtins(answer)
    return encode({**value, "labels": labels_in(value, view.whole)})


async def _found(context: Context, sort: Sort, remark: str, subject: str | None = None) -> SideRecord:
    await context.service.workspace.version(context.map)  # says so where there is no such map
    record = await context.service.store.beside.find(context.map, sort, remark)
    if record is None or subject not in (None, record.subject):
        raise NotFound(f"map {context.map!r} has no remark {remark[:100]!r}", code="remark_not_found")
    return record


async def _taken(context: Context, sort: Sort, name: str, fingerprint: str | None) -> SideRecord:
    """The remark that is there already, where the same request has made it."""
    record = await _found(context, sort, name)
    held = msgspec.json.decode(record.document, type=_Kept).fingerprint
    if fingerprint is not None and held == fingerprint:
        return record
    if fingerprint is not None and held is not None:
        raise Refused("the Idempotency-Key was used for another request; choose a new one", code="key_reused")
    raise Conflict(
        f"there is a remark {name!r} already; choose another id", [FieldProblem("/id", "taken")], code="id_taken"
    )


def _remark(record: SideRecord) -> Remark | DraftRemark:
    kept = msgspec.json.decode(record.document, type=_Kept)
    if record.sort == "draft_remark":
        return DraftRemark(record.id, record.subject, kept.text, kept.mark, kept.by, kept.at)  # type: ignore[arg-type]
    return Remark(record.id, record.subject, kept.text, kept.mark, kept.by, kept.at)  # type: ignore[arg-type]


def _place(remark: Remark | DraftRemark) -> RemarkPlace:
    return RemarkPlace(remark.at, remark.id)


def _tag(record: SideRecord) -> str:
    return f'"{record.version}-{digest(bytes(record.document))}"'
