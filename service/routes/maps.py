"""Maps: list, make, read, rename and delete."""

from functools import partial
from typing import Annotated, Any

from fastapi import Query, Response

from graph.budgets import decode_cursor, encode_cursor, page_of
from graph.editing.editor import Provenance
from graph.editing.planning import Plan, rename
from graph.maps.port import DeletedMap
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import Record
from schemas.map import MapCreate
from service.http.context import MapContext, MapId, MapView, ReadContext, WriteContext
from service.http.encoding import Encoded, encode
from service.http.responses import READ, check_map, guarded, map_document, map_tag, require_condition, respond, tagged
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, cost_of_body, replied, request_of, write
from service.models.answers import DeleteResult, MapList, MapRead
from service.models.bodies import MapUpdate
from service.models.queries import MapsQuery
from service.models.responses import deletes, reads, reads_of_service, writes

router = Router(tags=["Maps"])
_LIST, _DELETED = "maps", "deleted maps"
_Update: type[Record] = MapUpdate


@router.get("/v1/maps", response_model=MapList, responses=reads_of_service(503), openapi_extra=needs("read"))
async def list_maps(context: ReadContext, query: Annotated[MapsQuery, Query()]) -> Response:
    """Every map that is open to whoever asks, in the order of ids; or the deleted ones that can be brought back."""
    service, opens = context.service, context.principal.opens
    if query.deleted:
        deleted = [one for one in await service.workspace.deleted() if opens(one.header.id)]
        return tagged(context, encode(_deleted_page(deleted, query)))
    behind = "" if query.cursor is None else decode_cursor(query.cursor, _LIST, str)
    if context.principal.maps is None:
        rest = await service.store.maps(behind, query.limit + 1)
        total = await service.store.count_maps()
    else:
        opened = [header for header in await service.store.maps() if opens(header.id)]
        rest, total = [header for header in opened if header.id > behind], len(opened)
    shown = rest[: query.limit]
    following = encode_cursor(_LIST, shown[-1].id) if len(rest) > len(shown) else None
    counted = [h if h.counts else (await service.workspace.at(h.id)).header for h in shown]
    items = [map_document(h) for h in counted]
    return tagged(context, encode({"items": items, "total": total, "next": following}))


@router.post(
    "/v1/maps", status_code=201, response_model=MapRead, responses=writes(409, status=201), openapi_extra=needs("write")
)
async def create_map(context: MapContext, body: MapCreate) -> Response:
    """Make an empty map."""
    context.principal.check_whole("making a map")  # said before it is known whether the id is taken
    await context.service.quotas.check_maps(context.service.store, context.principal.name, body.id or "")
    wanted = request_of(
        context, lambda graph, _: Plan(graph, (), ()), lambda planned: _made(planned.graph), cost_of_body(context)
    )
    return replied(await context.service.workspace.create(body, wanted))


@router.get("/v1/maps/{map}", response_model=MapRead, responses=reads(), openapi_extra=needs("read"))
async def read_map(view: MapView) -> Response:
    """A map with how many nodes of each kind it has in the view."""
    tag = None if view.query.narrows else map_tag(view.graph)
    return await respond(view, None, lambda limits: map_document(view.graph.header), READ.costing(0), tag=tag)


@router.patch("/v1/maps/{map}", response_model=MapRead, responses=writes(404, 412, 428), openapi_extra=needs("write"))
async def change_map(context: WriteContext, map: MapId, body: _Update) -> Response:  # type: ignore[valid-type]
    """Change title, question or description by a merge patch."""
    require_condition(context)
    patch = context.document

    def renamed(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return rename(graph, patch, provenance)

    planner = guarded(lambda graph: check_map(context, graph), renamed)
    return await write(context, planner, lambda planned: _said(planned.graph), cost_of_body(context))


@router.delete("/v1/maps/{map}", response_model=DeleteResult, responses=deletes(412, 428), openapi_extra=needs("write"))
async def delete_map(context: WriteContext, map: MapId) -> Response:
    """Delete a map with all its nodes and its history; for a while it can be brought back."""
    require_condition(context)
    conditional = context.header(b"if-match") is not None or context.header(b"if-none-match") is not None
    check = partial(check_map, context) if conditional else None
    days = context.service.settings.deleted_days
    stood = await context.service.workspace.delete(context.map, check, by=context.principal.name, days=days)
    gone = {"revision": stood.revision, "created": [], "updated": [], "deleted": [context.map]}
    gone |= {"orphaned": [], "notes": []}
    return Encoded.of(gone, tag=map_tag(stood))


@router.post(
    "/v1/maps/{map}/restore", response_model=MapRead, responses=deletes(409, 413), openapi_extra=needs("write")
)
async def restore_map(context: MapContext, map: MapId) -> Response:
    """Bring back a map that was deleted, as it was, with all its nodes and its history."""
    service = context.service
    await service.quotas.check_maps(service.store, context.principal.name, context.map)
    await service.workspace.restore(context.map)
    graph = await service.workspace.at(context.map)
    return Encoded.of(map_document(graph.header), tag=map_tag(graph))


def _deleted_page(maps: list[DeletedMap], query: MapsQuery) -> dict[str, Any]:
    items = [
        {**map_document(one.header), "deleted_at": one.deletion.at, "deleted_by": one.deletion.by}
        | {"kept_until": one.deletion.until}
        for one in maps
    ]
    page = page_of(range(len(items)), int, int, question=_DELETED, limit=query.limit, cursor=query.cursor)
    return {"items": [items[place] for place in page.items], "total": page.total, "next": page.next}


def _made(graph: ArgumentGraph) -> WriteAnswer:
    return WriteAnswer(201, map_tag(graph), map_document(graph.header), f"/v1/maps/{graph.map}")


def _said(graph: ArgumentGraph) -> WriteAnswer:
    body: dict[str, Any] = map_document(graph.header)
    return WriteAnswer(200, map_tag(graph), body)
