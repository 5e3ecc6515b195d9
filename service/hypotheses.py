"""What a client sends of a hypothetical question: edits, what to compare, and the terms of the paths."""

from typing import Annotated, Any, NamedTuple

import msgspec
from pydantic import Field, ValidationError, create_model

from graph.errors import Refused
from schemas.base import Record
from schemas.change import Command, JsonObject
from schemas.evaluation_query import Ask
from schemas.problem import FieldProblem, explain
from schemas.query import PathsQuery, ViewQuery
from service.composed import Composed
from service.drafts import BatchOperation
from service.operations import commands_of

EDITS = "edits"
"""The field that holds the operations."""
_PATH_FIELDS = {n: f for n, f in PathsQuery.model_fields.items() if n not in ViewQuery.model_fields}
_ENDS = ("from_", "to")


class Hypothesis(NamedTuple):
    """A hypothetical question, read."""

    commands: list[Command]
    ask: tuple[Ask, ...]
    """Nothing where the question leaves it to the service."""
    paths: PathsQuery
    names_ends: bool
    """Whether a start or an end of the paths is named."""

    def wanted(self, *, motives: bool) -> tuple[Ask, ...]:
        """What is asked; left open, all that has something to say: of paths where an end is named."""
        if self.ask:
            return self.ask
        return ("evaluation", *(("paths",) if self.names_ends else ()), *(("motives",) if motives else ()))


def _form() -> type[Record]:
    """Hypothetical edits and what to compare; the fields from `from` on are the terms of the paths."""
    several: Any = Annotated[tuple[BatchOperation, ...], Field(min_length=1)]
    asked = (
        "Parts of the answer; left out, `evaluation`, `motives` where the map has some, and `paths` where `from` or "
        "`to` is given."
    )
    fields: dict[str, Any] = {
        EDITS: (several, Field(description="Operations as in a batch; nothing of them is stored.")),
        "ask": (tuple[Ask, ...], Field(default=(), description=asked)),
        **{name: (f.annotation, f) for name, f in _PATH_FIELDS.items()},
    }
    return create_model("WhatIfForm", __base__=Composed, __doc__=_form.__doc__, **fields)


WhatIfForm = _form()


def read(document: JsonObject, limit: int) -> Hypothesis:
    """Read the body of a hypothetical question; raises `Refused` with every fault, and `TooLarge`."""
    faults: list[FieldProblem] = []
    commands = commands_of(document.get(EDITS), EDITS, limit, faults)
    form = None
    try:
        form = WhatIfForm.read(msgspec.json.encode({**document, EDITS: [_STANDIN]}))
    except ValidationError as error:
        faults.extend(explain(error, WhatIfForm))
    given: dict[str, Any] = {} if form is None else {n: getattr(form, n) for n in _PATH_FIELDS}
    ask: tuple[Ask, ...] = getattr(form, "ask", ())
    if form is not None and ask and "paths" not in ask:
        named = form.model_fields_set.intersection(_PATH_FIELDS)
        faults.extend(FieldProblem(f"/{_alias(n)}", "is of paths, which `ask` leaves out") for n in sorted(named))
    if faults:
        raise Refused(f"{faults[0].pointer}: {faults[0].detail}", faults[:100])
    query = PathsQuery.model_validate({_alias(name): value for name, value in given.items()})
    return Hypothesis(commands, ask, query, any(given[name] for name in _ENDS))


_STANDIN = {"op": "delete", "kind": "statement", "id": "x"}
"""Stands where the operations were, which are read by themselves."""


def _alias(name: str) -> str:
    return _PATH_FIELDS[name].alias or name
