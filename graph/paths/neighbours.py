"""What lies around a node: the nodes of some kinds that links lead to and from, nearest first, up to a number."""

from collections.abc import Iterable, Iterator
from typing import Literal

from graph.paths.endpoints import numbers_of
from graph.paths.references import referring
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT, NONE
from graph.snapshot.links import Link, links_of

Direction = Literal["in", "out", "any"]


class Neighbours:
    """The nodes of some kinds and the links among them, asked node by node."""

    def __init__(self, graph: ArgumentGraph, kinds: frozenset[int]) -> None:
        self.graph = graph
        self.kinds = kinds

    def has(self, number: int) -> bool:
        """Whether there is a node of the kinds asked for."""
        return number != NONE and self.graph.kind(number) in self.kinds

    def near(self, number: int, direction: Direction = "any") -> set[int]:
        """The nodes that links lead to from here, that links lead here from, or both."""
        graph, found = self.graph, set()
        if direction != "in":
            found |= {*graph.outgoing(number), graph.target(number)}
        if direction != "out":
            found |= {*graph.incoming(number), *self.premises(number)}
        for link in self.other_links(number):
            if direction == "any" or (link.source == graph.id(number)) == (direction == "out"):
                found.add(self.end(link, number))
        return set(filter(self.has, found))

    def premises(self, number: int) -> Iterable[int]:
        """The premises of an argument; nothing of any other node."""
        return self.graph.premises(number) if self.graph.kind(number) == ARGUMENT else ()

    def other_links(self, number: int) -> Iterator[Link]:
        """The links of a node that are not of steps: its own, and those of nodes that refer to it."""
        graph = self.graph
        if graph.kind(number) != ARGUMENT:
            yield from links_of(graph.at(number))
        yield from referring(graph, number, self.kinds)

    def end(self, link: Link, number: int) -> int:
        """The other end of a link, NONE where it is not in the snapshot."""
        found = self.graph.find(link.other(self.graph.id(number)))
        return NONE if found is None else found

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
