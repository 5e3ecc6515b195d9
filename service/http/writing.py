"""Writes: what a request wants is carried out as one write request, and told with what came of it.

The answer is kept with the change, for the same key again. What is nearly the same as what was written is reported, and
never merged.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from fastapi import Response

from graph.editing.estimate import BYTE, COMMAND
from graph.editing.merging import are_told_apart
from graph.editing.planning import Plan
from graph.errors import Refused
from graph.maps.commit_queue import IdempotencyKey, Planner, Prepare, WriteRequest, WriteResult
from graph.search.near_duplicates import Likeness, compares, same_arguments, similar_statements
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Change
from schemas.node import AnyNode, Argument
from service.http.context import Context
from service.http.encoding import Encoded, encode
from service.http.errors import Busy
from service.http.responses import digest

_KEY_AT_MOST = 255
_NODE = 1.0
"""Estimated microseconds that comparing a text with a node costs."""


class WriteAnswer(msgspec.Struct):
    """What a writer is told: kept whole with the change, so that the same key hears the same again."""

    status: int
    tag: str
    body: Any
    location: str | None = None


async def write(
    context: Context, planner: Planner, say: Callable[[Plan], WriteAnswer], cost: Callable[[ArgumentGraph], float]
) -> Response:
    """Carry out a write on the map that the address names, and answer with what `say` makes of it.

    `cost` estimates the microseconds that planning it on a snapshot takes.
    """
    return await write_requested(context, request_of(context, planner, say, cost))


async def write_requested(context: Context, request: WriteRequest) -> Response:
    """Carry out a write request on the map that the address names."""
    written = await context.service.workspace.write(context.map, request)
    context.service.watch.nudge()
    return replied(written)


def request_of(
    context: Context,
    planner: Planner,
    say: Callable[[Plan], WriteAnswer],
    cost: Callable[[ArgumentGraph], float],
    prepare: Prepare | None = None,
) -> WriteRequest:
    """The write that a request asks for, under its Idempotency-Key where it has one and within the quotas."""
    key, by = idempotency_key_of(context), context.principal.name
    wanted = WriteRequest(planner, by, lambda planned: encode(say(planned)), key, cost, prepare)
    return within_quotas(context, wanted)


def within_quotas(context: Context, wanted: WriteRequest) -> WriteRequest:
    """The same write, whose plan is held against the quotas."""
    quotas, prepare = context.service.quotas, wanted.prepare

    async def prepared(graph: ArgumentGraph, pending: Sequence[Change]) -> Planner:
        return quotas.guarding(await prepare(graph, pending), wanted.by) if prepare is not None else wanted.plan

    return replace(
        wanted,
        plan=quotas.guarding(wanted.plan, wanted.by),
        cost=lambda graph: wanted.cost(graph) + quotas.cost(graph),
        prepare=None if prepare is None else prepared,
    )


def cost_of_body(context: Context) -> Callable[[ArgumentGraph], float]:
    """The cost of a write whose commands are known only once it is planned: by the bytes of its body."""
    cost = COMMAND + BYTE * len(getattr(context.request, "raw", b""))
    return lambda graph: cost


def replied(written: WriteResult) -> Response:
    """The answer to a write that was carried out."""
    reply = msgspec.json.decode(written.answer, type=_Kept)
    headers = {} if reply.location is None else {"Location": reply.location}
    if written.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Encoded(bytes(reply.body), status=reply.status, tag=reply.tag, headers=headers)


class _Kept(msgspec.Struct):
    status: int
    tag: str
    body: msgspec.Raw
    location: str | None = None


def idempotency_key_of(context: Context) -> IdempotencyKey | None:
    """The Idempotency-Key of a POST, with a digest of all that must be equal for it to count as the same."""
    request = context.request
    if request.method != "POST":
        return None
    given = context.header(b"idempotency-key")
    if given is None:
        return None
    if not given.strip() or len(given) > _KEY_AT_MOST or not given.isprintable():
        raise Refused(f"an Idempotency-Key is 1 to {_KEY_AT_MOST} printable characters", code="invalid_idempotency_key")
    raw = getattr(request, "raw", b"")
    sent, by, map_id = given.strip(), context.principal.name, str(request.path_params.get("map", ""))
    fingerprint = digest(request.scope["path"], request.scope["query_string"], raw)
    # None of the three holds a line break, so that no two of them give the same.
    return IdempotencyKey(f"{by}\n{map_id}\n{sent}", fingerprint, sent, by, map_id)


def written(plan: Plan) -> dict[str, Any]:
    """What a write did, as every write's answer tells it: its revision, the ids of what was made, changed, deleted
    and left alone, and what to know of it.
    """
    return {
        "revision": plan.graph.revision,
        "created": plan.created,
        "updated": plan.updated,
        "deleted": plan.deleted,
        "orphaned": list(plan.orphaned),
        "notes": list(plan.notes),
    }


def nothing_written(graph: ArgumentGraph) -> dict[str, Any]:
    """What is told of a write that left the map as it is."""
    return {"revision": graph.revision, "created": [], "updated": [], "deleted": [], "orphaned": [], "notes": []}


async def alike(context: Context, statements: Iterable[Mapping[str, Any]], of: str | None = None) -> dict[str, Any]:
    """Near duplicates of statements that are written, looked for in the map as it is before the write.

    `of` is the statement that a text is to be the new one of. What was judged to be different is left out.
    """
    texts = [(s["text"], s) for s in statements if isinstance(s.get("text"), str)]
    graph = await context.service.workspace.at(context.map)
    if not texts or not compares(graph):
        # Said, because nothing found must not be taken for nothing there.
        return {"similar": [], "similar_complete": not texts}
    try:
        found = await context.service.work.run(
            lambda: [o for text, one in texts for o in similar_statements(graph, text, _apart(graph, one, of))],
            cost=graph.size * _NODE * len(texts),
            client=context.principal.client,
        )
    except Busy:  # a write does not wait in line for what is only a hint
        return {"similar": [], "similar_complete": False}
    return {"similar": likeness_items(found), "similar_complete": True}


def _apart(graph: ArgumentGraph, written: Mapping[str, Any], of: str | None) -> Callable[[AnyNode], bool]:
    """Tells which nodes are no duplicates of what is written, because somebody has said so."""
    said = written.get("different_from")
    named = set(map(str, said)) if isinstance(said, list) else set()
    if of is not None and of in graph:
        named |= {of, *graph.node(of).different_from}
    return lambda node: node.id in named or of in node.different_from


def same_as(graph: ArgumentGraph, argument: Argument) -> list[dict[str, Any]]:
    """Other arguments of the same premises, target and stance."""
    found = same_arguments(graph, argument.premises, argument.target, argument.stance)
    others = (one for one in found if one.id != argument.id)
    return likeness_items(one for one in others if not are_told_apart(graph, argument.id, one.id))


def likeness_items(found: Iterable[Likeness]) -> list[dict[str, Any]]:
    """Likenesses as items of an answer, each node once."""
    return list({one.id: one._asdict() for one in found}.values())
