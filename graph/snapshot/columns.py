"""What a snapshot stands on: a whole map in columns, built once and shared, and the patch that lies over them.

Columns number the nodes by the order of their ids. A patch is made of persistent maps, so that deriving one from
another costs what the edit costs.
"""

import gc
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
import numpy as np
from immutables import Map
from pydantic import ValidationError

from graph.errors import MapDamaged
from graph.snapshot.relations import (
    KIND_CODE,
    NONE,
    RELATION_CODE,
    SIGN,
    Adjacency,
    Number,
    Relations,
    StepColumns,
    named_by,
    shape_of,
)
from schemas.node import AnyNode, Argument, read_node
from schemas.vocabulary import KINDS, RANK_OF, RELATIONS, Kind, Relation

__all__ = [
    "ARGUMENT", "KIND_CODE", "MOTIVE", "NONE", "STATEMENT", "VOID", "Adjacency", "Columns", "Numbering", "Patch",
    "PatchDraft", "StepNumbers", "collector_paused", "key_of", "parts_of",
]  # fmt: skip

STATEMENT, ARGUMENT, MOTIVE = KIND_CODE["statement"], KIND_CODE["argument"], KIND_CODE["motive"]
_DECODED_AT_MOST = 100_000
_UNREADABLE = (ValidationError, msgspec.MsgspecError, UnicodeDecodeError)
"""What reading a document raises that is not of the form it should have."""
_MERGED = b'"merged":['
_SMALL = 4096
_ASKED_FOR_A_TABLE = 8


class _Merged(msgspec.Struct):
    merged: tuple[str, ...] = ()


class Columns:
    """Every node of a map by number; numbers follow the order of ids.

    Documents stay as stored bytes and are decoded when a node is asked for. Memory is in proportion to
    the documents' bytes; building is O(nodes + links).
    """

    def __init__(self, ids: Iterable[str], kinds: bytes, documents: Sequence[bytes], relations: Relations) -> None:
        """Take nodes in the order of their ids, with the index of what they name."""
        # Tuples of texts, unlike lists, are let alone by the garbage collector once it has seen them.
        self.ids = tuple(ids)
        self.kinds = kinds
        self.documents = tuple(documents)
        self.index = Numbering(self.ids)
        self.relations = relations
        self.premises = relations.premises
        self.outgoing = relations.outgoing
        self.incoming = relations.incoming
        self.target = relations.targets.values
        self.sign = relations.facts.sign.data
        self.confidence = relations.facts.confidence.data
        self.memo: dict[str, object] = {}
        """What algorithms have worked out about these columns, by their own keys."""
        self._decoded: dict[Number, AnyNode] = {}
        self._of_kind: dict[int, list[Number]] = {}

    @classmethod
    def read(
        cls, ids: Sequence[str], kinds: bytes, documents: Sequence[bytes], steps: StepColumns | None = None
    ) -> "Columns":
        """Columns with the index read out of the documents; raises `MapDamaged` with the name of a node whose document
        cannot be read, or that is an argument one of whose ends is missing.

        Where the structure of the arguments is known already, reading it out of their documents is spared.
        """
        try:
            with collector_paused():
                return cls(ids, kinds, documents, Relations.read(ids, kinds, documents, steps))
        except KeyError as error:
            missing = str(error.args[0])
            raise MapDamaged(None, f"an argument names node {missing!r}, which is not there") from error
        except _UNREADABLE as error:
            raise _damaged(_first_unreadable(ids, kinds, documents)) from error

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def weight(self) -> int:
        """Bytes of all documents."""
        return sum(map(len, self.documents))

    @cached_property
    def merged(self) -> dict[str, Number]:
        """By the id of each node that was merged into another that one's number; a pass over all documents, once."""
        found: dict[str, Number] = {}
        for number, document in enumerate(self.documents):
            if _MERGED in document:
                for node_id in msgspec.json.decode(document, type=_Merged).merged:
                    found.setdefault(node_id, Number(number))
        return found

    def node(self, number: Number) -> AnyNode:
        """The node, decoded on demand and remembered up to a bound."""
        found = self._decoded.get(number)
        if found is None:
            if len(self._decoded) >= _DECODED_AT_MOST:
                self._decoded.clear()
            try:
                found = read_node(KINDS[self.kinds[number]], self.documents[number])
            except _UNREADABLE as error:
                raise _damaged(self.ids[number]) from error
            self._decoded[number] = found
        return found

    def shape(self, number: Number) -> tuple[Kind, msgspec.Struct]:
        """The kind of a node, and the part of it that names others; a tenth of the time of decoding it whole."""
        kind = KINDS[self.kinds[number]]
        try:
            return kind, shape_of(kind, self.documents[number])
        except _UNREADABLE as error:
            raise _damaged(self.ids[number]) from error

    @property
    def counts(self) -> dict[str, int]:
        """How many nodes there are of each kind; O(nodes)."""
        codes = np.frombuffer(self.kinds, dtype=np.uint8)
        return dict(zip(KINDS, np.bincount(codes, minlength=len(KINDS)).tolist(), strict=True))

    def of_kind(self, code: int) -> list[Number]:
        """Numbers of the nodes of one kind, in the order of their ids."""
        found = self._of_kind.get(code)
        if found is None:
            codes = np.frombuffer(self.kinds, dtype=np.uint8)
            listed: list[Any] = np.flatnonzero(codes == code).tolist()
            found = self._of_kind[code] = listed
        return found


