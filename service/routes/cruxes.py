"""What a conclusion rests on."""

from graph.evaluation.explanation.cruxes import cruxes
from schemas.crux import CruxesAnswer
from schemas.evaluation_query import CruxesQuery
from service.examples import SEED
from service.http.ask import Ask, view
from service.http.long import judge
from service.http.route import Routes
from service.wire.answer import Answer

routes = Routes("Questions")


@routes.get(
    "/v1/maps/{map}/cruxes",
    query=CruxesQuery,
    answer=CruxesAnswer,
    example={"path": {"map": SEED}, "query": {"target": "defence-pact", "over": "actors"}},
)
async def find_cruxes(ask: Ask[CruxesQuery]) -> Answer:
    """The smallest sets without which a conclusion loses its ground, and the single items that flip its verdict."""
    graph = await view(ask)
    return await judge(ask, graph, lambda budget: cruxes(graph, ask.query, budget))
