"""What hypothetical edits would change."""

from typing import Annotated, Any, NamedTuple

from fastapi import Query, Request, Response
from msgspec.structs import replace
from pydantic import Field, create_model

from graph.errors import GraphError, Refused
from graph.evaluation.explanation.what_if import what_if
from graph.paths.paths import path_difference
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import Hypothetical
from schemas.base import Record
from schemas.change import Command
from schemas.evaluation_query import Ask
from schemas.problem import FieldProblem
from schemas.query import Ids, PathsQuery, ViewQuery
from schemas.what_if import PathsDifference, WhatIfAnswer
from service.http.context import MapId, View, context_of
from service.http.responses import Limits, left, respond_unstored
from service.http.routing import Router, needs
from service.models.batches import CountedOperation
from service.models.composed import Composed
from service.models.operations import COMMAND, commands_of, placed
from service.models.responses import writes
from service.models.structs import model_of

EDITS = "edits"
"""The field that holds the operations."""
_PATH_FIELDS = PathsQuery.model_fields
_ENDS = ("from_", "to")


class Hypothesis(NamedTuple):
    """A hypothetical question, read."""

    commands: list[Command]
    ask: tuple[Ask, ...]
    """Nothing where the question leaves it to the service."""
    paths: PathsQuery
    names_ends: bool
    """Whether a start or an end of the paths is named."""
    without: tuple[str, ...] = ()
    """Nodes that are taken out beside the edits."""

    def wanted(self, *, motives: bool) -> tuple[Ask, ...]:
        """What is asked; left open, all that has something to say: of paths where an end is named."""
        if self.ask:
            return self.ask
        return ("evaluation", *(("paths",) if self.names_ends else ()), *(("motives",) if motives else ()))


def _request_model() -> type[Record]:
    """Hypothetical edits and what to compare; the fields from `from` on are the terms of the paths."""
    several = tuple[CountedOperation, ...]
    asked = (
        "Parts of the answer; left out, `evaluation`, `motives` where the map has some, and `paths` where `from` or "
        "`to` is given."
    )
    fields: dict[str, Any] = {
        EDITS: (several, Field(default=(), description="Operations as in a batch; nothing of them is stored.")),
        "without": (Ids, Field(default=(), description="Nodes to take out, with what falls with them as in a view.")),
        "ask": (tuple[Ask, ...], Field(default=(), description=asked)),
        **{name: (f.annotation, f) for name, f in _PATH_FIELDS.items()},
    }
    return create_model("WhatIfRequest", __base__=Composed, __doc__=_request_model.__doc__, **fields)


WhatIfRequest = _request_model()


def hypothesis_of(body: Any, edits: Any, limit: int) -> Hypothesis:
    """The question that a body asks, its `edits` as they were sent.

    Raises `Refused` where it contradicts itself or asks nothing, and `TooLarge`.
    """
    commands = commands_of(edits, limit)
    if not commands and not body.without:
        detail = "give edits, or nodes to take out in without"
        raise Refused(f"/edits: {detail}", [FieldProblem("/edits", detail)])
    if body.ask and "paths" not in body.ask:
        named = body.model_fields_set.intersection(_PATH_FIELDS)
        faults = [FieldProblem(f"/{_alias(n)}", "is of paths, which `ask` leaves out") for n in sorted(named)]
        if faults:
            raise Refused(f"{faults[0].pointer}: {faults[0].detail}", faults)
    given = {name: getattr(body, name) for name in _PATH_FIELDS}
    query = PathsQuery.model_validate({_alias(name): value for name, value in given.items()})
    return Hypothesis(commands, body.ask, query, any(given[name] for name in _ENDS), body.without)


def _alias(name: str) -> str:
    return _PATH_FIELDS[name].alias or name


router = Router(tags=["Questions"])
_Request: type[Record] = WhatIfRequest


@router.post(
    "/v1/maps/{map}/what-if",
    response_model=model_of(WhatIfAnswer),
    responses=writes(404, 409, 412, tagged=False),
    openapi_extra=needs("read"),
)
async def suppose_edits(
    request: Request,
    map: MapId,
    query: Annotated[ViewQuery, Query()],
    body: _Request,  # type: ignore[valid-type]
) -> Response:
    """The difference that edits would make to verdicts, strengths, paths and the ranking of motives."""
    context = context_of(request)
    service = context.service
    edits: Any = context.document.get("edits", [])
    hypothesis = await service.work.run(
        lambda: hypothesis_of(body, edits, service.settings.batch_limit),
        cost=len(edits) * COMMAND,
        client=context.principal.client,
    )
    try:
        asked = await service.work.promised(
            service.workspace.what_if(
                context.map, query, hypothesis.commands, context.principal.name, hypothesis.without
            ),
            gone=left(request.receive),
            seconds=service.settings.answer_timeout,
        )
    except GraphError as error:
        raise placed(error, hypothesis.commands, EDITS) from error
    view = View(context, query, asked.before.view, asked.after.whole)
    return await respond_unstored(view, lambda limits: _difference(hypothesis, asked, limits))


def _difference(hypothesis: Hypothesis, asked: Hypothetical, limits: Limits) -> WhatIfAnswer:
    before, after = asked.before, asked.after
    wanted = hypothesis.wanted(motives=_has_motives(before.view) or _has_motives(after.view))
    paths: PathsDifference | None = None
    if "paths" in wanted:
        paths = path_difference(before, after, hypothesis.paths, limits.budget())
    answer = what_if(before.view, after.view, wanted, paths)
    return replace(answer, orphaned=asked.orphaned)


def _has_motives(graph: ArgumentGraph) -> bool:
    return any(True for _ in graph.numbers("motive"))
