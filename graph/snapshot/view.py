"""A view: a snapshot narrowed by filters, as the domain's section on views decides what stays."""

from collections.abc import Iterable
from typing import NamedTuple

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import KIND_CODE, MOTIVE
from graph.snapshot.derived import committed
from graph.snapshot.links import links_of
from schemas.assertion import Assertion
from schemas.query import ViewQuery
from schemas.statement import Statement
from schemas.vocabulary import CONFIDENCE_RANK

_SPEAKERS = {KIND_CODE["actor"], KIND_CODE["source"]}


class Views(NamedTuple):
    """One side of a hypothetical question: the view, and the same without its filters."""

    view: ArgumentGraph
    whole: ArgumentGraph


def narrow(graph: ArgumentGraph, query: ViewQuery) -> ArgumentGraph:
    """The snapshot that passes every filter of the query; O(nodes + links), the graph itself without filters."""
    return _ViewFilter(graph, query).kept() if query.narrows else graph


class _ViewFilter:
    """Decides step by step what stays; an assertion falls with what it asserts."""

    def __init__(self, graph: ArgumentGraph, query: ViewQuery) -> None:
        self.graph = graph
        self.query = query
        self.out = {n for n in map(graph.find, query.without) if n is not None}
        self.subjects: dict[str, list[int]] = {}
        """Assertions in the map by what they assert."""

    def kept(self) -> ArgumentGraph:
        said = self._assertions()
        points = self._statements(said) | self._motives()
        steps = self._arguments(points, said)
        graph = self.graph
        carried = {n for n in said if graph.find(_assertion(graph, n).of) in points | steps}
        return graph.only(points | steps | carried | self._named(carried, points))

    def _assertions(self) -> set[int]:
        kept = set()
        for number in self.graph.numbers("assertion"):
            node = _assertion(self.graph, number)
            self.subjects.setdefault(node.of, []).append(number)
            if number not in self.out and self._passes(node):
                kept.add(number)
        return kept

    def _passes(self, node: Assertion) -> bool:
        query, speaker = self.query, committed(node)
        places = {node.source, node.cited_source}
        return (
            (not query.sources or not places.isdisjoint(query.sources))
            and (not query.actors or speaker is None or speaker in query.actors)
            and (query.basis == "all" or node.basis != "inferred")
            and places.isdisjoint(query.without)
            and speaker not in query.without
        )

    def _still_said(self, node_id: str, said: set[int]) -> bool:
        """Whether one of its assertions stays, or it has none in the map."""
        all_of_it = self.subjects.get(node_id)
        return not all_of_it or any(n in said for n in all_of_it)

    def _statements(self, said: set[int]) -> set[int]:
        wanted = set(self.query.motives)
        kept = set()
        for number in self.graph.numbers("statement"):
            if number in self.out or not self._still_said(self.graph.id(number), said):
                continue
            if not wanted or self._concerns(number, wanted):
                kept.add(number)
        return kept

    def _concerns(self, number: int, wanted: set[str]) -> bool:
        node = self.graph.at(number)
        return isinstance(node, Statement) and (
            node.origin == "constructed" or any(c.motive in wanted for c in node.concerns)
        )

    def _motives(self) -> set[int]:
        named = self.query.motives
        return {
            n for n in self.graph.numbers("motive") if n not in self.out and (not named or self.graph.id(n) in named)
        }

    def _arguments(self, points: set[int], said: set[int]) -> set[int]:
        graph, least = self.graph, CONFIDENCE_RANK[self.query.min_confidence]
        standing = {
            n
            for n in graph.numbers("argument")
            if n not in self.out
            and graph.confidence(n) >= least
            and points.issuperset(graph.premises(n))
            and self._still_said(graph.id(n), said)
        }
        waiting = list(standing)
        while waiting:  # an undercut falls with the argument that it attacks, and so on
            number = waiting.pop()
            target = graph.target(number)
            if number in standing and target not in points and target not in standing:
                standing.discard(number)
                waiting.extend(graph.incoming(number))
        return standing

    def _named(self, said: Iterable[int], points: Iterable[int]) -> set[int]:
        """Actors and sources that a remaining assertion or motive names."""
        graph = self.graph
        motives = (n for n in points if graph.kind(n) == MOTIVE)
        found = set()
        for holder in (*said, *motives):
            node = graph.at(holder)
            others = (graph.find(link.other(node.id)) for link in links_of(node))
            found |= {n for n in others if n is not None and graph.kind(n) in _SPEAKERS}
        return found - self.out


def _assertion(graph: ArgumentGraph, number: int) -> Assertion:
    node = graph.at(number)
    if not isinstance(node, Assertion):
        raise TypeError(f"{node.id!r} is no assertion")
    return node
