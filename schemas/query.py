"""The questions: which parameters each read takes, with the view that narrows it."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Record
from schemas.vocabulary import Confidence, Stance

Ids = Annotated[tuple[str, ...], Field(max_length=1000)]


class ViewQuery(Record):
    """What a question is asked of: a map at a revision, narrowed by filters that must all pass."""

    as_of: str | None = None
    """A revision number or a time (RFC 3339); left out, the newest revision."""
    sources: Ids = ()
    """Keep what is found in or cites one of these sources."""
    actors: Ids = ()
    """Keep what one of these actors is committed to."""
    motives: Ids = ()
    """Keep what concerns one of these motives."""
    basis: Literal["explicit", "all"] = "all"
    """`explicit` drops steps that no text marks."""
    min_confidence: Confidence = "low"
    """Drop arguments of less confidence."""
    without: Ids = ()
    """Take these nodes out, and what falls with them."""

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return bool(
            self.sources
            or self.actors
            or self.motives
            or self.without
            or self.basis != "all"
            or self.min_confidence != "low"
        )

    def filters(self) -> tuple[object, ...]:
        """The filters as one value, equal for equal filters in any order."""
        named = (self.sources, self.actors, self.motives, self.without)
        return (*(tuple(sorted(set(ids))) for ids in named), self.basis, self.min_confidence)


class PageQuery(Record):
    """A part of a list."""

    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = None
    """The `next` of the page before."""


class PathsQuery(ViewQuery):
    """Argument paths between starts and ends."""

    from_: Annotated[tuple[str, ...], Field(alias="from", max_length=1000)] = ()
    """Starts, any nodes; left out, every statement that nothing bears on."""
    to: Ids = ()
    """Ends, any nodes; left out, every node that bears on nothing."""
    polarity: Stance | None = None
    """Only paths of this polarity."""
    max_length: int = Field(default=50, ge=1, le=1000)
    """Longest path, in arguments."""
    limit: int = Field(default=10, ge=1, le=1000)
    order: Literal["length", "strength"] = "length"
    via: Ids = ()
    """Nodes that a path must visit."""
    avoid: Ids = ()
    """Nodes that a path must not visit."""
    cursor: str | None = None
    """The `next` of the page before."""


class ConnectionsQuery(ViewQuery):
    """How two nodes hang together, over all links."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    limit: int = Field(default=10, ge=1, le=1000)
    max_length: int = Field(default=12, ge=1, le=100)


class ReachabilityQuery(ViewQuery):
    """What supports or opposes a node, or what it is used for."""

    kinds: Ids = ("motive", "statement", "argument")
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = None
    """The `next` of the page before."""


class NeighbourhoodQuery(ViewQuery):
    """What lies around a node."""

    depth: int = Field(default=1, ge=0, le=20)
    """Links from the node."""
    direction: Literal["in", "out", "any"] = "any"
    kinds: Ids = ("motive", "statement", "argument")
    budget: int = Field(default=2000, ge=1, le=100_000)


class GraphQuery(ViewQuery):
    """Nodes and edges for drawing."""

    focus: Ids = ()
    depth: int = Field(default=2, ge=0, le=50)
    budget: int = Field(default=2000, ge=1, le=100_000)
    kinds: Ids = ("motive", "statement", "argument")


class SummaryQuery(ViewQuery):
    """A report in words."""

    format: Literal["json", "markdown"] = "json"
