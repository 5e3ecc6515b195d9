"""How two nodes hang together, over all links."""

from graph.paths.connections import connections
from schemas.connection import ConnectionsAnswer
from schemas.query import ConnectionsQuery
from service.examples import SEED
from service.http.ask import Ask, view, whole
from service.http.long import search
from service.http.route import Routes
from service.wire.answer import Answer

routes = Routes("Questions")


@routes.get(
    "/v1/maps/{map}/connections",
    query=ConnectionsQuery,
    answer=ConnectionsAnswer,
    example={"path": {"map": SEED}, "query": {"from": "nis", "to": "food", "limit": 2}},
)
async def find_connections(ask: Ask[ConnectionsQuery]) -> Answer:
    """How any two nodes hang together, over links of every sort; what everything is linked to counts little."""
    graph, unfiltered = await view(ask), await whole(ask)
    return await search(ask, graph, lambda budget: connections(graph, ask.query, budget, whole=unfiltered))
