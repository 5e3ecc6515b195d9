"""A map: a named collection of nodes with a revision that grows by one at every change."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Id, Line, Record, Time
from schemas.weights import WeightTable

Paragraph = Annotated[str, StringConstraints(max_length=20_000)]


class MapFields(Record):
    """What an author says about a map."""

    title: Line
    """What the map is called."""
    question: Paragraph = ""
    """The question that the map answers."""
    description: Paragraph = ""
    """What it is about, for readers."""
    weights: WeightTable | None = None
    """What grades count for in this map, where that is not what they count for everywhere."""


class MapCreate(MapFields):
    """A map to be made; an `id` left out is made by the service."""

    id: Id | None = None


class MapHeader(MapFields):
    """A map without its nodes: what a store keeps of it beside them."""

    id: Id
    revision: int = Field(ge=1)
    """Number of the last change; making the map is change 1."""
    created_at: Time
    created_by: str
    updated_at: Time
    updated_by: str
    change: str = ""
    """Uid of the last change: two maps at one revision differ where this does."""
    redacted: int | None = None
    """The revision at which something was last taken out of the map's history; what was kept of it before is void."""
    counts: dict[str, int] = Field(default_factory=dict)
    """How many nodes it has, by the name of their kind; empty in what a store was given without a snapshot."""
