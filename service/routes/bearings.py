"""What bears on a node, and what it bears on, however far away."""

from graph.paths.reachability import consequences, grounds
from schemas.bearing import BearingAnswer
from schemas.query import ReachabilityQuery
from service.examples import SEED
from service.http.ask import Ask, present, reply, view
from service.http.route import Routes
from service.wire.answer import Answer, encode

routes = Routes("Questions")


@routes.get(
    "/v1/maps/{map}/nodes/{id}/grounds",
    query=ReachabilityQuery,
    answer=BearingAnswer,
    example={"path": {"map": SEED, "id": "food"}},
)
async def read_grounds(ask: Ask[ReachabilityQuery]) -> Answer:
    """Everything that bears on a node, each with its polarities and its distance in arguments."""
    graph = await view(ask)
    node_id = present(ask, graph)
    return await reply(ask, graph, lambda: encode(grounds(graph, node_id, ask.query, view=ask.query)))


@routes.get(
    "/v1/maps/{map}/nodes/{id}/consequences",
    query=ReachabilityQuery,
    answer=BearingAnswer,
    example={"path": {"map": SEED, "id": "p-50"}},
)
async def read_consequences(ask: Ask[ReachabilityQuery]) -> Answer:
    """Everything that a node bears on, each with its polarities and its distance in arguments."""
    graph = await view(ask)
    node_id = present(ask, graph)
    return await reply(ask, graph, lambda: encode(consequences(graph, node_id, ask.query, view=ask.query)))