class Numbering:
    """Finds the place of an id among ids in order.

    A table of a million ids takes longer to make than the map takes to read, so the first questions are answered
    by halving; the table is made once the questions are so many that it pays.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids
        self._table = _table(ids) if len(ids) <= _SMALL else None
        self._left = len(ids) // _ASKED_FOR_A_TABLE

    def get(self, node_id: str) -> Number | None:
        """The place of an id, or None where it has none."""
        if self._table is not None:
            return self._table.get(node_id)
        self._left -= 1
        if self._left < 0:
            self._table = _table(self._ids)
        place = Number(bisect_left(self._ids, node_id))
        return place if place < len(self._ids) and self._ids[place] == node_id else None

    def __getitem__(self, node_id: str) -> Number:
        place = self.get(node_id)
        if place is None:
            raise KeyError(node_id)
        return place


def _table(ids: Sequence[str]) -> dict[str, Number]:
    return dict(zip(ids, map(Number, range(len(ids))), strict=True))


def _first_unreadable(ids: Sequence[str], kinds: bytes, documents: Sequence[bytes]) -> str:
    for node_id, kind, document in zip(ids, kinds, documents, strict=True):
        try:
            shape_of(KINDS[kind], document)
        except _UNREADABLE:
            return node_id
    return ids[0]


def _damaged(node_id: str) -> MapDamaged:
    return MapDamaged(None, f"the stored document of node {node_id!r} cannot be read")


@contextmanager
def collector_paused() -> Iterator[None]:
    """Hold the cyclic garbage collector off while millions of objects are made that it cannot free."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# --- the patch ------------------------------------------------------------------------------------


Numbers = tuple[Number, ...]
Row = Mapping[Relation, Numbers]
_NOBODY: Any = Map()
_RELATIONS = len(RELATIONS)


class StepNumbers(NamedTuple):
    """An argument's structure by numbers."""

    premises: Numbers
    target: Number
    sign: int
    confidence: int


VOID = StepNumbers((), NONE, 0, 0)


def _map() -> Any:
    return Map()


@dataclass(frozen=True, slots=True)
class Patch:
    """Differences to the columns; an entry replaces what the columns say of that number."""

    nodes: "Map[Number, AnyNode | None]" = field(default_factory=_map)
    """Nodes made or changed; None where one was deleted."""
    numbers: "Map[str, Number]" = field(default_factory=_map)
    """Numbers given to ids that the columns do not have; they are never given again."""
    steps: "Map[Number, StepNumbers]" = field(default_factory=_map)
    rows: "Map[Number, Row]" = field(default_factory=_map)
    """What each changed node names by each of its relations; an empty row for one that was deleted."""
    gained: "Map[int, Map[Number, None]]" = field(default_factory=_map)
    """By relation and node (`key_of`) the holders that name it now and did not in the columns."""
    lost: "Map[int, Map[Number, None]]" = field(default_factory=_map)
    """By relation and node the holders of the columns that no longer name it."""

    @property
    def outgoing(self) -> set[Number]:
        """Numbers whose outgoing arguments differ from those in the columns; O(patch)."""
        return self.renamed("premise_of")

    @property
    def incoming(self) -> set[Number]:
        """Numbers whose incoming arguments differ from those in the columns; O(patch)."""
        return self.renamed("targets")

    def renamed(self, relation: Relation) -> set[Number]:
        """Numbers that others name by a relation than in the columns; O(patch)."""
        return {number for number, by in map(parts_of, (*self.gained, *self.lost)) if by == relation}


