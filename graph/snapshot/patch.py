"""What a snapshot has beyond its columns: persistent maps, so that deriving costs what the edit costs."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from immutables import Map

from graph.snapshot.columns import NONE, Columns
from graph.snapshot.links import Link, links_of
from graph.snapshot.steps import SIGN
from schemas.argument import Argument
from schemas.node import AnyNode
from schemas.vocabulary import CONFIDENCE_RANK

Numbers = tuple[int, ...]


class Step(NamedTuple):
    """An argument's structure by numbers."""

    premises: Numbers
    target: int
    sign: int
    confidence: int


VOID = Step((), NONE, 0, 0)


def _map() -> Any:
    return Map()


@dataclass(frozen=True, slots=True)
class Patch:
    """Differences to the columns; an entry replaces what the columns say of that number."""

    nodes: "Map[int, AnyNode | None]" = field(default_factory=_map)
    """Nodes made or changed; None where one was deleted."""
    numbers: "Map[str, int]" = field(default_factory=_map)
    """Numbers given to ids that the columns do not have; they are never given again."""
    steps: "Map[int, Step]" = field(default_factory=_map)
    outgoing: "Map[int, Numbers]" = field(default_factory=_map)
    incoming: "Map[int, Numbers]" = field(default_factory=_map)
    gained: "Map[str, frozenset[Link]]" = field(default_factory=_map)
    """Links, not of steps, that now refer to an id beyond those that the columns' nodes hold."""
    lost: "Map[str, frozenset[Link]]" = field(default_factory=_map)
    """Links of the columns' nodes that no longer refer to an id."""


class Draft:
    """A patch in the making: takes node after node, then freezes."""

    def __init__(self, columns: Columns, patch: Patch) -> None:
        self._columns = columns
        self._size = len(columns) + len(patch.numbers)
        self._nodes = patch.nodes.mutate()
        self._numbers = patch.numbers.mutate()
        self._steps = patch.steps.mutate()
        self._outgoing = patch.outgoing.mutate()
        self._incoming = patch.incoming.mutate()
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
        return known

    def node(self, number: int) -> AnyNode | None:
        """The node at a number as the draft has it."""
        if number in self._nodes:
            found: AnyNode | None = self._nodes[number]
            return found
        return self._columns.node(number) if number < len(self._columns) else None

    def put(self, node_id: str, node: AnyNode | None) -> None:
        """Set a node, or take it out with None."""
        number = self.number(node_id)
        before = self.node(number)
        self._nodes[number] = node
        self._put_links(node_id, before, node)
        if isinstance(before, Argument) or isinstance(node, Argument):
            self._put_step(number, node if isinstance(node, Argument) else None)

    def freeze(self) -> Patch:
        """The patch as it is now."""
        return Patch(
            self._nodes.finish(),
            self._numbers.finish(),
            self._steps.finish(),
            self._outgoing.finish(),
            self._incoming.finish(),
            self._gained.finish(),
            self._lost.finish(),
        )

    def _put_links(self, node_id: str, before: AnyNode | None, after: AnyNode | None) -> None:
        old, new = _mentions(before), _mentions(after)
        for link in old - new:
            _move(link, link.other(node_id), self._gained, self._lost)
        for link in new - old:
            _move(link, link.other(node_id), self._lost, self._gained)

    def _put_step(self, number: int, argument: Argument | None) -> None:
        before = self._step(number)
        after = VOID
        if argument is not None:
            premises = tuple(self.number(p) for p in argument.premises)
            rank = CONFIDENCE_RANK[argument.confidence]
            after = Step(premises, self.number(argument.target), SIGN[argument.stance], rank)
        self._steps[number] = after
        for premise in set(before.premises) ^ set(after.premises):
            self._toggle(self._outgoing, self._columns.outgoing, premise, number)
        if before.target != after.target:
            for target in (before.target, after.target):
                if target != NONE:
                    self._toggle(self._incoming, self._columns.incoming, target, number)

    def _step(self, number: int) -> Step:
        if number in self._steps:
            found: Step = self._steps[number]
            return found
        c = self._columns
        if number >= len(c) or c.target[number] == NONE:
            return VOID
        return Step(tuple(c.premises[number]), c.target[number], c.sign[number], c.confidence[number])

    def _toggle(self, changed: Any, base: Any, at: int, argument: int) -> None:
        found = changed.get(at)
        if found is None:
            found = tuple(base[at]) if at < len(self._columns) else ()
        changed[at] = tuple(a for a in found if a != argument) if argument in found else (*found, argument)


def _mentions(node: AnyNode | None) -> frozenset[Link]:
    """The links that a node states, except those of a step, which `outgoing` and `incoming` keep."""
    return frozenset() if node is None or isinstance(node, Argument) else frozenset(links_of(node))


def _move(link: Link, at: str, away_from: Any, into: Any) -> None:
    there = away_from.get(at, frozenset())
    if link in there:
        away_from[at] = there - {link}
    else:
        into[at] = into.get(at, frozenset()) | {link}
