"""Why a node stands as it does, and the smallest change that would flip it."""

from graph.evaluation.explanation.why import why
from schemas.evaluation_query import WhyQuery
from schemas.query import ViewQuery
from schemas.why import WhyAnswer
from service.examples import SEED
from service.http.ask import Ask, present, view
from service.http.long import judge
from service.http.route import Routes
from service.wire.answer import Answer

routes = Routes("Questions")


@routes.get(
    "/v1/maps/{map}/nodes/{id}/why",
    query=ViewQuery,
    answer=WhyAnswer,
    example={"path": {"map": SEED, "id": "t-main"}},
)
async def explain_node(ask: Ask[ViewQuery]) -> Answer:
    """Why a node has its verdict and strength: the arguments that decide it, and the smallest flip."""
    graph = await view(ask)
    asked = WhyQuery(id=present(ask, graph))
    return await judge(ask, graph, lambda budget: why(graph, asked, budget))
