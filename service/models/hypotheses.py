"""What a client sends of a hypothetical question: edits, what to compare, and the terms of the paths."""

from typing import Any, NamedTuple

from pydantic import Field, create_model

from graph.errors import Refused
from schemas.base import Record
from schemas.change import Command
from schemas.evaluation_query import Ask
from schemas.problem import FieldProblem
from schemas.query import Ids, PathsQuery
from service.models.batches import CountedOperation
from service.models.composed import Composed
from service.models.operations import commands_of

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
