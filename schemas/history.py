"""The answers about a map's past: its changes, each as data and as a sentence, and the difference of two states."""

from typing import Any, Literal

import msgspec

from schemas.change import Reversal
from schemas.evaluation import Standing, Verdict
from schemas.vocabulary import Kind
from schemas.what_if import RankedMotive

Deed = Literal["create", "update", "delete"]
Became = Literal["created", "updated", "deleted"]
KindOrMap = Literal["map", Kind]


class FieldChange(msgspec.Struct, frozen=True):
    """A field before and after; null where there was or is no value."""

    before: Any
    """What it was."""
    after: Any
    """What it is then."""


class Operation(msgspec.Struct, frozen=True):
    """What a change did to one node, or to what the map says of itself."""

    op: Deed
    """What was done."""
    kind: KindOrMap
    """Kind of the node; `map` where it is what the map says of itself."""
    id: str
    """The node, or the map."""
    label: str
    """What to print: a text, name or title; of an argument what it bears on."""
    fields: tuple[str, ...]
    """Names of the fields that differ; of a node that came or went those that it had."""


class OperationDetail(msgspec.Struct, frozen=True):
    """What a change did to one node, with the values of the fields."""

    op: Deed
    """What was done."""
    kind: KindOrMap
    """Kind of the node; `map` where it is what the map says of itself."""
    id: str
    """The node, or the map."""
    label: str
    """What to print: a text, name or title; of an argument what it bears on."""
    fields: dict[str, FieldChange]
    """By the name of each field that differs its values."""


class ChangedVerdict(msgspec.Struct, frozen=True):
    """A node whose verdict differs; null where it is not there."""

    id: str
    """The node."""
    before: Verdict | None
    """Its verdict before."""
    after: Verdict | None
    """Its verdict after."""
    standing_before: Standing | None
    """How it stood before, for people; null of an argument."""
    standing_after: Standing | None
    """How it stands after."""


class ChangeEffect(msgspec.Struct, frozen=True):
    """What a change did to the conclusions of the map: the grounded verdicts of theses and the rank of motives."""

    verdicts: tuple[ChangedVerdict, ...]
    """Of the theses: constructed statements, and what is argued for or against and bears on nothing; 100 at most."""
    verdicts_total: int
    """How many theses there are whose verdict differs."""
    motives: tuple[RankedMotive, ...]
    """Motives whose rank differs; 100 at most."""
    motives_total: int
    """How many motives there are whose rank differs."""


class ChangeItem(msgspec.Struct, frozen=True):
    """A change in a list."""

    revision: int
    """The map's revision that it made."""
    at: str
    """When it was made."""
    by: str
    """Who made it."""
    sentence: str
    """What was done, in plain words."""
    operations: tuple[Operation, ...]
    """Node by node; 100 at most, the change itself has all of them."""
    operations_total: int
    """How many there are."""
    nodes: tuple[str, ...]
    """Ids of the nodes that it touched, in order; 100 at most."""
    nodes_total: int
    """How many there are."""
    reversal: Reversal | None
    """What it takes back, where it was made to do so."""
    effect: ChangeEffect | None
    """What it did to verdicts and ranks; null where that was not asked for, or not worked out in time."""


class ChangesAnswer(msgspec.Struct, frozen=True):
    """A page of a map's log."""

    map: str
    """Id of the map."""
    revision: int
    """Revision that was asked."""
    items: tuple[ChangeItem, ...]
    """Newest first, or oldest first as asked."""
    total: int
    """How many changes there are in all."""
    next: str | None
    """Cursor of the next page; null at the end."""
    oldest: int
    """The first revision that the log has."""
    complete: bool
    """Whether every effect that was asked for was worked out."""
    reason: Literal["budget"] | None
    """Why not: `budget`, the time allowed was used up; asked again it goes on from there."""


class ChangeAnswer(msgspec.Struct, frozen=True):
    """One change with all its operations and their values."""

    map: str
    """Id of the map."""
    revision: int
    """The map's revision that it made."""
    at: str
    """When it was made."""
    by: str
    """Who made it."""
    sentence: str
    """What was done, in plain words."""
    operations: tuple[OperationDetail, ...]
    """Node by node, in the order in which it was done; a page of them."""
    total: int
    """How many operations there are in all."""
    next: str | None
    """Cursor of the next page of operations; null at the end."""
    nodes: tuple[str, ...]
    """Ids of the nodes that it touched, in order; 100 at most."""
    nodes_total: int
    """How many there are."""
    reversal: Reversal | None
    """What it takes back, where it was made to do so."""
    effect: ChangeEffect | None
    """What it did to verdicts and ranks; null where that was not asked for."""


class DiffSide(msgspec.Struct, frozen=True):
    """One of the two states that are compared."""

    revision: int
    """Its revision."""
    at: str
    """When the map was changed last by then."""


class NodeDifference(msgspec.Struct, frozen=True):
    """A node that differs."""

    id: str
    """The node, or the map."""
    kind: KindOrMap
    """Kind of the node; `map` where it is what the map says of itself."""
    change: Became
    """What became of it from the first side to the second."""
    label: str
    """What to print: a text, name or title; of an argument what it bears on."""
    fields: dict[str, FieldChange]
    """By the name of each field that differs its values on both sides."""


class DiffAnswer(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """What differs between two states of a map."""

    map: str
    """Id of the map."""
    revision: int
    """Its newest revision, or that of `as_of`."""
    from_: DiffSide
    """The first side."""
    to: DiffSide
    """The second side."""
    nodes: tuple[NodeDifference, ...]
    """Nodes that differ, in the order of their ids, what the map says of itself first; a page of them."""
    total: int
    """How many there are in all."""
    next: str | None
    """Cursor of the next page of nodes; null at the end."""
    verdicts: tuple[ChangedVerdict, ...]
    """Nodes whose grounded verdict differs, in the order of their ids; 1000 at most."""
    verdicts_total: int
    """How many there are in all."""
    motives: tuple[RankedMotive, ...]
    """Motives whose rank differs."""
