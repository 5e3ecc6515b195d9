"""What stands beside a map: remarks by whoever reads it, and drafts that wait for somebody to decide."""

from typing import Any, Literal

import msgspec

from schemas.base import Id, Record, Text, Time
from schemas.history import ChangeEffect, NodeDifference
from schemas.query import Ids, PageQuery

Mark = Literal["agree", "disagree"]


class RemarkCreate(Record):
    """A remark to be made: a note, or agreement or disagreement with its reason."""

    id: Id | None = None
    """Left out, the service makes one."""
    text: Text
    """The note, or the reason of the mark."""
    mark: Mark | None = None
    """Whether its author agrees with what the node says; null for a plain note."""


class Remark(msgspec.Struct, frozen=True):
    """What somebody has said of a node; it changes nothing in the map and counts in no verdict."""

    id: str
    """Id of the remark, unique in its map."""
    node: str
    """The node that it was made of; one that was merged into another is that one's now."""
    text: str
    """The note, or the reason of the mark."""
    mark: Mark | None
    """Whether its author agrees with what the node says; null for a plain note."""
    by: str
    """Who made it."""
    at: str
    """When it was made."""


class DraftRemark(msgspec.Struct, frozen=True):
    """What somebody has said of a draft."""

    id: str
    """Id of the remark, unique in its map among those of drafts."""
    draft: str
    """The draft."""
    text: str
    """The note, or the reason of the mark."""
    mark: Mark | None
    """Whether its author agrees with what is proposed; null for a plain note."""
    by: str
    """Who made it."""
    at: str
    """When it was made."""


class Marks(msgspec.Struct, frozen=True):
    """How many remarks have each mark."""

    agree: int
    """Remarks of those who agree."""
    disagree: int
    """Remarks of those who disagree."""


class RemarksAnswer(msgspec.Struct, frozen=True):
    """A page of remarks, oldest first."""

    map: str
    """Id of the map."""
    items: tuple[Remark, ...]
    """In the order in which they were made."""
    total: int
    """How many there are on all pages."""
    next: str | None
    """Cursor of the next page; null at the end."""
    marks: Marks
    """Of all pages."""


class DraftRemarksAnswer(msgspec.Struct, frozen=True):
    """A page of what was said of a draft, oldest first."""

    map: str
    """Id of the map."""
    draft: str
    """Id of the draft."""
    items: tuple[DraftRemark, ...]
    """In the order in which they were made."""
    total: int
    """How many there are on all pages."""
    next: str | None
    """Cursor of the next page; null at the end."""
    marks: Marks
    """Of all pages."""


class RemarkQuery(PageQuery):
    """Which remarks."""

    by: Ids = ()
    """Only those of one of these."""
    mark: Mark | None = None
    """Only those with this mark."""


class RemarksQuery(RemarkQuery):
    """Which remarks of a map."""

    node: Ids = ()
    """Only those that were made of one of these nodes."""


DraftStatus = Literal["open", "accepted", "declined"]


class DraftItem(msgspec.Struct, frozen=True):
    """A draft in a list."""

    id: str
    """Id of the draft, unique in its map."""
    title: str
    """What it is called."""
    text: str | None
    """What it is for, in the words of its author."""
    by: str
    """Who proposes it."""
    at: str
    """When it was made."""
    updated_at: Time
    """When its author changed it last."""
    base: int
    """The revision that it is of: what the map is with it is seen there, and what came later is held against it."""
    status: DraftStatus
    """Whether it waits, was accepted or was declined."""
    decided_by: str | None
    """Who accepted or declined it; null as long as it is open."""
    decided_at: str | None
    """When that was."""
    reason: str | None
    """Why, if that was said."""
    revision: int | None
    """The revision that accepting it made, by which it can be undone; null where it was not accepted."""
    nodes: tuple[str, ...]
    """Ids of the nodes that it touches, in order; 100 at most."""
    nodes_total: int
    """How many there are."""


class DraftsAnswer(msgspec.Struct, frozen=True):
    """A page of the drafts of a map, oldest first."""

    map: str
    """Id of the map."""
    items: tuple[DraftItem, ...]
    """In the order in which they were made."""
    total: int
    """How many there are on all pages."""
    next: str | None
    """Cursor of the next page; null at the end."""


class DraftAnswer(DraftItem, frozen=True):
    """A draft with all that it would do to the revision that it is of.

    What follows from that revision is null where the map does not keep it any more.
    """

    map: str
    """Id of the map."""
    operations: tuple[dict[str, Any], ...]
    """The operations as they were sent."""
    changes: tuple[NodeDifference, ...]
    """Node by node what would be other, in order."""
    orphaned: tuple[str, ...] | None
    """Statements that it would leave without an assertion."""
    effect: ChangeEffect | None
    """What it would do to the verdicts of theses and to the rank of motives."""


class DraftsQuery(PageQuery):
    """Which drafts."""

    by: Ids = ()
    """Only those of one of these."""
    status: DraftStatus | None = None
    """Only those that wait, were accepted or were declined."""
