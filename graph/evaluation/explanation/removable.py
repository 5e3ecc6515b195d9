"""What falls with statements, actors or sources: the step from an item to the nodes that a view without it loses."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

from graph.evaluation.explanation.ancestors import Cone
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import STATEMENT

Over = Literal["statements", "actors", "sources"]


class Holders:
    """For each node of a cone the items that carry it, assertion by assertion.

    A node falls when none of its assertions is left; one without assertions is the author's own and stays, and so
    does one with an assertion that names no actor, when actors are taken out.
    """

    def __init__(self, graph: ArgumentGraph, cone: Cone, over: Over) -> None:
        self.cone = cone
        self.names = [graph.id(int(cone.arrays.numbers[n])) for n in cone.nodes]
        self.carriers: list[list[frozenset[str]]] = []
        """For each node one set for each of its assertions: the items that would take that assertion out."""
        if over == "statements":
            kinds = cone.arrays.kinds
            items = (kinds[n] == STATEMENT and i != cone.target for i, n in enumerate(cone.nodes))
            self.carriers = [[frozenset({name})] if item else [] for name, item in zip(self.names, items, strict=True)]
        else:
            self.carriers = list(_carriers(graph, (int(cone.arrays.numbers[n]) for n in cone.nodes), over))
        self._at: dict[str, list[int]] = {}
        for i, sets in enumerate(self.carriers):
            for item in frozenset[str]().union(*sets):
                self._at.setdefault(item, []).append(i)

    def items(self) -> list[str]:
        """Every item that can be taken out, sorted."""
        return sorted(self._at)

    def fallen(self, removed: Collection[str]) -> set[int]:
        """The nodes that have lost every assertion."""
        out = set(removed)
        touched = {i for item in out for i in self._at.get(item, ())}
        return {i for i in touched if all(held & out for held in self.carriers[i])}

    def of(self, nodes: Collection[int]) -> list[str]:
        """Items of which one must be taken out for any of the nodes to fall."""
        found = {item for i in nodes if all(self.carriers[i]) for held in self.carriers[i] for item in held}
        return sorted(found)


def _carriers(graph: ArgumentGraph, numbers: Iterable[int], over: Over) -> Iterator[list[frozenset[str]]]:
    """For each node and each of its assertions the actor committed to it, or the sources that hold it."""
    for number in numbers:
        yield [frozenset(map(graph.id, _held(graph, assertion, over))) for assertion in graph.referrers("of", number)]


def _held(graph: ArgumentGraph, assertion: int, over: Over) -> Sequence[int]:
    if over == "actors":
        return graph.references("spoken_by", assertion)[-1:]
    return [*graph.references("found_in", assertion), *graph.references("cites", assertion)]
