"""The questions that only the service takes; those about maps are in `schemas.query`."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Record
from schemas.query import Ids


class DeleteQuery(Record):
    """How far a delete goes."""

    cascade: bool = False
    """Take along what refers to the node; without it such a delete is refused."""


class SearchQuery(Record):
    """A search in the texts of all maps or of some."""

    q: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    """Words; each must stand in the text or begin one of its words."""
    maps: Ids = ()
    """Only in these maps."""
    kinds: Ids = ()
    """Only nodes of these kinds."""
    limit: int = Field(default=20, ge=1, le=1000)
