"""Remarks: notes, agreement and disagreement with a reason, by whoever reads a map; beside it and no part of it."""

from typing import Annotated, NamedTuple

import msgspec
from fastapi import Path, Query, Response

from graph.beside.port import SideRecord
from graph.editing.fields import composed_fields
from graph.editing.identity import new_id, now
from graph.errors import Conflict, NotFound, Refused
from graph.paging import page_of, question_of
from schemas.base import ID_PATTERN
from schemas.problem import FieldProblem
from schemas.remark import Marks, Remark, RemarkCreate, RemarkQuery, RemarksAnswer, RemarksQuery
from service.http.conditions import check_map, check_record, digest, unchanged
from service.http.context import Context, MapId, MapView, NodeId, PostContext, View, WriteContext
from service.http.encoding import Encoded, encode
from service.http.errors import NotYours
from service.http.responses import labels_in, tagged
from service.http.routing import Router, needs
from service.http.writing import idempotency_key_of
from service.models.remarks import RemarkDeleted
from service.models.responses import deletes, reads, writes
from service.models.structs import model_of

router = Router(tags=["Discussion"])
_DELETES = {status: declared for status, declared in deletes(412).items() if status != 200}
"""What is left of it has no tag."""
RemarkId = Annotated[
    str, Path(alias="remark", description="Id of a remark.", json_schema_extra={"pattern": ID_PATTERN})
]


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
    responses=writes(404, 409, 412, status=201), openapi_extra=needs("write"),
)  # fmt: skip
async def create_remark(context: PostContext, map: MapId, node_id: NodeId, body: RemarkCreate) -> Response:
    """Say something of a node: a note, or whether one agrees, with the reason; the map stays as it is."""
    graph = await context.service.workspace.at(context.map)
    graph.refuse_merged(node_id)
    graph.number(node_id)
    check_map(context, graph)
    key = idempotency_key_of(context)
    fields = composed_fields({"text": body.text}, [])
    name = body.id or (new_id("remark") if key is None else f"r-{digest(key.key, context.map)}")
    kept = _Kept(fields["text"], context.principal.name, now(), body.mark, None if key is None else key.fingerprint)
    record = SideRecord("remark", name, node_id, 1, msgspec.Raw(encode(kept)))
    replayed = False
    if not await context.service.store.beside.put(context.map, record):
        record = await _taken(context, name, kept.fingerprint)
        replayed = True
    location = f"/v1/maps/{context.map}/remarks/{record.id}"
    headers = {"Location": location, **({"Idempotency-Replayed": "true"} if replayed else {})}
    return Encoded(encode(_remark(record)), status=201, tag=_tag(record), headers=headers)


@router.get(
    "/v1/maps/{map}/remarks/{remark}", response_model=model_of(Remark), responses=reads(), openapi_extra=needs("read")
)
async def read_remark(view: MapView, remark: RemarkId) -> Response:
    """One remark."""
    record = await _found(view.context, remark)
    known = unchanged(view.context, _tag(record), made=True)
    return known or Encoded(_labelled(view, _remark(record)), tag=_tag(record))


@router.delete(
    "/v1/maps/{map}/remarks/{remark}", response_model=RemarkDeleted, responses=_DELETES, openapi_extra=needs("write")
)
async def delete_remark(context: WriteContext, map: MapId, remark: RemarkId) -> Response:
    """Take back a remark that one has made oneself."""
    record = await _found(context, remark)
    check_record(context, _tag(record), f"the remark {remark!r}")
    if _remark(record).by != context.principal.name:
        raise NotYours(f"{_remark(record).by!r} has made the remark {remark!r}, and only they may take it back")
    await context.service.store.beside.remove(context.map, "remark", record.id, record.version)
    return Encoded.of({"deleted": [record.id]})


async def _listed(view: View, query: RemarkQuery, nodes: tuple[str, ...]) -> Response:
    context, map_id = view.context, view.graph.map
    records = await context.service.store.beside.records(map_id, "remark", nodes)
    found = [_remark(record) for record in records]
    wanted = [r for r in found if (not query.by or r.by in query.by) and query.mark in (None, r.mark)]
    wanted.sort(key=_place)
    question = question_of(map_id, view.query, query, *nodes)
    page = page_of(wanted, _place, RemarkPlace, question=question, limit=query.limit, cursor=query.cursor)
    marks = Marks(sum(r.mark == "agree" for r in wanted), sum(r.mark == "disagree" for r in wanted))
    answer = RemarksAnswer(map_id, tuple(page.items), page.total, page.next, marks)
    return tagged(context, _labelled(view, answer))


def _labelled(view: View, answer: Remark | RemarksAnswer) -> bytes:
    if not view.query.labels:
        return encode(answer)
    value = msgspec.to_builtins(answer)
    return encode({**value, "labels": labels_in(value, view.whole)})


async def _found(context: Context, remark: str) -> SideRecord:
    await context.service.workspace.version(context.map)  # says so where there is no such map
    record = await context.service.store.beside.find(context.map, "remark", remark)
    if record is None:
        raise NotFound(f"map {context.map!r} has no remark {remark[:100]!r}", code="remark_not_found")
    return record


async def _taken(context: Context, name: str, fingerprint: str | None) -> SideRecord:
    """The remark that is there already, where the same request has made it."""
    record = await _found(context, name)
    held = msgspec.json.decode(record.document, type=_Kept).fingerprint
    if fingerprint is not None and held == fingerprint:
        return record
    if fingerprint is not None and held is not None:
        raise Refused("the Idempotency-Key was used for another request; choose a new one", code="key_reused")
    raise Conflict(
        f"there is a remark {name!r} already; choose another id", [FieldProblem("/id", "taken")], code="id_taken"
    )


def _remark(record: SideRecord) -> Remark:
    kept = msgspec.json.decode(record.document, type=_Kept)
    return Remark(record.id, record.subject, kept.text, kept.mark, kept.by, kept.at)  # type: ignore[arg-type]


def _place(remark: Remark) -> RemarkPlace:
    return RemarkPlace(remark.at, remark.id)


def _tag(record: SideRecord) -> str:
    return f'"{record.version}-{digest(bytes(record.document))}"'
