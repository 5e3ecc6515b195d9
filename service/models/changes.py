"""Changes as a client sees them: pages of the log, one change whole, and what each did to the conclusions."""

from bisect import bisect_left
from collections.abc import Sequence
from time import monotonic

from graph.budgets import Page, decode_cursor, encode_cursor, page_of, question_of
from graph.history.difference import nodes_touched, operation_detail, operation_done
from graph.history.effects import effect_of
from graph.history.sentences import sentence_of
from graph.maps.history import Around
from graph.snapshot.view import narrow
from schemas.change import Change
from schemas.history import ChangeAnswer, ChangeEffect, ChangeItem
from schemas.history_query import ChangeQuery, ChangesQuery
from service.http.context import View

MOST = 100
"""Operations and nodes that a change names in a list."""
_NODE = 20.0
"""Estimated microseconds for each node of a view that is labelled and weighed for the first time."""
EDIT = 60.0
"""Estimated microseconds that telling of an edit costs."""
_BYTE = 0.02
"""Those that reading a byte of what was before or after it costs."""


def page_of_revisions(revisions: Sequence[int], view: View, query: ChangesQuery) -> Page[int]:
    """The page that a cursor asks for, of revisions given oldest first; raises `Refused`."""
    question = question_of(view.graph.map, view.query, query)
    if query.order == "oldest":
        return page_of(revisions, int, int, question=question, limit=query.limit, cursor=query.cursor)
    end = len(revisions)
    if query.cursor is not None:
        end = bisect_left(revisions, decode_cursor(query.cursor, question, int))
    shown = list(reversed(revisions[max(0, end - query.limit) : end]))
    more = end > query.limit
    return Page(shown, len(revisions), encode_cursor(question, shown[-1]) if more else None)


async def effects_of(view: View, changes: Sequence[Change]) -> dict[int, ChangeEffect]:
    """The effects of changes as the view sees them, as many as the time allowed lets in; newest first they are tried.

    What was worked out once is kept, so that who asks again goes on from there.
    """
    service = view.context.service
    until = monotonic() + service.settings.evaluation_budget
    # Of an entry that stands for others nobody can tell what it did, whether or not it was worked out in its time.
    changes = [c for c in changes if c.born is None]
    keys = {c.revision: (c.map, c.revision, c.uid, view.query.filters()) for c in changes}
    found = {revision: known for revision, key in keys.items() if (known := service.effects.get(key)) is not None}
    lacking = sorted((c for c in changes if c.revision not in found), key=lambda c: -c.revision)
    cost = view.whole.size * _NODE
    async for around in service.workspace.history.around(view.whole, lacking):
        effect = await service.work.run(
            lambda around=around: _effect(view, around),  # type: ignore[misc]
            cost=cost,
            client=view.context.principal.client,
        )
        service.effects.put(keys[around.change.revision], effect)
        found[around.change.revision] = effect
        if monotonic() > until:
            break
    return found


def _effect(view: View, around: Around) -> ChangeEffect:
    before, after = (narrow(graph, view.query) if view.query.narrows else graph for graph in around[1:])
    return effect_of(before, after)


def change_item(change: Change, effect: ChangeEffect | None) -> ChangeItem:
    """A change as it stands in a list."""
    nodes = nodes_touched(change)
    return ChangeItem(
        revision=change.revision,
        at=change.at,
        by=change.by,
        sentence=sentence_of(change),
        operations=tuple(operation_done(edit) for edit in change.edits[:MOST]),
        operations_total=len(change.edits),
        nodes=tuple(nodes[:MOST]),
        nodes_total=len(nodes),
        reversal=change.reversal,
        effect=effect,
    )


def telling_cost(change: Change, most: int) -> float:
    """Estimated microseconds that telling of at most so many edits of a change costs."""
    edits = change.edits[:most]
    return len(edits) * EDIT + sum(edit.size for edit in edits) * _BYTE


def change_answer(change: Change, query: ChangeQuery, effect: ChangeEffect | None) -> ChangeAnswer:
    """A change with a page of its operations; raises `Refused` for a cursor of another question."""
    question = question_of(change.map, None, query, str(change.revision))
    places = range(len(change.edits))
    page = page_of(places, int, int, question=question, limit=query.limit, cursor=query.cursor)
    nodes = nodes_touched(change)
    return ChangeAnswer(
        map=change.map,
        revision=change.revision,
        at=change.at,
        by=change.by,
        sentence=sentence_of(change),
        operations=tuple(operation_detail(change.edits[place]) for place in page.items),
        total=page.total,
        next=page.next,
        nodes=tuple(nodes[:MOST]),
        nodes_total=len(nodes),
        reversal=change.reversal,
        effect=effect,
    )
