"""Maps: list, make, read, rename and delete."""

from functools import partial
from typing import Any

from pydantic import ValidationError

from graph.editing.editor import Provenance
from graph.editing.planning import Plan, rename
from graph.errors import Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.map import MapDraft
from schemas.problem import explain
from schemas.query import PageQuery, ViewQuery
from service.answers import Deleted, MapItem, MapList
from service.context import VERSION
from service.cursors import decoded, encoded
from service.documents import map_document, map_tag
from service.drafts import MapPatch
from service.examples import MADE_FOR_EXAMPLES, SEED
from service.http.ask import Ask, NoQuery, reply, view
from service.http.route import Routes
from service.wire import tags
from service.wire.answer import Answer
from service.writing import Reply, check_condition, check_map_state, guarded, replied, write, write_request_of

routes = Routes("Maps")
_LIST = "maps"


@routes.get("/v1/maps", query=PageQuery, answer=MapList, example={"query": {"limit": 10}})
async def list_maps(ask: Ask[PageQuery]) -> Answer:
    """Every map, in the order of ids."""
    headers = await ask.service.store.maps()
    behind = decoded(ask.query.cursor, _LIST)
    rest = [h for h in headers if behind is None or h.id > behind[1]]
    shown = rest[: ask.query.limit]
    following = encoded(((0, ""), shown[-1].id), _LIST) if len(rest) > len(shown) else None
    counted = [h if h.counts else (await ask.service.workspace.at(h.id)).header for h in shown]
    answer = Answer.of({"items": [map_document(h) for h in counted], "total": len(headers), "next": following})
    tag = f'"{tags.digest(answer.body, VERSION)}"'
    return Answer.unchanged(tag) if ask.fresh(tag) else Answer(answer.body, tag=tag)


@routes.post(
    "/v1/maps",
    body=MapDraft,
    answer=MapItem,
    status=201,
    problems=(409,),
    example={"body": {"id": "winter-supply", "title": "Winter supply", "question": "Who needs what?"}},
)
async def create_map(ask: Ask[NoQuery]) -> Answer:
    """Make an empty map."""
    try:
        draft = MapDraft.read(ask.body)
    except ValidationError as error:
        raise Refused("this map is not well formed", explain(error, MapDraft)) from error
    wanted = write_request_of(ask, lambda graph, _: Plan(graph, (), ()), lambda planned: _made(planned.graph))
    return replied(await ask.service.workspace.create(draft, wanted))


@routes.get("/v1/maps/{map}", query=ViewQuery, answer=MapItem, example={"path": {"map": SEED}})
async def read_map(ask: Ask[ViewQuery]) -> Answer:
    """A map with how many nodes of each kind it has in the view."""
    graph = await view(ask)
    if not ask.query.narrows:
        return await reply(ask, graph, lambda: _counted(graph), tag=map_tag(graph))
    return await reply(ask, graph, lambda: _counted(graph))


@routes.patch(
    "/v1/maps/{map}",
    body=MapPatch,
    answer=MapItem,
    problems=(412, 428),
    example={"path": {"map": SEED}, "body": {"description": "What two newspapers say about one alliance."}},
)
async def change_map(ask: Ask[NoQuery]) -> Answer:
    """Change title, question or description by a merge patch."""
    check_condition(ask)

    def renamed(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return rename(graph, ask.document, provenance)

    planner = guarded(lambda graph: check_map_state(ask, graph), renamed)
    return await write(ask, planner, lambda planned: _said(planned.graph))


@routes.delete(
    "/v1/maps/{map}", answer=Deleted, problems=(412, 428), example={"path": {"map": MADE_FOR_EXAMPLES["id"]}}
)
async def delete_map(ask: Ask[NoQuery]) -> Answer:
    """Delete a map with all its nodes and its history."""
    check_condition(ask)
    check = None if ask.header(b"if-match") is None else partial(check_map_state, ask)
    stood = await ask.service.workspace.delete(ask.map, check)
    return Answer.of({"revision": stood.revision, "deleted": [ask.map]}, tag=map_tag(stood))


def _counted(graph: ArgumentGraph) -> bytes:
    return Answer.of(map_document(graph.header)).body


def _made(graph: ArgumentGraph) -> Reply:
    return Reply(201, map_tag(graph), map_document(graph.header), f"/v1/maps/{graph.map}")


def _said(graph: ArgumentGraph) -> Reply:
    body: dict[str, Any] = map_document(graph.header)
    return Reply(200, map_tag(graph), body)
