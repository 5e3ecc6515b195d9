"""The one way from a question to its answer: known already, at once, or in turn off the event loop."""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from fastapi import Response
from pydantic import BaseModel
from starlette.types import Receive

from graph.budgets import WHOLE_MAP, StepBudget, Timeout
from graph.maps.port import MapVersion
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import label
from service.http.conditions import digest, read_tag, unchanged
from service.http.context import VERSION, View
from service.http.encoding import JSON, Encoded, encode
from service.http.work import INLINE, Gone

_NODE, _BYTE = 20.0, 0.02
"""Estimated microseconds that a node and a byte of its document cost a question that goes through them."""
_NO_STORE = {"Cache-Control": "no-store"}


class Limits(NamedTuple):
    """What a question may cost; each question takes the measure that fits it."""

    steps: int
    seconds: float
    gone: Gone

    def budget(self) -> StepBudget:
        """Steps, for a search."""
        return StepBudget(self.steps, self.gone)

    def whole(self) -> StepBudget:
        """As many steps as it takes, for a question in linear time: it ends early only when the client is gone."""
        return StepBudget(WHOLE_MAP.steps, self.gone)

    def timeout(self) -> Timeout:
        """Time, which runs from here."""
        return Timeout(self.seconds, self.gone)


Work = Callable[[Limits], object]
"""Makes the answer: bytes, or a value that JSON can hold."""


class Policy(NamedTuple):
    """How a question is treated."""

    cost: Callable[[ArgumentGraph], float]
    """Estimated microseconds on the event loop."""
    timed: bool = False
    """Whether it may run out of time: what it then answers depends on the machine and is kept nowhere."""
    media: bytes = JSON

    def costing(self, microseconds: float) -> "Policy":
        """The same at a known cost."""
        return self._replace(cost=lambda graph: microseconds)

    def written_as(self, media: bytes) -> "Policy":
        """The same as another media type."""
        return self._replace(media=media)


def of_whole(graph: ArgumentGraph) -> float:
    """What it costs to go through a whole view."""
    return graph.size * _NODE + graph.columns.weight * _BYTE


READ = Policy(of_whole)
"""A question that goes through the view, in linear time."""
SEARCH = Policy(lambda graph: float("inf"))
"""A question whose work is bounded by steps, which are the same everywhere, so that its answer may be kept."""
EVALUATE = Policy(lambda graph: float("inf"), timed=True)
"""A question whose work is bounded by time."""


async def respond(
    view: View,
    question: BaseModel | None,
    work: Work,
    policy: Policy = READ,
    *,
    tag: str | None = None,
    beside: str | None = None,
) -> Response:
    """Answer a question about a view, unless the client has the answer already.

    The work is done at once where the policy's estimate is a few milliseconds, else in turn, on a thread, until
    the client is gone or `ARGUMAP_ANSWER_TIMEOUT` has passed. `beside` is the state of what the answer tells that is
    not of the map: it is part of the tag, and such an answer is not kept, since the map's revision does not tell
    whether it still holds.
    """
    context = view.context
    if tag is None or view.query.labels:
        tag = read_tag(view.graph, view.query, question, f"{VERSION} {beside}" if beside else VERSION)
    known = unchanged(context, tag, made=False)
    if known is not None:
        return known
    body, cut = await _made(view, work, policy)
    if cut:
        return Encoded(body, media=policy.media, headers=_NO_STORE)
    answer = Encoded(body, tag=tag, media=policy.media)
    if beside is None:
        _keep(view, tag, answer)
    return unchanged(context, tag, made=True) or answer


async def respond_unstored(view: View, work: Work) -> Response:
    """Answer a question that is asked by POST: nothing is stored, and nothing is to be kept."""
    body, _ = await _made(view, work, SEARCH)
    return Encoded(body, headers=_NO_STORE)


async def _made(view: View, work: Work, policy: Policy) -> tuple[bytes, bool]:
    service = view.context.service
    settings = service.settings

    def made(gone: Gone) -> tuple[bytes, bool]:
        found = work(Limits(settings.path_budget, settings.evaluation_budget, gone))
        cut = policy.timed and getattr(found, "reason", None) == "budget"
        return _encoded(found, view), cut

    if policy.cost(view.graph) <= INLINE:
        return made(lambda: False)
    return await service.work.run_cancellable(
        made,
        client=view.context.principal.client,
        gone=_left(view.context.request.receive),
        seconds=settings.answer_timeout,
    )


def _encoded(found: object, view: View) -> bytes:
    if isinstance(found, bytes):
        return found
    if not view.query.labels:
        return encode(found)
    value = msgspec.to_builtins(found)
    return encode({**value, "labels": labels_in(value, view.whole)})


def labels_in(value: object, graph: ArgumentGraph) -> dict[str, str]:
    """What to print for every id of the map in an answer; O(answer)."""
    numbers: dict[str, int] = {}
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if one not in numbers and (number := graph.find(one)) is not None:
                numbers[one] = number
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
    return {node_id: label(graph.at(numbers[node_id])) for node_id in sorted(numbers)}


def _keep(view: View, tag: str, answer: Encoded) -> None:
    """Keep an answer about the newest revision of a map for the next time it is asked for."""
    if view.query.as_of is not None:
        return  # it may be about an older revision, by which it could not be told to be valid
    graph, scope = view.graph, view.context.request.scope
    version = MapVersion(graph.revision, graph.created_at, graph.change)
    view.context.service.answers.put((scope["path"], scope["query_string"]), graph.map, version, tag, answer)


async def _left(receive: Receive) -> None:
    """Return when the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def tagged(context: Any, body: bytes, *, media: bytes = JSON, headers: dict[str, str] | None = None) -> Response:
    """An answer whose tag is a digest of its bytes."""
    tag = f'"{digest(body, VERSION)}"'
    return unchanged(context, tag, made=True) or Encoded(body, tag=tag, media=media, headers=headers)
