"""What falls with statements, actors or sources: the step from an item to the nodes that a view without it loses."""

from collections.abc import Collection
from itertools import chain
from typing import Literal

import msgspec

from graph.evaluation.explanation.ancestors import Cone
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import STATEMENT
from schemas.assertion import Assertion

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
            self.carriers = _carriers(graph, self.names, over)
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


class _Said(msgspec.Struct):
    """The part of an assertion that carries something."""

    of: str
    source: str
    cited_source: str | None = None
    chain: tuple[str, ...] = ()

    def held(self, over: Over) -> frozenset[str]:
        if over == "actors":
            return frozenset(self.chain[-1:])
        return frozenset(s for s in (self.source, self.cited_source) if s is not None)


def _carriers(graph: ArgumentGraph, names: list[str], over: Over) -> list[list[frozenset[str]]]:
    """By one pass over the assertions, partly decoded, so that a large cone costs hardly more than a small one."""
    place = {name: i for i, name in enumerate(names)}
    found: list[list[frozenset[str]]] = [[] for _ in names]
    numbers = [n for n in graph.numbers("assertion") if n not in graph.patch.nodes]
    documents = graph.columns.documents
    stored = msgspec.json.decode(b"[" + b",".join(documents[n] for n in numbers) + b"]", type=list[_Said])
    edited = (n for n in graph.patch.nodes.values() if isinstance(n, Assertion))
    for said in chain(stored, (_Said(n.of, n.source, n.cited_source, n.chain) for n in edited)):
        if said.of in place:
            found[place[said.of]].append(said.held(over))
    return found
