"""How much each node moves the strength of another."""

from graph.evaluation.explanation.influence import influence
from schemas.evaluation_query import InfluenceQuery
from schemas.influence import InfluenceAnswer
from service.examples import SEED
from service.http.ask import Ask, view
from service.http.long import judge
from service.http.route import Routes
from service.wire.answer import Answer

routes = Routes("Questions")


@routes.get(
    "/v1/maps/{map}/influence",
    query=InfluenceQuery,
    answer=InfluenceAnswer,
    example={"path": {"map": SEED}, "query": {"target": "t-main", "method": "removal", "limit": 3}},
)
async def rank_influence(ask: Ask[InfluenceQuery]) -> Answer:
    """How much each node moves the strength of a target, by removal or by gradient; largest effect first."""
    graph = await view(ask)
    return await judge(ask, graph, lambda budget: influence(graph, ask.query, budget))
