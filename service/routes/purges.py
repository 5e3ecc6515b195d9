"""Purging: taking nodes and texts out of a map and all its history, for good."""

import logging
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field, StringConstraints

from graph.budgets import Cancelled
from graph.errors import Refused
from graph.maps.redaction import SHORTEST, Redaction
from schemas.base import Id, Record
from schemas.history_query import PurgeQuery
from schemas.problem import FieldProblem
from service.http.context import MapContext, MapId
from service.http.encoding import Encoded
from service.http.errors import Busy
from service.http.responses import left, map_tag
from service.http.routing import Router, needs
from service.models.answers import Answered
from service.models.responses import writes

_Secret = Annotated[str, StringConstraints(min_length=SHORTEST, max_length=20_000)]


class PurgeRequest(Record):
    """What is to go: nodes, texts, or both."""

    nodes: tuple[Id, ...] = ()
    """Nodes of which ids and a mark are to be left, deleted ones too."""
    texts: tuple[_Secret, ...] = Field(default=(), repr=False)
    """Texts to take out wherever they stand, letter for letter."""


class PurgeResult(Answered):
    """How many places something was taken out of."""

    revision: int
    """The map's revision afterwards."""
    dry_run: bool
    """Whether it was only said what would happen."""
    changes: int
    """Entries of the history."""
    nodes: int
    """Nodes as they are now."""
    receipts: int
    """Answers that were kept for an Idempotency-Key."""
    remarks: int
    """Records beside the map."""
    texts: int
    """Texts of sources."""


router = Router(tags=["Maps"])
_log = logging.getLogger("argumap")
_audit = logging.getLogger("argumap.audit")


@router.post(
    "/v1/maps/{map}/purge", response_model=PurgeResult, responses=writes(404, 409), openapi_extra=needs("admin")
)
async def purge_map(
    context: MapContext, map: MapId, body: PurgeRequest, query: Annotated[PurgeQuery, Query()]
) -> Response:
    """Take nodes and texts out of a map and all its history, for good: ids and a mark are left.

    A node keeps how it hangs together, and every revision shows the mark. Remarks of it and the text of a source that
    is named go too. It is a change of its own, which cannot be undone. It takes as long as it takes; where the client
    leaves or the service ends before, all of it is taken back, and it must be asked for again.
    """
    if not body.nodes and not body.texts:
        detail = "name nodes, or texts, that are to go"
        raise Refused(detail, [FieldProblem("/nodes", detail)])
    redaction = Redaction(frozenset(body.nodes), tuple(sorted(set(body.texts), key=len, reverse=True)), query.dry_run)
    service, asking = context.service, context.principal
    told = {"map": context.map, "nodes": sorted(body.nodes), "texts": len(body.texts)}
    try:
        stands = await service.work.heeded(
            service.workspace.redact(context.map, redaction, asking.name), gone=left(context.request.receive)
        )
    except Cancelled as error:
        _log.warning("a purge of map %r was interrupted: nothing was taken out, and it must be repeated", context.map)
        _audit.info("purge interrupted", extra={"fields": {"principal": asking.name, **told}})
        raise Busy(
            "the purge was interrupted and nothing was taken out; ask for it again", code="interrupted"
        ) from error
    told["revision"] = stands.revision
    if not query.dry_run:
        service.watch.nudge()
        _audit.info("purged", extra={"fields": {"principal": asking.name, **told}})
    found = redaction.found
    counted = {name: getattr(found, name) for name in ("changes", "nodes", "receipts", "remarks", "texts")}
    return Encoded.of({"revision": stands.revision, "dry_run": query.dry_run, **counted}, tag=map_tag(stands))
