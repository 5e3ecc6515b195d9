"""Nodes of the six kinds: list, make, read, change and delete; the same five operations for each."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Annotated, Any, NamedTuple

from fastapi import Query, Response

from graph.budgets import decode_cursor, encode_cursor, question_of
from graph.editing.editor import Provenance
from graph.editing.estimate import cost_of
from graph.editing.planning import Plan, plan
from graph.search.words import collation_key, cost_of_first_key
from graph.snapshot.argument_graph import ArgumentGraph, Link
from schemas.base import Record
from schemas.change import Command
from schemas.node import AnyNode, Argument
from schemas.query import ViewQuery
from schemas.vocabulary import PLURALS, RANK_OF, RELATIONS, Kind
from service.http.context import Context, MapId, MapView, NodeId, PostContext, WriteContext
from service.http.responses import (
    READ,
    check_map,
    check_node,
    document_tag,
    guarded,
    map_tag,
    node_document,
    node_tag,
    require_condition,
    respond,
)
from service.http.routing import Router, needs
from service.http.writing import WriteAnswer, alike, same_as, write, written
from service.models.answers import LISTS, READS, RESULTS, DeleteResult, NodeRead
from service.models.bodies import CREATES, UPDATES
from service.models.filters import LIST_QUERIES, ListQuery, test_of
from service.models.queries import DeleteQuery
from service.models.responses import deletes, reads, writes

_BY_ID = ("id", "-id")
_NODE, _BYTE = 15.0, 0.05
"""Estimated microseconds that a node and a byte of its document cost a list."""


any_kind = Router(tags=["Nodes"])
_MADE, _CHANGED = writes(404, 409, 412, status=201), writes(404, 409, 412, 428)
_LINK = 3.0
"""Estimated microseconds that telling a link costs."""
_HOLDER = 30.0
"""Estimated microseconds that reading the links of a node costs that refers to the one told."""


def _router(plural: str, kind: Kind) -> Router:
    """The five operations of a kind; arguments are made by an operation of their own."""
    router = Router(tags=["Nodes"])
    many, one = f"/v1/maps/{{map}}/{plural}", f"/v1/maps/{{map}}/{plural}/{{id}}"
    query_model, create_model, update_model = LIST_QUERIES[kind], CREATES[kind], UPDATES[kind]

    @router.get(
        many, name=f"list_{plural}", summary=f"The {plural} of a view.",
        response_model=LISTS[kind], responses=reads(), openapi_extra=needs("read"),
    )  # fmt: skip
    async def list_nodes(view: MapView, query: Annotated[query_model, Query()]) -> Response:  # type: ignore[valid-type]
        cost = READ.costing(cost_of_page(view.graph, kind, query))
        return await respond(view, query, lambda limits: node_page(view.graph, kind, view.query, query), cost)

    if kind != "argument":

        @router.post(
            many, name=f"create_{kind}", summary=f"Make one of the {plural}.",
            status_code=201, response_model=RESULTS[kind], responses=_MADE, openapi_extra=needs("write"),
        )  # fmt: skip
        async def create_node(context: PostContext, map: MapId, body: create_model) -> Response:  # type: ignore[valid-type]
            return await _create(context, kind, plural, body)

    @router.get(
        one, name=f"read_{kind}", summary=f"One of the {plural}.",
        response_model=READS[kind], responses=reads(), openapi_extra=needs("read"),
    )  # fmt: skip
    async def read_node(view: MapView, node_id: NodeId) -> Response:
        return await _read(view, kind, node_id)

    @router.patch(
        one, name=f"change_{kind}", summary=f"Change one of the {plural} by a merge patch.",
        response_model=RESULTS[kind], responses=_CHANGED, openapi_extra=needs("write"),
    )  # fmt: skip
    async def change_node(context: WriteContext, map: MapId, node_id: NodeId, body: update_model) -> Response:  # type: ignore[valid-type]
        return await _change(context, kind, node_id, body)

    @router.delete(
        one, name=f"delete_{kind}", summary=f"Delete one of the {plural}.",
        response_model=DeleteResult, responses=deletes(409, 412, 413, 428), openapi_extra=needs("write"),
    )  # fmt: skip
    async def delete_node(
        context: WriteContext, map: MapId, node_id: NodeId, query: Annotated[DeleteQuery, Query()]
    ) -> Response:
        return await _delete(context, kind, node_id, cascade=query.cascade)

    return router


class ListPlace(NamedTuple):
    """Where a node stands in a list."""

    value: tuple[int, Any]
    """What the list is sorted by, which a cursor carries: nothing behind something."""
    id: str

    @property
    def key(self) -> tuple[int, Any]:
        """The value made comparable: texts as people sort them."""
        there, value = self.value
        return there, collation_key(value) if isinstance(value, str) else value


class IdPage(NamedTuple):
    """A part of a list of ids."""

    ids: list[str]
    total: int
    next: str | None


def node_page(graph: ArgumentGraph, kind: Kind, view: ViewQuery, query: ListQuery) -> dict[str, Any]:
    """The page of a kind's list."""
    page = ids_of_page(graph, kind, view, query)
    items = [node_document(graph, node_id) for node_id in page.ids]
    return {"items": items, "total": page.total, "next": page.next}


