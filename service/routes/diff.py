"""The difference between two states of a map: any two revisions, any two views."""

from typing import Annotated, NamedTuple

from fastapi import Query, Response

from graph.errors import Refused
from graph.evaluation.explanation.what_if import what_if
from graph.history.difference import differing_ids, edit_between, node_difference, retitled
from graph.history.effects import verdicts_in
from graph.paging import page_of, question_of
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.history import DiffAnswer, DiffSide
from schemas.history_query import DiffQuery
from schemas.problem import FieldProblem
from schemas.query import ViewQuery
from service.http.context import MapView, View
from service.http.responses import SEARCH, respond
from service.http.routing import Router, needs
from service.models.responses import reads
from service.models.structs import model_of

router = Router(tags=["History"])
_VERDICTS = 1000
_NAMED = ("sources", "actors", "motives")


@router.get("/v1/maps/{map}/diff", response_model=model_of(DiffAnswer), responses=reads(), openapi_extra=needs("read"))
async def read_diff(view: MapView, query: Annotated[DiffQuery, Query()]) -> Response:
    """What differs between two revisions or views: nodes field by field, verdicts, and the rank of motives."""
    sides = await _sides(view, query)

    def answer(_: object) -> DiffAnswer:
        return _compared(view, query, sides)

    return await respond(view, query, answer, SEARCH)


class _Sides(NamedTuple):
    """Two states that are compared, with what to say of each."""

    before: ArgumentGraph
    after: ArgumentGraph
    first: DiffSide
    second: DiffSide


def _compared(view: View, query: DiffQuery, sides: _Sides) -> DiffAnswer:
    before, after, first, second = sides
    title = retitled(before, after)
    ids = differing_ids(before, after)
    places = ["", *ids] if title is not None else ids
    question = question_of(view.graph.map, view.query, query, str(before.revision), str(after.revision))
    page = page_of(places, str, str, question=question, limit=query.limit, cursor=query.cursor)
    edits = [title if not one and title is not None else edit_between(before, after, one) for one in page.items]
    effect = what_if(before, after, ("evaluation", "motives"))
    verdicts = list(verdicts_in(effect))
    return DiffAnswer(
        map=view.graph.map,
        revision=view.graph.revision,
        from_=first,
        to=second,
        nodes=tuple(map(node_difference, edits)),
        total=page.total,
        next=page.next,
        verdicts=tuple(verdicts[:_VERDICTS]),
        verdicts_total=len(verdicts),
        motives=tuple(m for m in (effect.motives or ()) if m.rank_before != m.rank_after),
    )


def _side(graph: ArgumentGraph) -> DiffSide:
    return DiffSide(graph.revision, graph.header.updated_at)


async def _sides(view: View, query: DiffQuery) -> _Sides:
    """Both states; one is derived from the other where neither is narrowed, so that only the difference costs."""
    if query.to is not None and view.query.as_of is not None:
        detail = "give to or as_of, not both"
        raise Refused(f"to: {detail}", [FieldProblem("/to", detail, in_="query")], code="invalid_parameter")
    workspace = view.context.service.workspace
    newest = view.whole if view.query.as_of is None else await workspace.at(view.graph.map)
    second = _asked(view.query, query, "to", query.to or view.query.as_of)
    after = await workspace.views_of(newest, second)
    start = query.from_ or str(max(1, after.view.revision - 1))
    first = _asked(view.query, query, "from", start)
    before = await workspace.views_of(newest, first)
    said = _side(before.view), _side(after.view)
    if first.narrows or second.narrows:
        return _Sides(before.view, after.view, *said)
    history = workspace.history
    if before.view.revision <= after.view.revision:
        return _Sides(await history.back(after.view, before.view.revision), after.view, *said)
    return _Sides(before.view, await history.back(before.view, after.view.revision), *said)


def _asked(shared: ViewQuery, query: DiffQuery, side: str, as_of: str | None) -> ViewQuery:
    """The view of one side: its own filters go before the shared ones, and what it takes out goes beside."""
    own = {name: getattr(query, f"{side}_{name}") or getattr(shared, name) for name in _NAMED}
    basis, confidence = getattr(query, f"{side}_basis"), getattr(query, f"{side}_min_confidence")
    own["without"] = (*shared.without, *getattr(query, f"{side}_without"))
    own["basis"] = basis if basis != "all" else shared.basis
    own["min_confidence"] = confidence if confidence != "low" else shared.min_confidence
    return shared.model_copy(update={**own, "as_of": as_of})
