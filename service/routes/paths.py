"""Argument paths: how reasoning leads from starts to ends."""

from graph.paths.paths import paths
from schemas.path import PathsAnswer
from schemas.query import PathsQuery
from service.examples import SEED
from service.http.ask import Ask, view, whole
from service.http.long import search
from service.http.route import Routes
from service.wire.answer import Answer

routes = Routes("Questions")


@routes.get(
    "/v1/maps/{map}/paths",
    query=PathsQuery,
    answer=PathsAnswer,
    example={"path": {"map": SEED}, "query": {"from": ["p-50"], "to": ["t-main"], "limit": 2}},
)
async def find_paths(ask: Ask[PathsQuery]) -> Answer:
    """Argument paths from starts to ends with their polarity, in a total order."""
    graph, unfiltered = await view(ask), await whole(ask)
    return await search(ask, graph, lambda budget: paths(graph, ask.query, budget, whole=unfiltered, view=ask.query))
