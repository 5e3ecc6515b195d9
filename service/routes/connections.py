"""How two nodes hang together, over all links."""

from graph.traversal.budget import Budget
from graph.traversal.connections import connections
from schemas.connection import ConnectionsAnswer
from schemas.query import ConnectionsQuery
from service.examples import SEED
from service.http.ask import Ask, reply, view, whole
from service.http.route import Routes
from service.wire.answer import Answer, encode

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
    budget = Budget(ask.service.settings.path_budget)
    return await reply(ask, graph, lambda: encode(connections(graph, ask.query, budget, whole=unfiltered)), long=True)
