"""What concerns a graph database itself: changes made in it by hand, and questions in its own language."""

from typing import Any

from fastapi import Response

from graph.errors import NotSupported
from graph.maps.adopting import Adoption, adopt
from graph.maps.cypher_port import CypherBounds
from schemas.base import Id, Record
from schemas.cypher import CypherAnswer, CypherQuestion
from service.http.context import MapId, ReadContext
from service.http.encoding import Encoded, encode
from service.http.errors import SwitchedOff
from service.http.routing import Router, needs
from service.models.answers import Answered
from service.models.responses import writes
from service.models.structs import model_of

router = Router(tags=["Maps"])


class AdoptRequest(Record):
    """How to take in what was changed by hand."""

    cascade: bool = False
    """Nodes that were deleted by hand take along what needs them; else they are conflicts."""
    fitting: bool = False
    """Where there are conflicts, take in all the rest; else nothing is taken in."""
    dry_run: bool = False
    """Only say what would happen."""


class Misfit(Answered):
    """A change made by hand that the map cannot take in."""

    node: str | None
    """The node; null for the map itself."""
    detail: str
    """What is wrong, and what there is to do."""


class AdoptResult(Answered):
    """What was taken in, or, as a dry run, would be."""

    map: Id
    """Id of the map."""
    revision: int | None
    """The revision that it became; null where nothing was written."""
    created: list[Id]
    """Nodes that were made by hand, in order."""
    updated: list[Id]
    """Nodes that were changed by hand, in order."""
    deleted: list[Id]
    """Nodes that were deleted by hand, with what a cascade took along, in order."""
    conflicts: list[Misfit]
    """What cannot be taken in."""
    dry_run: bool
    """Whether nothing was to be written."""


@router.post(
    "/v1/maps/{map}/adopt", response_model=AdoptResult,
    responses=writes(404, 501, tagged=False), openapi_extra=needs("admin"),
)  # fmt: skip
async def adopt_hand_edits(context: ReadContext, map: MapId, body: AdoptRequest) -> Response:
    """Take what somebody changed in Neo4j by hand into the map, as one change by `cypher`.

    It has to keep the rules that hold for every write. What breaks one is a conflict, told with what to do about it.
    """
    service = context.service
    await service.workspace.version(context.map)
    found = await adopt(
        service.store, context.map, cascade=body.cascade, fitting=body.fitting, dry_run=body.dry_run,
        run=service.work.run,
    )  # fmt: skip
    return Encoded(encode(_told(found, dry_run=body.dry_run)))


def _told(found: Adoption, *, dry_run: bool) -> dict[str, Any]:
    conflicts = [{"node": one.node, "detail": one.detail} for one in found.conflicts]
    return {
        "map": found.map, "revision": found.revision, "created": found.created, "updated": found.updated,
        "deleted": found.deleted, "conflicts": conflicts, "dry_run": dry_run,
    }  # fmt: skip


@router.post(
    "/v1/maps/{map}/cypher", response_model=model_of(CypherAnswer),
    responses=writes(404, 501, tagged=False), openapi_extra=needs("admin"),
)  # fmt: skip
async def ask_cypher(context: ReadContext, map: MapId, body: CypherQuestion) -> Response:
    """Ask the graph database in Cypher, read only, within bounds of time, rows and memory.

    Off unless ARGUMAP_CYPHER is set. A statement sees the whole database, so it needs a key that opens all maps.
    """
    service = context.service
    context.principal.check_whole("asking in Cypher")
    await service.workspace.version(context.map)
    questions = service.store.questions
    if questions is None:
        raise NotSupported("the store of this service is SQLite, which has no Cypher; a store in Neo4j has")
    if not (service.settings.cypher or service.trusting):
        raise SwitchedOff("Cypher is off on this service; whoever runs it may set ARGUMAP_CYPHER=1")
    bounds = CypherBounds(service.settings.cypher_timeout, service.settings.cypher_memory)
    return Encoded(encode(await questions.ask(context.map, body, bounds)))
