"""A node of whatever kind, with its links."""

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.links import Link
from schemas.query import ViewQuery
from service.answers import ANY_NODE
from service.documents import node_document
from service.examples import SEED
from service.http.ask import Ask, present, reply, view
from service.http.route import Routes
from service.wire.answer import Answer, encode

routes = Routes("Nodes")


@routes.get(
    "/v1/maps/{map}/nodes/{id}", query=ViewQuery, answer=ANY_NODE, example={"path": {"map": SEED, "id": "p-50"}}
)
async def read_node(ask: Ask[ViewQuery]) -> Answer:
    """A node of whatever kind, with every link that it has in the view."""
    graph = await view(ask)
    node_id = present(ask, graph)
    return await reply(ask, graph, lambda: _linked(graph, node_id))


def _linked(graph: ArgumentGraph, node_id: str) -> bytes:
    own = graph.links_from(node_id)
    # A node may refer to itself in no way but one: an argument that targets itself is refused.
    links = [*own, *(link for link in graph.links_to(node_id) if link not in own)]
    return encode({**node_document(graph, node_id), "links": [_shown(link) for link in links]})


def _shown(link: Link) -> dict[str, object]:
    more = {name: getattr(link, name) for name in ("position", "role", "basis")}
    ends = {"relation": link.relation, "source": link.source, "target": link.target}
    return ends | {name: value for name, value in more.items() if value is not None}
