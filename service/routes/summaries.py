"""Summaries: what a view says, of the map or of one of its nodes, with the ids behind every sentence."""

from collections.abc import Callable

from graph.reports.markdown import markdown
from graph.reports.summary import SUBJECTS, summary_of, summary_of_map
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.query import SummaryQuery
from schemas.summary import Summary
from schemas.vocabulary import Kind
from service.examples import SEED
from service.http.ask import Ask, present, reply, view
from service.http.route import Routes
from service.wire.answer import JSON, MARKDOWN, Answer, encode
from service.wire.body import JSON_TYPE
from service.wire.text import TEXT

routes = Routes("Reports")
_FORMS = {JSON_TYPE: Summary, "text/markdown": TEXT}
_EXAMPLES: dict[Kind, str] = {"actor": "wi-sung-lac", "motive": "food", "source": "s-kh", "statement": "p-50"}


@routes.get("/v1/maps/{map}/summary", query=SummaryQuery, answer=_FORMS, example={"path": {"map": SEED}})
async def summarise_map(ask: Ask[SummaryQuery]) -> Answer:
    """What the view says as a whole."""
    graph = await view(ask)
    return await _told(ask, graph, lambda: summary_of_map(graph))


def _declare(kind: Kind) -> None:
    @routes.get(
        f"/v1/maps/{{map}}/{kind}s/{{id}}/summary",
        name=f"summarise_{kind}",
        summary=f"What the view says of one of the {kind}s.",
        query=SummaryQuery,
        answer=_FORMS,
        example={"path": {"map": SEED, "id": _EXAMPLES[kind]}},
    )
    async def summarise_node(ask: Ask[SummaryQuery]) -> Answer:
        graph = await view(ask)
        node_id = present(ask, graph, kind)
        return await _told(ask, graph, lambda: summary_of(graph, kind, node_id))


async def _told(ask: Ask[SummaryQuery], graph: ArgumentGraph, tell: Callable[[], Summary]) -> Answer:
    if ask.query.format == "markdown":
        return await reply(ask, graph, lambda: markdown(tell()).encode(), media=MARKDOWN)
    return await reply(ask, graph, lambda: encode(tell()), media=JSON)


for _kind in SUBJECTS:
    _declare(_kind)
