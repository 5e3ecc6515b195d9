"""The difference between two states of a map: any two revisions, any two views."""

from collections.abc import Awaitable
from typing import Annotated, NamedTuple

import msgspec
from fastapi import Query, Response

from graph.budgets import page_of, question_of
from graph.errors import Refused
from graph.evaluation.explanation.what_if import what_if
from graph.history.difference import differing_ids, edit_between, node_difference, retitled
from graph.history.effects import verdicts_in
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import Views
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
_COMPARE = SEARCH._replace(looks_back=True)
_NAMED = ("sources", "actors", "motives")


@router.get("/v1/maps/{map}/diff", response_model=model_of(DiffAnswer), responses=reads(), openapi_extra=needs("read"))
async def read_diff(view: MapView, query: Annotated[DiffQuery, Query()]) -> Response:
    """What differs between two revisions or views: nodes field by field, verdicts, and the rank of motives."""
    sides = await _sides(view, query)

    def answer(_: object) -> DiffAnswer:
        return _compared(view, query, sides)

    return await respond(view, query, answer, _COMPARE)


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
    if view.query.draft is not None:
        return await _of_draft(view, query, view.query.draft)
    newest = view.whole if view.query.as_of is None else await workspace.at(view.graph.map)
    second = _asked(view.query, query, "to", query.to or view.query.as_of)
    after = await _named("to", query.to, workspace.views_of(newest, second))
    first = _asked(view.query, query, "from", query.from_ or await _before(view, after.view))
    before = await _named("from", query.from_, workspace.views_of(newest, first))
    said = _side(before.view), _side(after.view)
    if first.narrows or second.narrows:
        return _Sides(before.view, after.view, *said)
    history = workspace.history
    if before.view.revision <= after.view.revision:
        return _Sides(await history.back(after.view, before.view.revision), after.view, *said)
    return _Sides(before.view, await history.back(before.view, after.view.revision), *said)


async def _before(view: View, graph: ArgumentGraph) -> str:
    """The revision before another, or the first one that the map has."""
    return str(max(await view.context.service.workspace.history.oldest(graph), graph.revision - 1))


async def _named(side: str, given: str | None, asked: Awaitable[Views]) -> Views:
    """The view of a side; what is refused of its revision is told at the parameter that named it."""
    try:
        return await asked
    except Refused as error:
        if given is None or error.name not in ("revision_unknown", "revision_compacted"):
            raise
        faults = [msgspec.structs.replace(one, pointer=f"/{side}", in_="query") for one in error.problems]
        raise Refused(f"{side}: {error.detail}", faults, code=error.name) from error


async def _of_draft(view: View, query: DiffQuery, draft: str) -> _Sides:
    """The revision that a draft is of, and the same with the draft."""
    given = [name for name, value in (("from", query.from_), ("to", query.to)) if value is not None]
    if given:
        detail = "a draft is compared with the revision that it is of; leave from and to out"
        faults = [FieldProblem(f"/{name}", detail, in_="query") for name in given]
        raise Refused(f"{given[0]}: {detail}", faults, code="invalid_parameter")
    workspace = view.context.service.workspace
    second = _asked(view.query, query, "to", None)
    first = _asked(view.query, query, "from", str(view.whole.revision)).model_copy(update={"draft": None})
    newest = await workspace.at(view.graph.map)
    before = await workspace.views_of(newest, first)
    after = await workspace.views_of(newest, second)
    return _Sides(before.view, after.view, _side(before.view), _side(after.view))


def _asked(shared: ViewQuery, query: DiffQuery, side: str, as_of: str | None) -> ViewQuery:
    """The view of one side: its own filters go before the shared ones, and what it takes out goes beside."""
    own = {name: getattr(query, f"{side}_{name}") or getattr(shared, name) for name in _NAMED}
    basis, confidence = getattr(query, f"{side}_basis"), getattr(query, f"{side}_min_confidence")
    own["without"] = (*shared.without, *getattr(query, f"{side}_without"))
    own["basis"] = basis if basis != "all" else shared.basis
    own["min_confidence"] = confidence if confidence != "low" else shared.min_confidence
    return shared.model_copy(update={**own, "as_of": as_of})
