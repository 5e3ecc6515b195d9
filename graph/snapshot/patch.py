"""What a snapshot has beyond its columns: persistent maps, so that deriving costs what the edit costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from immutables import Map

from graph.snapshot.adjacency import NONE
from graph.snapshot.columns import Columns
from graph.snapshot.relations import key_of, named_by, parts_of
from graph.snapshot.steps import SIGN
from schemas.argument import Argument
from schemas.node import AnyNode
from schemas.vocabulary import Kind, Relation, rank_of

Numbers = tuple[int, ...]
Row = Mapping[Relation, Numbers]


class StepNumbers(NamedTuple):
    """An argument's structure by numbers."""

    premises: Numbers
    target: int
    sign: int
    confidence: int


VOID = StepNumbers((), NONE, 0, 0)


def _map() -> Any:
    return Map()


@dataclass(frozen=True, slots=True)
class Patch:
    """Differences to the columns; an entry replaces what the columns say of that number."""

    nodes: "Map[int, AnyNode | None]" = field(default_factory=_map)
    """Nodes made or changed; None where one was deleted."""
    numbers: "Map[str, int]" = field(default_factory=_map)
    """Numbers given to ids that the columns do not have; they are never given again."""
    steps: "Map[int, StepNumbers]" = field(default_factory=_map)
    rows: "Map[int, Row]" = field(default_factory=_map)
    """What each changed node names by each of its relations; an empty row for one that was deleted."""
    gained: "Map[int, Map[int, None]]" = field(default_factory=_map)
    """By relation and node (`key_of`) the holders that name it now and did not in the columns."""
    lost: "Map[int, Map[int, None]]" = field(default_factory=_map)
    """By relation and node the holders of the columns that no longer name it."""

    @property
    def outgoing(self) -> set[int]:
        """Numbers whose outgoing arguments differ from those in the columns; O(patch)."""
        return self.renamed("premise_of")

    @property
    def incoming(self) -> set[int]:
        """Numbers whose incoming arguments differ from those in the columns; O(patch)."""
        return self.renamed("targets")

    def renamed(self, relation: Relation) -> set[int]:
        """Numbers that others name by a relation than in the columns; O(patch)."""
        return {number for number, by in map(parts_of, (*self.gained, *self.lost)) if by == relation}


class Draft:
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

    def number(self, node_id: str) -> int:
        """The number of an id, a new one where it never had one."""
        known = self._columns.index.get(node_id)
        if known is None:
            known = self._numbers.get(node_id)
        if known is None:
            known = self._numbers[node_id] = self._size
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
            rank = rank_of(node.confidence)
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

    def _row(self, number: int) -> Row:
        """What the node at a number names, as the draft has it."""
        found: Row | None = self._rows.get(number)
        if found is not None:
            return found
        if number >= len(self._columns):
            return {}
        return self._named(*self._columns.shape(number))

    def _named(self, kind: Kind, holder: object) -> Row:
        return {relation: tuple([self.number(i) for i in ids]) for relation, ids in named_by(kind, holder)}

    def _move(self, holder: int, before: Row, after: Row) -> None:
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


def _exchange(away_from: Any, into: Any, key: int, holder: int) -> None:
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


_NOBODY: Any = Map()
