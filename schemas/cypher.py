"""A question in Cypher, and its answer."""

from typing import Annotated, Any

import msgspec
from pydantic import Field, StringConstraints

from schemas.base import Record
from schemas.change import JsonObject


class CypherQuestion(Record):
    """A statement of Cypher that reads."""

    statement: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    """What is asked; `$map` in it is the id of the map in the address."""
    parameters: JsonObject = Field(default_factory=dict)
    """Values of the other parameters."""
    limit: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    """How many rows to answer at most."""


class CypherAnswer(msgspec.Struct, frozen=True):
    """What the database answered."""

    columns: list[str]
    """The names of the columns."""
    rows: list[list[Any]]
    """Values in the order of the columns; a node, a relationship or a path is an object."""
    complete: bool
    """Whether these are all rows; else a limit cut them."""
    cut_by: str | None
    """Which limit cut them: `limit` or `bytes`."""
