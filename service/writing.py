"""Writes: what a request wants is carried out as one whole, and its answer kept for the same key again."""

from collections.abc import Callable
from typing import Any

import msgspec

from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.errors import Refused, Stale
from graph.maps.commit_queue import IdempotencyKey, Planner, WriteRequest, WriteResult
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.problem import FieldProblem
from service.documents import Placed, map_tag, node_tag
from service.errors import ConditionMissing
from service.http.ask import Ask
from service.wire import tags
from service.wire.answer import Answer, encode

_KEY_AT_MOST = 255


class Reply(msgspec.Struct):
    """What a writer is told: kept whole with the change, so that the same key hears the same again."""

    status: int
    tag: str
    body: Any
    location: str | None = None


async def write(ask: Ask[Any], planner: Planner, say: Callable[[Plan], Reply], commands: int = 1) -> Answer:
    """Carry out a write on the map that the address names, and answer with what `say` makes of it."""
    wanted = write_request_of(ask, planner, say, commands)
    return replied(await ask.service.workspace.write(ask.map, wanted))


def write_request_of(ask: Ask[Any], planner: Planner, say: Callable[[Plan], Reply], commands: int = 1) -> WriteRequest:
    """The write request of an HTTP request, under its Idempotency-Key where it has one."""
    return WriteRequest(planner, ask.by, lambda planned: encode(say(planned)), key_of(ask), commands)


def replied(written: WriteResult) -> Answer:
    """The answer to a write request."""
    reply = msgspec.json.decode(written.answer, type=_Kept)
    headers = {} if reply.location is None else {"Location": reply.location}
    if written.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Answer(bytes(reply.body), status=reply.status, tag=reply.tag, headers=headers)


class _Kept(msgspec.Struct):
    status: int
    tag: str
    body: msgspec.Raw
    location: str | None = None


def key_of(ask: Ask[Any]) -> IdempotencyKey | None:
    """The Idempotency-Key of a POST, with a digest of all that must be equal for it to count as the same."""
    if ask.scope["method"] != "POST":
        return None
    given = ask.header(b"idempotency-key")
    if given is None:
        return None
    if not given.strip() or len(given) > _KEY_AT_MOST or not given.isprintable():
        raise Refused(f"an Idempotency-Key is 1 to {_KEY_AT_MOST} printable characters", code="invalid_idempotency_key")
    return IdempotencyKey(given.strip(), tags.digest(ask.scope["path"], ask.scope["query_string"], ask.body))


def check_state(ask: Ask[Any], graph: ArgumentGraph, node_id: str) -> None:
    """Hold a node against If-Match; raises `Stale`, `NotFound`, and `ConditionMissing` where it must be sent."""
    place = FieldProblem("/version", f"is {graph.node(node_id).version} now; read the node again")
    _check(ask, node_tag(graph, node_id), f"{node_id!r} was changed since you read it", place)


def check_map_state(ask: Ask[Any], place: Placed) -> None:
    """Hold a map as a whole against If-Match."""
    field = FieldProblem("/revision", f"is {place.revision} now; read the map again")
    _check(ask, map_tag(place), f"the map {ask.map!r} was changed since you read it", field)


def check_condition(ask: Ask[Any]) -> None:
    """Raise `ConditionMissing` where If-Match must be sent and is not."""
    if ask.service.settings.require_if_match and ask.header(b"if-match") is None:
        raise ConditionMissing(
            "this service changes and deletes only with If-Match; read first and send its ETag along "
            "(setting ARGUMAP_REQUIRE_IF_MATCH)"
        )


def _check(ask: Ask[Any], tag: str, stale: str, place: FieldProblem) -> None:
    condition = ask.header(b"if-match")
    if condition is not None and not tags.allows(condition, tag):
        raise Stale(f"{stale}; read it again, its ETag is now {tag}", [place], code="stale")


def guarded(check: Callable[[ArgumentGraph], None], planner: Planner) -> Planner:
    """A planner that first checks a condition on the snapshot that it is tried on."""

    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        check(graph)
        return planner(graph, provenance)

    return planned
