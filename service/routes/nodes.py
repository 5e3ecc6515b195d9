"""Nodes of the six kinds: list, make, read, change and delete; the same five operations for each."""

from graph.editing.editor import Provenance
from graph.editing.planning import Plan, plan
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.query import ViewQuery
from schemas.vocabulary import PLURALS, Kind
from service.answers import CHANGED, LISTS, MADE, NODES, Deleted
from service.documents import map_tag, node_document, node_tag
from service.drafts import DRAFTS, PATCHES
from service.examples import SAMPLES
from service.filters import LIST_QUERIES, ListQuery
from service.http.ask import Ask, NoQuery, present, reply, view
from service.http.route import Routes
from service.lists import node_page
from service.queries import DeleteQuery
from service.similar import alike
from service.wire.answer import Answer, encode
from service.writing import Reply, check_condition, check_state, guarded, write

routes = Routes("Nodes")


def _declare(plural: str, kind: Kind) -> None:
    """The five operations of a kind; arguments are made by an operation of their own."""
    sample = SAMPLES[kind]
    many, one = f"/v1/maps/{{map}}/{plural}", f"/v1/maps/{{map}}/{plural}/{{id}}"

    @routes.get(
        many, name=f"list_{plural}", summary=f"The {plural} of a view.",
        query=LIST_QUERIES[kind], answer=LISTS[kind], example=sample.listing,
    )  # fmt: skip
    async def list_nodes(ask: Ask[ListQuery]) -> Answer:
        graph = await view(ask)
        return await reply(ask, graph, lambda: node_page(graph, kind, ask.query))

    if kind != "argument":

        @routes.post(
            many, name=f"create_{kind}", summary=f"Make one of the {plural}.",
            body=DRAFTS[kind], answer=MADE[kind], status=201, problems=(409,), example=sample.create,
        )  # fmt: skip
        async def create_node(ask: Ask[NoQuery]) -> Answer:
            return await _create(ask, kind, plural)

    @routes.get(
        one, name=f"read_{kind}", summary=f"One of the {plural}.",
        query=ViewQuery, answer=NODES[kind], example=sample.read,
    )  # fmt: skip
    async def read_node(ask: Ask[ViewQuery]) -> Answer:
        graph = await view(ask)
        node_id = present(ask, graph, kind)
        return await reply(ask, graph, lambda: encode(node_document(graph, node_id)), tag=node_tag(graph, node_id))

    @routes.patch(
        one, name=f"change_{kind}", summary=f"Change one of the {plural} by a merge patch.",
        body=PATCHES[kind], answer=CHANGED[kind], problems=(409, 412, 428), example=sample.change,
    )  # fmt: skip
    async def change_node(ask: Ask[NoQuery]) -> Answer:
        return await _change(ask, kind)

    @routes.delete(
        one, name=f"delete_{kind}", summary=f"Delete one of the {plural}.",
        query=DeleteQuery, answer=Deleted, problems=(409, 412, 428), example=sample.delete,
    )  # fmt: skip
    async def delete_node(ask: Ask[DeleteQuery]) -> Answer:
        return await _delete(ask, kind)


async def _create(ask: Ask[NoQuery], kind: Kind, plural: str) -> Answer:
    command = Command(op="create", kind=kind, value=ask.document)
    similar = await alike(ask, [ask.document]) if kind == "statement" else {}

    def made(planned: Plan) -> Reply:
        graph, [result] = planned.graph, planned.results
        body = {**node_document(graph, result.id), **similar, "revision": graph.revision}
        return Reply(201, node_tag(graph, result.id), body, f"/v1/maps/{graph.map}/{plural}/{result.id}")

    return await write(ask, lambda graph, provenance: plan(graph, [command], provenance), made)


async def _change(ask: Ask[NoQuery], kind: Kind) -> Answer:
    check_condition(ask)
    node_id = ask.path["id"]
    command = Command(op="update", kind=kind, id=node_id, value=ask.document)

    def changed(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, [command], provenance)

    def said(planned: Plan) -> Reply:
        graph = planned.graph
        return Reply(200, node_tag(graph, node_id), {**node_document(graph, node_id), "revision": graph.revision})

    return await write(ask, guarded(lambda graph: check_state(ask, graph, node_id), changed), said)


async def _delete(ask: Ask[DeleteQuery], kind: Kind) -> Answer:
    check_condition(ask)
    node_id = ask.path["id"]
    command = Command(op="delete", kind=kind, id=node_id, cascade=ask.query.cascade)

    def gone(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, [command], provenance)

    def said(planned: Plan) -> Reply:
        graph = planned.graph
        return Reply(200, map_tag(graph), {"revision": graph.revision, "deleted": planned.deleted})

    return await write(ask, guarded(lambda graph: check_state(ask, graph, node_id), gone), said)


for _plural, _kind in PLURALS.items():
    _declare(_plural, _kind)
