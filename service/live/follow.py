"""A request for a stream, read: where it begins, what it tells, and why it cannot be had."""

from fastapi import Response
from fastapi.sse import EventSourceResponse

from graph.errors import Refused
from schemas.history_query import ChangesQuery
from schemas.problem import FieldProblem, pointer
from service.http.context import View
from service.http.errors import Busy
from service.live.stream import Following, Streams

_OF_PAGES = ("until", "cursor")
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""A proxy that gathers what it passes on would hold the events back."""


async def follow_changes(view: View, query: ChangesQuery, last: str | None) -> Response:
    """The changes of a map from here on, as events; raises `Refused`, and `Busy` where as many follow as may.

    `last` is the id of the last event that the client was told, if any.
    """
    context, service = view.context, view.context.service
    given = [name for name in _OF_PAGES if getattr(query, name) is not None]
    given += ["as_of"] if view.query.as_of is not None else []
    if given:
        detail = "a stream goes on from now, or from `since`, without an end"
        faults = [FieldProblem(pointer(name), detail, in_="query") for name in given]
        raise Refused(f"{given[0]}: {detail}", faults, code="invalid_parameter")
    if service.watch.listeners >= service.settings.listeners:
        raise Busy(
            f"{service.settings.listeners} event streams are open already (setting ARGUMAP_LISTENERS); close some first"
        )
    nodes = await _nodes(view, query.node)
    behind = last
    if behind is None and query.since is not None:
        behind = str((await service.workspace.history.span(view.whole, query.since, None)).after)
    streams: Streams = context.request.app.state.streams
    start = await streams.start(context.map, behind)
    heartbeat = service.settings.heartbeat
    following = Following(context.map, nodes, tuple(query.by), tuple(query.field), view.query, heartbeat)
    return EventSourceResponse(streams.events(following, start), headers=_HEADERS)


async def _nodes(view: View, ids: tuple[str, ...]) -> tuple[str, ...]:
    """The nodes that are followed: of those merged into others these; raises `Refused` for ids that never were."""
    whole = view.whole
    named = [(place, one, one if one in whole else whole.merged_into(one)) for place, one in enumerate(ids)]
    lacking = [one for _, one, node in named if node is None]
    known = await view.context.service.store.known(whole.map, lacking) if lacking else set()
    faults = [
        FieldProblem(pointer("node", place), f"map {whole.map!r} never had a node {one!r}", in_="query")
        for place, one, node in named
        if node is None and one not in known
    ]
    if faults:
        raise Refused(faults[0].detail, faults, code="unknown_id")
    return tuple(dict.fromkeys(node or one for _, one, node in named))