def cost_of_page(graph: ArgumentGraph, kind: Kind, query: ListQuery) -> float:
    """Estimated microseconds: of a page in the order of ids its items, else every node of the kind."""
    plain = query.sort == "id" and test_of(kind, query, graph) is None
    each = graph.columns.weight / max(1, len(graph.columns)) * _BYTE + _NODE
    if plain:
        return each * min(query.limit, graph.counts[kind])
    return each * (graph.counts[kind] + query.limit) + (0.0 if query.sort in _BY_ID else cost_of_first_key())


def ids_of_page(graph: ArgumentGraph, kind: Kind, view: ViewQuery, query: ListQuery) -> IdPage:
    """The ids on a page; O(page) without filters in the order of ids, else O(nodes of the kind)."""
    asked = question_of(graph.map, view, query, kind)
    behind = None if query.cursor is None else decode_cursor(query.cursor, asked, ListPlace)
    if query.sort == "id" and test_of(kind, query, graph) is None:
        after = behind.id if behind is not None else None
        ids = [graph.id(n) for n in islice(graph.numbers(kind, after=after), query.limit + 1)]
        more = len(ids) > query.limit
        shown = ids[: query.limit]
        return IdPage(shown, graph.counts[kind], encode_cursor(asked, ListPlace((0, ""), shown[-1])) if more else None)
    places = _sorted(_places(graph, kind, query), query.sort)
    return _page(places, query, behind, asked)


def _page(places: Sequence[ListPlace], query: ListQuery, behind: ListPlace | None, asked: str) -> IdPage:
    rest = places if behind is None else [p for p in places if _is_behind(p, behind, query.sort)]
    shown = rest[: query.limit]
    more = len(rest) > query.limit
    return IdPage([place.id for place in shown], len(places), encode_cursor(asked, shown[-1]) if more else None)


def _places(graph: ArgumentGraph, kind: Kind, query: ListQuery) -> Iterator[ListPlace]:
    passes = test_of(kind, query, graph)
    name = query.sort.removeprefix("-")
    for number in graph.numbers(kind):
        node = graph.at(number)
        if passes is None or passes(node):
            yield ListPlace(_comparable(name, node), node.id)


def _comparable(name: str, node: AnyNode) -> tuple[int, Any]:
    if name == "id":
        return (0, "")  # the place has it, and ids come in their order already
    value = getattr(node, name)
    if name == "confidence":
        value = RANK_OF[value]
    return (0, "") if value is None else (1, value)


def _sorted(places: Iterable[ListPlace], sort: str) -> Sequence[ListPlace]:
    if sort in _BY_ID:
        return list(places) if sort == "id" else list(places)[::-1]
    # Stable both ways, and ids come in order: equal values stay in the order of their ids.
    return sorted(places, key=lambda p: p.key, reverse=sort.startswith("-"))


def _is_behind(place: ListPlace, other: ListPlace, sort: str) -> bool:
    if place.value == other.value:
        return place.id < other.id if sort == "-id" else place.id > other.id
    return (place.key < other.key) if sort.startswith("-") else (place.key > other.key)


