"""What lies around a node: the nodes of some kinds that links lead to and from, nearest first, up to a number."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import repeat, zip_longest
from typing import Literal

from graph.budgets import EDGES_A_STEP, WHOLE_MAP, Allowance, OutOfSteps
from graph.paths.endpoints import numbers_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.links import REFERENCES, REFERENCES_OF, Reference
from graph.snapshot.relations import KIND_CODE
from schemas.vocabulary import KINDS, Kind, Relation

Direction = Literal["in", "out", "any"]


class Neighbours:
    """The nodes of some kinds and the links among them, of some relations or of all, asked node by node."""

    def __init__(
        self, graph: ArgumentGraph, kinds: frozenset[int], relations: frozenset[Relation] = frozenset()
    ) -> None:
        self.graph = graph
        self.kinds = kinds
        self.relations = relations
        """Empty for all of them."""
        self._stating: dict[Kind, tuple[Reference, ...]] = {}
        self._stated: dict[Kind, tuple[tuple[Relation, bool, bool], ...]] = {}
        self._times: dict[tuple[Relation, int], Counter[int]] = {}

    def has(self, number: int) -> bool:
        """Whether there is a node of the kinds asked for."""
        return self.graph.alive(number) and self.graph.kind(number) in self.kinds

    def near(self, number: int, direction: Direction = "any") -> set[int]:
        """The nodes that links lead to from here, that links lead here from, or both."""
        links = self.links(number)
        return {end for _, end, is_outward in links if direction == "any" or is_outward == (direction == "out")}

    def links(self, number: int) -> Iterator[tuple[Relation, int, bool]]:
        """The links between a node and others of the kinds asked for: by what, with which, and whether it leads there.

        First those that the node's own fields state, then those that others state; O(these).
        """
        graph = self.graph
        kind = KINDS[graph.kind(number)]
        for reference in self._stating_of(kind):
            for other in filter(self.has, graph.references(reference.relation, number)):
                yield reference.relation, other, not reference.inward
        for relation, is_outward, many in self._stated_of(kind):
            for holder in filter(self.has, graph.referrers(relation, number)):
                times = self._times_of(relation, holder)[number] if many else 1
                yield from repeat((relation, holder, is_outward), times)

    def _stating_of(self, kind: Kind) -> tuple[Reference, ...]:
        """The fields by which a node of a kind can name nodes of the kinds asked for."""
        found = self._stating.get(kind)
        if found is None:
            stating = (one for one in REFERENCES_OF[kind] if any(KIND_CODE[named] in self.kinds for named in one.names))
            found = self._stating[kind] = tuple(one for one in stating if self._asks_for(one.relation))
        return found

    def _stated_of(self, kind: Kind) -> tuple[tuple[Relation, bool, bool], ...]:
        """The relations by which nodes of the kinds asked for can name one of a kind: with their direction from there,
        and whether one holder may name one node several times.
        """
        found = self._stated.get(kind)
        if found is None:
            stating = (one for one in REFERENCES if kind in one.names and KIND_CODE[one.holder] in self.kinds)
            each = ((one.relation, one.inward, one.many and not one.distinct) for one in stating)
            found = self._stated[kind] = tuple(dict.fromkeys(one for one in each if self._asks_for(one[0])))
        return found

    def _asks_for(self, relation: Relation) -> bool:
        return not self.relations or relation in self.relations

    def _times_of(self, relation: Relation, holder: int) -> Counter[int]:
        """How often a holder names each node; counted once, however many of them ask."""
        found = self._times.get((relation, holder))
        if found is None:
            found = self._times[relation, holder] = Counter(self.graph.references(relation, holder))
        return found

    def focus(self, ids: Iterable[str]) -> list[int]:
        """Where to look from: the nodes themselves where they are of the kinds asked for, else what they stand for."""
        numbers = [number for node_id in ids if (number := self.graph.find(node_id)) is not None]
        others = [self.graph.id(number) for number in numbers if not self.has(number)]
        return [*filter(self.has, numbers), *numbers_of(self.graph, others)]

    def around(
        self,
        focus: Iterable[int],
        depth: int | None,
        most: int,
        direction: Direction = "any",
        allowance: Allowance | None = None,
    ) -> tuple[set[int], bool]:
        """The focus and what is within some links of it, breadth first and by id among equals, up to so many nodes;
        and whether that, or the allowance, left any out. O(links at the nodes given).

        Where not all of one distance have room, each argument comes with its premises and target, as far as they lie
        within the distance: an argument alone says nothing.
        """
        rim = set(filter(self.has, focus))
        shown: set[int] = set()
        last: set[int] = set()
        allowance = allowance or Allowance(WHOLE_MAP)
        while rim:
            room = most - len(shown)
            if len(rim) > room:
                further_allowed = depth is None or depth > 0
                return self._filled(shown - last, last, rim, most, beyond=further_allowed), True
            shown |= rim
            last = rim
            if depth == 0:
                break
            depth = None if depth is None else depth - 1
            further: set[int] = set()
            try:
                for number in rim:
                    near = self.near(number, direction)
                    allowance.spend(1 + len(near) // EDGES_A_STEP)
                    further |= near
            except OutOfSteps:
                return shown, True
            rim = further - shown
        return shown, False

    def _filled(self, shown: set[int], last: set[int], rim: set[int], most: int, *, beyond: bool) -> set[int]:
        """What is shown with as much of the last two distances as has room: arguments with what they are between.

        `beyond` says whether what lies one link further may come along.
        """
        argument = KIND_CODE["argument"]
        found = shown | {number for number in last if self.graph.kind(number) != argument}
        waiting = [*self._in_turn(last), *self._in_turn(rim)]
        near = shown | last | rim
        for number in waiting:
            if self.graph.kind(number) == argument:
                ends = {end for end in self._ends(number) if beyond or end in near}
                if len(found) + len((ends | {number}) - found) <= most:
                    found |= ends | {number}
        for number in waiting:
            if len(found) >= most:
                break
            found.add(number)
        return found

    def _in_turn(self, numbers: set[int]) -> Iterator[int]:
        """Nodes by id, of the arguments those for and those against in turn: neither side is cut before the other."""
        ordered = sorted(numbers, key=self.graph.id)
        sides = ([n for n in ordered if self.graph.sign(n) == sign] for sign in (1, -1))
        yield from (n for pair in zip_longest(*sides) for n in pair if n is not None)
        yield from (n for n in ordered if self.graph.sign(n) == 0)

    def _ends(self, argument: int) -> Iterator[int]:
        """The premises and the target of an argument, of the kinds asked for."""
        return filter(self.has, (*self.graph.premises(argument), self.graph.target(argument)))