class PatchDraft:
    """A patch in the making: takes node after node, then freezes."""

    def __init__(self, columns: Columns, patch: Patch) -> None:
        self._columns = columns
        self._size = len(columns) + len(patch.numbers)
        self._nodes = patch.nodes.mutate()
        self._numbers = patch.numbers.mutate()
        self._steps = patch.steps.mutate()
        self._rows = patch.rows.mutate()
        self._gained = patch.gained.mutate()
        self._lost = patch.lost.mutate()

    def number(self, node_id: str) -> Number:
        """The number of an id, a new one where it never had one."""
        known = self._columns.index.get(node_id)
        if known is None:
            known = self._numbers.get(node_id)
        if known is None:
            known = self._numbers[node_id] = Number(self._size)
            self._size += 1
            self._attach(node_id)
        return known

    def put(self, node_id: str, node: AnyNode | None) -> None:
        """Set a node, or take it out with None; O(what it names, before and after)."""
        number = self.number(node_id)
        before = self._row(number)
        after: Row = {} if node is None else self._named(node.kind, node)
        was_argument = number < len(self._columns) and self._columns.target[number] != NONE
        self._nodes[number] = node
        self._rows[number] = after
        self._move(number, before, after)
        if isinstance(node, Argument):
            rank = RANK_OF[node.confidence]
            self._steps[number] = StepNumbers(after["premise_of"], after["targets"][0], SIGN[node.stance], rank)
        elif was_argument or number in self._steps:
            self._steps[number] = VOID

    def freeze(self) -> Patch:
        """The patch as it is now."""
        return Patch(
            self._nodes.finish(),
            self._numbers.finish(),
            self._steps.finish(),
            self._rows.finish(),
            self._gained.finish(),
            self._lost.finish(),
        )

    def _row(self, number: Number) -> Row:
        """What the node at a number names, as the draft has it."""
        found: Row | None = self._rows.get(number)
        if found is not None:
            return found
        if number >= len(self._columns):
            return {}
        return self._named(*self._columns.shape(number))

    def _named(self, kind: Kind, holder: object) -> Row:
        return {relation: tuple([self.number(i) for i in ids]) for relation, ids in named_by(kind, holder)}

    def _move(self, holder: Number, before: Row, after: Row) -> None:
        for relation in {*before, *after}:
            old, new = set(before.get(relation, ())), set(after.get(relation, ()))
            for number in old - new:
                _exchange(self._gained, self._lost, key_of(relation, number), holder)
            for number in new - old:
                _exchange(self._lost, self._gained, key_of(relation, number), holder)

    def _attach(self, node_id: str) -> None:
        """Give an id that becomes a node's to the holders in the columns that have named it all along."""
        for _, holder in self._columns.relations.dangling.get(node_id, ()):
            if holder not in self._rows:
                self._rows[holder] = row = self._named(*self._columns.shape(holder))
                before = {r: tuple(self._columns.relations.of[r].forward[holder]) for r in row}
                self._move(holder, before, row)


def _exchange(away_from: Any, into: Any, key: int, holder: Number) -> None:
    """Undo an entry of the one side, or make one of the other."""
    there = away_from.get(key)
    if there is not None and holder in there:
        there = there.delete(holder)
        if there:
            away_from[key] = there
        else:
            del away_from[key]
    else:
        into[key] = into.get(key, _NOBODY).set(holder, None)


def key_of(relation: Relation, number: Number) -> int:
    """A node beside a relation as one number, by which a patch finds who names it."""
    return number * _RELATIONS + RELATION_CODE[relation]


def parts_of(key: int) -> tuple[Number, Relation]:
    """The node and the relation of a key."""
    number, code = divmod(key, _RELATIONS)
    return Number(number), RELATIONS[code]