async def _read(view: MapView, kind: Kind, node_id: str) -> Response:
    graph, found = view.graph, view.find(node_id, kind)
    cost = READ.costing(len(graph.document(found) or b"") * 0.1)
    return await respond(view, None, lambda limits: node_document(graph, found), cost, tag=document_tag(graph, found))


async def _create(context: Context, kind: Kind, plural: str, body: Record) -> Response:
    value = context.document
    command = Command(op="create", kind=kind, value=value)
    similar = await alike(context, [value]) if kind == "statement" else {}

    def made(planned: Plan) -> WriteAnswer:
        graph, [result] = planned.graph, planned.results
        body = {**node_document(graph, result.id), **written(planned), **similar}
        return WriteAnswer(201, document_tag(graph, result.id), body, f"/v1/maps/{graph.map}/{plural}/{result.id}")

    def planner(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, [command], provenance)

    planned = guarded(lambda graph: check_map(context, graph), planner)
    return await write(context, planned, made, partial(cost_of, commands=[command]))


async def _change(context: Context, kind: Kind, node_id: str, body: Record) -> Response:
    require_condition(context)
    command = Command(op="update", kind=kind, id=node_id, value=context.document)
    similar = await alike(context, [context.document], of=node_id) if kind == "statement" else {}

    def changed(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, [command], provenance)

    def said(planned: Plan) -> WriteAnswer:
        graph = planned.graph
        node, more = graph.node(node_id), similar
        if isinstance(node, Argument):
            more = {"similar": same_as(graph, node), "similar_complete": True}
        body = {**node_document(graph, node_id), **written(planned), **more}
        return WriteAnswer(200, document_tag(graph, node_id), body)

    return await write(
        context,
        guarded(lambda graph: check_node(context, graph, node_id), changed),
        said,
        partial(cost_of, commands=[command]),
    )


async def _delete(context: Context, kind: Kind, node_id: str, *, cascade: bool) -> Response:
    require_condition(context)
    command = Command(op="delete", kind=kind, id=node_id, cascade=cascade)

    def gone(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, [command], provenance)

    def said(planned: Plan) -> WriteAnswer:
        return WriteAnswer(200, map_tag(planned.graph), written(planned))

    return await write(
        context,
        guarded(lambda graph: check_node(context, graph, node_id), gone),
        said,
        partial(cost_of, commands=[command]),
    )


@any_kind.get(
    "/v1/maps/{map}/nodes/{id}",
    name="read_node",
    response_model=NodeRead,
    responses=reads(),
    openapi_extra=needs("read"),
)
async def read_any_node(view: MapView, node_id: NodeId) -> Response:
    """A node of whatever kind, with every link that it has in the view."""
    graph, found = view.graph, view.find(node_id)
    number = graph.number(found)
    holders = sum(len(graph.referrers(relation, number)) for relation in RELATIONS)
    client = view.context.principal.client
    document, tag = await view.context.service.work.run(
        partial(_with_links, view, found), cost=holders * _HOLDER, client=client
    )
    policy = READ.costing(len(document["links"]) * _LINK + len(graph.document(found) or b"") * 0.1)
    return await respond(view, None, lambda limits: document, policy, tag=tag)


def _with_links(view: MapView, found: str) -> tuple[dict[str, Any], str]:
    graph = view.graph
    own = graph.links_from(found)
    # A node may refer to itself in no way but one: an argument that targets itself is refused.
    links = [*own, *(link for link in graph.links_to(found) if link not in own)]
    shown = [_shown(link) for link in links]
    document = node_document(graph, found)
    tag = node_tag(graph, found, document.get("attack"), document.get("basis"), shown, view.query.filters())
    return {**document, "links": shown}, tag


def _shown(link: Link) -> dict[str, Any]:
    more = {name: getattr(link, name) for name in ("position", "role", "basis")}
    ends = {"relation": link.relation, "source": link.source, "target": link.target}
    return ends | {name: value for name, value in more.items() if value is not None}


ROUTERS: tuple[Router, ...] = (any_kind, *(_router(plural, kind) for plural, kind in PLURALS.items()))
"""A router for each kind: which kind a path is about is told before its operations are tried."""
