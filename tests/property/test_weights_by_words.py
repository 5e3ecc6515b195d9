"""What attributed statements weigh, straight from the words of the domain page: networkx tells who hangs together."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations
from math import prod

import networkx as nx
import pytest

from graph.evaluation.weights import originators_of, weight_of
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import Actor, AnyNode, Assertion, Source, Statement
from tests.property.test_weights import whole
from tests.unit.evaluation.maps import HEADER

MANNER = {"asserted": 0.7, "believed": 0.6, "reported": 0.5, "possible": 0.3}
RELIABILITY = {"A": 1, "B": 0.9, "C": 0.75, "D": 0.5, "E": 0.25}
CREDIBILITY = {1: 1, 2: 0.9, 3: 0.75, 4: 0.5, 5: 0.25}
BROAD = ("state", "alliance")
NOBODY = ("outlet", "group")


class Words:
    """A map as the page speaks of it."""

    def __init__(self, nodes: dict[str, AnyNode]) -> None:
        self.actors = {n.id: n for n in nodes.values() if isinstance(n, Actor)}
        self.sources = {n.id: n for n in nodes.values() if isinstance(n, Source)}
        self.said = [n for n in nodes.values() if isinstance(n, Assertion)]
        same = [(a.id, b) for a in self.actors.values() for b in a.same_as]
        close = [(a.id, b) for a in self.actors.values() for b in a.affiliations if not self.is_broad(a.id, b)]
        self.same_actor = joined(self.actors, same)
        self.kin = joined(self.actors, same + close)
        retold = [(s.id, b) for s in self.sources.values() for b in (*s.repeats, *s.same_as)]
        self.story = joined(self.sources, retold)
        self.document = joined(self.sources, retold + [(s.id, b) for s in self.sources.values() for b in s.cited_in])

    def is_broad(self, *actors: str) -> bool:
        return any(self.actors[a].actor_kind in BROAD for a in actors)

    def passage(self, one: Assertion) -> float:
        source, cited = self.sources[one.source], self.sources.get(one.cited_source or "")
        if source.status == "retracted" or (cited and cited.status == "retracted"):
            return 0.0
        reliability = RELIABILITY.get(source.reliability or "", 1)
        return MANNER[one.modality] * reliability * CREDIBILITY.get(one.credibility or 6, 1)

    def speaker(self, one: Assertion) -> str | None:
        chain = one.probable_origin or one.chain
        return chain[-1] if chain else None

    def own_voice(self, one: Assertion) -> bool:
        speaker = self.speaker(one)
        publisher = self.sources[one.source].publisher
        return speaker is None or speaker == publisher or self.actors[speaker].actor_kind == "outlet"

    def is_one_witness(self, one: Assertion, other: Assertion) -> bool:
        a, b = self.speaker(one), self.speaker(other)
        if a and b and self.same_actor[a] == self.same_actor[b]:
            return True
        cited = [self.story[n] for n in (one.cited_source, other.cited_source) if n]
        return len(cited) == 2 and cited[0] == cited[1]

    def witnesses(self, said: list[Assertion]) -> list[list[Assertion]]:
        links = [(x.id, y.id) for x, y in combinations(said, 2) if self.is_one_witness(x, y) or self.unnamed(x, y)]
        links += self.retold(said)
        by_id = {one.id: one for one in said}
        return [[by_id[i] for i in sorted(group)] for group in nx.connected_components(graph_of(by_id, links))]

    def unnamed(self, one: Assertion, other: Assertion) -> bool:
        """Two that nobody is named for, where they rely on the same source: what they cite, else where they stand."""
        places = [self.basis(x) for x in (one, other)]
        return None not in places and places[0] == places[1]

    def basis(self, one: Assertion) -> str | None:
        if one.cited_source:
            return self.story[one.cited_source]
        return None if self.speaker(one) else self.story[one.source]

    def retold(self, said: list[Assertion]) -> list[tuple[str, str]]:
        links = []
        for story in {self.story[one.source] for one in said}:
            told = [one for one in said if self.story[one.source] == story]
            own = [one for one in told if self.own_voice(one)]
            places = {one.source for one in own}
            if len(places) > 1:
                links += [(own[0].id, one.id) for one in own]
            others = [one for one in told if not self.own_voice(one) and one.source not in places]
            if len(places) == 1 and others:
                links += [(others[0].id, one.id) for one in own]
        return links

    def is_named(self, witness: list[Assertion]) -> bool:
        return any((a := self.speaker(one)) and self.actors[a].actor_kind not in NOBODY for one in witness)

    def independent(self, said: list[Assertion]) -> list[list[Assertion]]:
        named = [w for w in self.witnesses(said) if self.is_named(w)]
        speaking = {self.same_actor[a] for w in named for one in w if (a := self.speaker(one))}
        ties = [{mark for one in w for mark in self.marks(one, speaking)} for w in named]
        links = [(i, j) for i, j in combinations(range(len(named)), 2) if ties[i] & ties[j]]
        groups = nx.connected_components(graph_of(range(len(named)), links))
        return [[one for i in group for one in named[i]] for group in groups]

    def marks(self, one: Assertion, speaking: set[str]) -> set[tuple[str, str]]:
        found = set()
        if (actor := self.speaker(one)) is not None:
            found.add(("kin", self.kin[actor]))
            for a in (actor, *self.actors[actor].affiliations):
                if self.is_broad(a) and self.same_actor[a] in speaking:
                    found.add(("broad", self.same_actor[a]))
        if one.alternative_chain:
            found.add(("kin", self.kin[one.alternative_chain[-1]]))
        if one.cited_source:
            found.add(("document", self.document[one.cited_source]))
            authors = self.sources[one.cited_source].author
            found |= {("kin", self.kin[a]) for a in authors if self.actors[a].actor_kind not in NOBODY}
        return found

    def weight(self, statement: Statement) -> float | None:
        if statement.origin == "constructed":
            return None
        if statement.credence is not None:
            return statement.credence
        said = [one for one in self.said if one.of == statement.id]
        if not said and statement.is_open_about_its_origin:
            return 0.5  # nobody says it, so the author does
        if statement.origin == "author" and not statement.is_open_about_its_origin:
            return 0.5
        best = max(map(self.passage, said), default=0.0)
        joint = 1 - prod(1 - max(map(self.passage, group)) for group in self.independent(said))
        return min(0.95, max(best, joint))


def graph_of(nodes: Iterable[object], links: Iterable[tuple[object, object]]) -> nx.Graph:
    found = nx.Graph()
    found.add_nodes_from(nodes)
    found.add_edges_from(links)
    return found


def joined(nodes: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {n: min(group) for group in nx.connected_components(graph_of(nodes, links)) for n in group}


@pytest.mark.parametrize("seed", range(300))
def test_statements_weigh_what_the_page_says(seed: int) -> None:
    nodes = whole(random.Random(seed))
    graph, words = ArgumentGraph.of(HEADER, nodes.values()), Words(nodes)
    for node in nodes.values():
        if isinstance(node, Statement):
            found, expected = weight_of(graph, graph.number(node.id))[0], words.weight(node)
            assert found == (None if expected is None else pytest.approx(expected, abs=1e-9)), node.id


@pytest.mark.parametrize("seed", range(300))
def test_originators_lie_between_those_shown_and_those_possible(seed: int) -> None:
    nodes = whole(random.Random(seed))
    graph, words = ArgumentGraph.of(HEADER, nodes.values()), Words(nodes)
    for node in nodes.values():
        said = [one for one in words.said if one.of == node.id]
        if said:
            most = len(words.witnesses(said))
            least = min(most, max(1, len(words.independent(said))))
            assert originators_of(graph).bounds([graph.number(one.id) for one in said]) == (least, most)
