"""What lies around a node: the nodes of some kinds that links lead to and from, nearest first, up to a number."""

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Literal

from graph.paths.endpoints import numbers_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.links import REFERENCES, REFERENCES_OF
from graph.snapshot.relations import KIND_CODE
from schemas.vocabulary import KINDS, Kind, Relation

Direction = Literal["in", "out", "any"]


class Neighbours:
    """The nodes of some kinds and the links among them, asked node by node."""

    def __init__(self, graph: ArgumentGraph, kinds: frozenset[int]) -> None:
        self.graph = graph
        self.kinds = kinds
        self._stated: dict[Kind, tuple[tuple[Relation, bool, bool], ...]] = {}

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
        for reference in REFERENCES_OF[kind]:
            for other in filter(self.has, graph.references(reference.relation, number)):
                yield reference.relation, other, not reference.inward
        for relation, is_outward, many in self._stated_of(kind):
            for holder in filter(self.has, graph.referrers(relation, number)):
                times = list(graph.references(relation, holder)).count(number) if many else 1
                yield from repeat((relation, holder, is_outward), times)

    def _stated_of(self, kind: Kind) -> tuple[tuple[Relation, bool, bool], ...]:
        """The relations by which nodes of the kinds asked for can name one of a kind: with their direction from there,
        and whether one holder may name one node several times.
        """
        found = self._stated.get(kind)
        if found is None:
            stating = [one for one in REFERENCES if kind in one.names and KIND_CODE[one.holder] in self.kinds]
            each = ((one.relation, one.inward, one.many and not one.distinct) for one in stating)
            found = self._stated[kind] = tuple(dict.fromkeys(each))
        return found

    def focus(self, ids: Iterable[str]) -> list[int]:
        """Where to look from: the nodes themselves where they are of the kinds asked for, else what they stand for."""
        numbers = [number for node_id in ids if (number := self.graph.find(node_id)) is not None]
        others = [self.graph.id(number) for number in numbers if not self.has(number)]
        return [*filter(self.has, numbers), *numbers_of(self.graph, others)]

    def around(
        self, focus: Iterable[int], depth: int | None, budget: int, direction: Direction = "any"
    ) -> tuple[set[int], bool]:
        """The focus and what is within some links of it, breadth first and by id among equals, up to a budget of
        nodes; and whether that left any out. O(links at the nodes given).
        """
        rim = set(filter(self.has, focus))
        shown: set[int] = set()
        while rim:
            room = budget - len(shown)
            if len(rim) > room:
                return shown.union(sorted(rim, key=self.graph.id)[:room]), True
            shown |= rim
            if depth == 0:
                break
            depth = None if depth is None else depth - 1
            rim = set().union(*[self.near(number, direction) for number in rim]) - shown
        return shown, False
