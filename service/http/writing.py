"""Writes: what a request wants is carried out as one write request, and its answer kept for the same key again."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import Response

from graph.editing.estimate import BYTE, COMMAND
from graph.editing.planning import Plan
from graph.errors import Refused
from graph.maps.commit_queue import IdempotencyKey, Planner, Prepare, WriteRequest, WriteResult
from graph.snapshot.argument_graph import ArgumentGraph
from service.http.conditions import digest
from service.http.context import Context
from service.http.encoding import Encoded, encode

_KEY_AT_MOST = 255


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
    """The write that a request asks for, under its Idempotency-Key where it has one."""
    key = idempotency_key_of(context)
    return WriteRequest(planner, context.principal.name, lambda planned: encode(say(planned)), key, cost, prepare)


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
