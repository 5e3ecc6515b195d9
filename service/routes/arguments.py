"""Making an argument, in the form of its fields or in the short form that an analyst types."""

from graph.editing.editor import Provenance
from graph.editing.identity import new_id
from graph.editing.planning import Plan, plan
from graph.editing.short_form import ShortForm, read_form
from graph.errors import GraphError
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.argument import Argument
from service.answers import MADE
from service.documents import node_document, node_tag
from service.drafts import ArgumentForm
from service.examples import SAMPLES
from service.http.ask import Ask, NoQuery
from service.http.route import Routes
from service.similar import alike, same_as
from service.wire.answer import Answer
from service.writing import Reply, write

routes = Routes("Nodes")


@routes.post(
    "/v1/maps/{map}/arguments",
    body=ArgumentForm,
    answer=MADE["argument"],
    status=201,
    problems=(409,),
    example=SAMPLES["argument"].create,
)
async def create_argument(ask: Ask[NoQuery]) -> Answer:
    """Make an argument, with the statements that it needs and their assertions."""
    new = [p for p in (ask.document, *_premises(ask)) if isinstance(p, dict)]
    similar = await alike(ask, new)

    def made(planned: Plan) -> Reply:
        graph, argument_id = planned.graph, planned.results[-1].id
        argument = graph.node(argument_id)
        same = same_as(graph, argument) if isinstance(argument, Argument) else []
        body = {
            **node_document(graph, argument_id),
            "created": planned.created,
            **similar,
            "similar": [*same, *similar["similar"]],
            "revision": graph.revision,
        }
        return Reply(201, node_tag(graph, argument_id), body, f"/v1/maps/{graph.map}/arguments/{argument_id}")

    return await write(ask, lambda graph, provenance: _planned(ask, graph, provenance), made)


def _premises(ask: Ask[NoQuery]) -> list[object]:
    premises = ask.document.get("premises")
    return premises if isinstance(premises, list) else []


def _planned(ask: Ask[NoQuery], graph: ArgumentGraph, provenance: Provenance) -> Plan:
    form = read_form(graph, ask.document, new_id)
    try:
        return plan(graph, form.commands, provenance)
    except GraphError as error:
        _place(error, form)
        raise


def _place(error: GraphError, form: ShortForm) -> None:
    """Say where in the form a fault lies, not where in the nodes that it stands for."""
    if error.command is not None:
        error.problems = tuple(form.place(p, error.command) for p in error.problems)
