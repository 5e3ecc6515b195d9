"""What hypothetical edits would change."""

from graph.budgets import StepBudget
from graph.errors import GraphError
from graph.evaluation.explanation.what_if import what_if
from graph.paths.difference import path_difference
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import Views
from schemas.query import ViewQuery
from schemas.what_if import PathsDifference, WhatIfAnswer
from service import hypotheses
from service.examples import SEED
from service.http.ask import Ask
from service.http.long import Gone, attended, passing
from service.http.route import Routes
from service.operations import place
from service.wire.answer import Answer

routes = Routes("Questions")
_EXAMPLE = {
    "path": {"map": SEED},
    "body": {
        "edits": [{"op": "delete", "kind": "statements", "id": "p-50", "cascade": True}],
        "ask": ["evaluation", "paths", "motives"],
        "from": ["p-49"],
        "to": ["food"],
    },
}


@routes.post(
    "/v1/maps/{map}/what-if",
    query=ViewQuery,
    body=hypotheses.WhatIfForm,
    answer=WhatIfAnswer,
    problems=(409, 412),
    tagged=False,
    keyed=False,
    example=_EXAMPLE,
)
async def suppose_edits(ask: Ask[ViewQuery]) -> Answer:
    """The difference that edits would make to verdicts, strengths, paths and the ranking of motives."""
    hypothesis = hypotheses.read(ask.document, ask.service.settings.batch_limit)
    try:
        before, after = await ask.service.workspace.what_if(ask.map, ask.query, hypothesis.commands, ask.by)
    except GraphError as error:
        place(error, hypothesis.commands, hypotheses.EDITS)
        raise
    return passing(await attended(ask, lambda gone: _difference(ask, hypothesis, before, after, gone)))


def _difference(
    ask: Ask[ViewQuery], hypothesis: hypotheses.Hypothesis, before: Views, after: Views, gone: Gone
) -> WhatIfAnswer:
    wanted = hypothesis.wanted(motives=_has_motives(before.view) or _has_motives(after.view))
    paths: PathsDifference | None = None
    if "paths" in wanted:
        budget = StepBudget(ask.service.settings.path_budget, gone)
        paths = path_difference(before, after, hypothesis.paths, budget)
    return what_if(before.view, after.view, wanted, paths)


def _has_motives(graph: ArgumentGraph) -> bool:
    return any(True for _ in graph.numbers("motive"))
