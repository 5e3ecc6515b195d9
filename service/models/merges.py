"""Merges: what a client asks for, and what it is told."""

from typing import Annotated, Any, Union

from pydantic import Field, RootModel

from graph.editing.merging import Choice
from schemas.base import Id, Record
from schemas.vocabulary import KINDS
from service.models.answers import READS, Answered, Written


class MergeRequest(Record):
    """Two nodes of one kind that are the same, or that look the same and are not."""

    keep: Id
    """The node that stays, under its own id."""
    drop: Id
    """The node that goes: what names it names the other, and its id leads there."""
    same: bool = True
    """False keeps the judgement that they are not the same: nothing moves, and no hint shows the two again."""
    fields: dict[str, Choice] = Field(default_factory=dict)
    """By field whose value the node has: `keep`, `drop`, or `both` of sets, tags, aliases and notes.

    A field left out has that of `keep`, of `drop` where `keep` says nothing, and of `both` where it is a set.
    """
    dry_run: bool = False
    """Only say what would happen."""


_Node: Any = Annotated[Union[tuple(READS[kind] for kind in KINDS)], Field(discriminator="kind")]  # noqa: UP007


class MergedNode(RootModel[_Node]):
    """A node of whatever kind as it is after a merge."""


class EqualPair(Answered):
    """Two nodes that are the same by all that tells such nodes apart: as the body of the next merge."""

    keep: Id
    """The first of them."""
    drop: Id
    """The other."""


class MergeResult(Written):
    """What a merge did, or, as a dry run, would do."""

    keep: Id
    """The node that stays."""
    drop: Id
    """The node that went, whose id leads to the other; with `same: false` it stays."""
    same: bool
    """Whether they were merged; else they were judged not to be the same."""
    dry_run: bool
    """Whether nothing was written."""
    node: MergedNode
    """The node that stays, as it is now."""
    fields: dict[str, Choice]
    """Each field that the two said differently, with whose value stands now."""
    duplicates: list[EqualPair]
    """Arguments and assertions that became equal to one another as their ends moved."""
