"""Remarks: notes and marks by whoever reads a map, beside it and no part of it."""

from typing import Literal

import msgspec

from schemas.base import Id, Record, Text
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
