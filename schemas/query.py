"""The questions: which parameters each read takes, with the view that narrows it."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from schemas.base import Record
from schemas.vocabulary import Confidence, Inclusion, Measure, Stance

BasisFilter = Literal["explicit", "all"]
PathOrder = Literal["length", "strength"]
Direction = Literal["in", "out", "any"]
SummaryFormat = Literal["json", "markdown", "html"]
SummaryDetail = Literal["brief", "normal", "full"]
Ids = Annotated[tuple[str, ...], Field(max_length=1000)]


def _split(value: object) -> object:
    """The names in a list, which may stand in one value with commas between them."""
    if isinstance(value, list | tuple):
        return tuple(name for one in value for name in (one.split(",") if isinstance(one, str) else (one,)))
    return value


class Query(Record):
    """Parameters of a question. Several may read one request; what none of them knows is refused where it arrives."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore")


class ViewQuery(Query):
    """What a question is asked of: a map at a revision, narrowed by filters that must all pass."""

    as_of: str | None = None
    """A revision number or a time (RFC 3339); left out, the newest revision."""
    draft: str | None = None
    """The map as a draft would have it, at the revision that the draft is of."""
    sources: Ids = ()
    """Keep what is found in or cites one of these sources."""
    actors: Ids = ()
    """Keep what one of these actors is committed to."""
    motives: Ids = ()
    """Keep what concerns one of these motives."""
    basis: BasisFilter = "all"
    """`explicit` drops steps that no text marks."""
    min_confidence: Confidence = "low"
    """Drop arguments of less confidence."""
    without: Ids = ()
    """Take these nodes out, and what falls with them."""
    labels: bool = False
    """Add `labels`: what to print for every id in the answer."""

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

    @property
    def named(self) -> tuple[str, ...]:
        """The nodes that the filters name."""
        return (*self.sources, *self.actors, *self.motives, *self.without)

    def filters(self) -> tuple[object, ...]:
        """The filters as one value, equal for equal filters in any order, with the draft that they are of, if any."""
        named = (self.sources, self.actors, self.motives, self.without)
        filters = (*(tuple(sorted(set(ids))) for ids in named), self.basis, self.min_confidence)
        return filters if self.draft is None else (*filters, self.draft)


class PageQuery(Query):
    """A part of a list."""

    limit: int = Field(default=100, ge=1, le=1000)
    """At most so many items."""
    cursor: str | None = None
    """The `next` of the page before."""


class PathsQuery(Query):
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
    """At most so many paths."""
    order: PathOrder = "length"
    """What comes first: the shortest or the strongest path; then the ids on the way decide."""
    via: Ids = ()
    """Nodes that a path must visit."""
    avoid: Ids = ()
    """Nodes that a path must not visit."""
    cursor: str | None = None
    """The `next` of the page before."""


class ConnectionsQuery(Query):
    """How two nodes hang together, over all links."""

    from_: Annotated[str, Field(alias="from")]
    """Where to start: any node."""
    to: str
    """Where to end: any node."""
    limit: int = Field(default=10, ge=1, le=1000)
    """At most so many connections."""
    max_length: int = Field(default=12, ge=1, le=100)
    """Longest connection, in links."""


class ReachabilityQuery(Query):
    """What supports or opposes a node, or what it is used for."""

    kinds: Ids = ("motive", "statement", "argument")
    """Kinds of node to name."""
    limit: int = Field(default=100, ge=1, le=1000)
    """At most so many nodes."""
    cursor: str | None = None
    """The `next` of the page before."""


class NeighbourhoodQuery(Query):
    """What lies around a node."""

    depth: int = Field(default=1, ge=0, le=20)
    """Links from the node."""
    direction: Direction = "any"
    """Which way to go from the node."""
    kinds: Ids = ("motive", "statement", "argument")
    """Kinds of node to take."""
    budget: int = Field(default=2000, ge=1, le=100_000)
    """At most so many nodes."""


class GraphQuery(Query):
    """Nodes and edges for drawing."""

    focus: Ids = ()
    """Nodes to show with what lies around them; left out, the whole view."""
    depth: int = Field(default=2, ge=0, le=50)
    """How far from there, in links."""
    budget: int = Field(default=2000, ge=1, le=100_000)
    """At most so many nodes."""
    kinds: Ids = ("motive", "statement", "argument")
    """Kinds of node to take."""
    relations: Ids = ()
    """Links of these relations; left out, of all."""
    include: Annotated[tuple[Inclusion, ...], BeforeValidator(_split)] = ()
    """What nodes show beyond the map itself."""


class StructureQuery(Query):
    """How the map is connected as a graph."""

    measure: Measure = "components"
    """What is measured."""
    kinds: Ids = ("motive", "statement", "argument")
    """Kinds of node to take."""
    limit: int = Field(default=100, ge=1, le=1000)
    """At most so many items."""
    cursor: str | None = None
    """The `next` of the page before."""


class DuplicatesQuery(Query):
    """Which nodes may be the same."""

    kinds: Ids = ("actor", "motive", "statement", "argument", "source", "assertion")
    """Kinds of node to compare."""
    limit: int = Field(default=100, ge=1, le=1000)
    """At most so many pairs."""
    cursor: str | None = None
    """The `next` of the page before."""


class SummaryQuery(Query):
    """A report in words."""

    format: SummaryFormat = "json"
    """How the summary is written; `html` is a page of its own."""
    detail: SummaryDetail = "normal"
    """`brief`: the answer in at most 200 words, 80 of one node; `normal`: its lists end after a few; `full`: no list
    ends early."""
