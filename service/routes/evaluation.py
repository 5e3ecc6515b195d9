"""Verdicts and strengths: which conclusions of a view stand, and how strongly."""

from graph.evaluation.evaluation import evaluate
from graph.evaluation.labelling.acceptance import acceptance
from schemas.evaluation import AcceptanceAnswer, EvaluationAnswer
from schemas.evaluation_query import AcceptanceQuery, EvaluationQuery
from service.examples import SEED
from service.http.ask import Ask, view
from service.http.long import judge
from service.http.route import Routes
from service.wire.answer import Answer

routes = Routes("Questions")


@routes.get(
    "/v1/maps/{map}/evaluation",
    query=EvaluationQuery,
    answer=EvaluationAnswer,
    example={"path": {"map": SEED}, "query": {"semantics": "grounded", "motives": ["defence-pact"]}},
)
async def read_evaluation(ask: Ask[EvaluationQuery]) -> Answer:
    """The verdict or the strength of every motive, statement and argument under one semantics."""
    graph = await view(ask)
    return await judge(ask, graph, lambda budget: evaluate(graph, ask.query, budget))


@routes.get(
    "/v1/maps/{map}/evaluation/acceptance",
    query=AcceptanceQuery,
    answer=AcceptanceAnswer,
    example={"path": {"map": SEED}, "query": {"id": "t-main", "semantics": "preferred", "mode": "sceptical"}},
)
async def read_acceptance(ask: Ask[AcceptanceQuery]) -> Answer:
    """Whether a node is accepted in some or in every labelling of a semantics."""
    graph = await view(ask)
    return await judge(ask, graph, lambda budget: acceptance(graph, ask.query, budget))
