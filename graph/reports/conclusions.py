"""What a map is about: the conclusions that its arguments end in, those first that its question asks about."""

import re
from typing import NamedTuple

from graph.reports.reading import Reading
from graph.search.words import folded
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.relations import KIND_CODE, Number
from schemas.node import label

_STEM = 5
"""Letters by which two forms of a word are told to be one."""
_ASKED = 0.5
"""The share of a question's words from which a text answers it."""
_WORD_FOR_WORD = 0.8
"""The share from which a text is what is asked about, whatever else was constructed."""
_SMALL = frozenset(
    {"the", "and", "does", "did", "for", "was", "were", "has", "have", "had", "are", "that", "this", "with", "what"}
    | {"why", "how", "who", "which", "when", "its", "from", "into", "than", "should", "would", "will", "can", "could"}
)
_DRESSED = re.compile(rb"\\u|[A-Za-z]\.[A-Za-z]")
"""What is folded into other letters than it is stored in: letters by their number, and abbreviations."""
_PLAIN = re.compile("[a-z]+")
_CODES = (KIND_CODE["statement"], KIND_CODE["motive"])


class Conclusions(NamedTuple):
    """What a map argues for in the end."""

    found: list[str]
    """All of it, what the map's question asks about first."""
    main: list[str]
    """What to tell about: the constructed ones that lead no further, else the first of all."""


def conclusions(reading: Reading, most: int) -> Conclusions:
    """What the map argues for in the end, and of it the `most` to tell about; O(nodes + texts).

    Nodes that something bears on and that bear on nothing themselves, or, where each leads on to another, all that
    something bears on. What has the question's words, nearly all, comes first; then conclusions that the analyst
    constructed, then those that have most of the question's words, then those with most arguments.
    """
    graph, asked = reading.graph, _Asked(reading.graph)
    argued = [n for n in graph.numbers() if graph.kind(n) in _CODES and graph.incoming(n)]
    ends = {n for n in argued if not graph.outgoing(n)}
    made = set(map(graph.number, reading.conclusions))

    def key(number: Number) -> tuple[bool, bool, bool, bool, float, int, str]:
        share = asked.share(number)
        return (
            share < _WORD_FOR_WORD, number not in made, share < _ASKED, number not in ends, -share,
            -len(graph.incoming(number)), graph.id(number),
        )  # fmt: skip

    chosen = [n for n in argued if n in ends or not ends or n in made or asked.is_met(n)]
    ordered = sorted(chosen, key=key)
    built = [n for n in ordered if reading.constructed(graph.id(n))]
    meant = [n for n in ordered[:1] if asked.share(n) >= _WORD_FOR_WORD]
    last = [n for n in built if not graph.outgoing(n) and n not in meant]
    last = [*meant, *last] if last else []
    main = last or [n for n in ordered if asked.is_met(n)][:1] or built or ordered
    return Conclusions([graph.id(n) for n in ordered], [graph.id(n) for n in main[:most]])


def asked_about(graph: ArgumentGraph) -> str | None:
    """The statement whose words are most the question's; None where none has any of them."""
    asked = _Asked(graph)
    best = min(((-asked.share(n), graph.id(n)) for n in graph.numbers("statement")), default=(0.0, ""))
    return best[1] if best[0] < 0 else None


class _Asked:
    """How much of a map's question the nodes have in their words."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._stems = _stems(graph.header.question)
        self._plain = [stem.encode() for stem in self._stems] if all(map(_PLAIN.fullmatch, self._stems)) else None
        self._shares: dict[Number, float] = {}

    def is_met(self, number: Number) -> bool:
        """Whether a node answers the question."""
        return self._at_most(number) >= _ASKED and self.share(number) >= _ASKED

    def share(self, number: Number) -> float:
        """The share of the question's words that a node's text has."""
        if not self._at_most(number):
            return 0.0
        if number not in self._shares:
            self._shares[number] = len(self._stems & _stems(label(self._graph.at(number)))) / len(self._stems)
        return self._shares[number]

    def _at_most(self, number: Number) -> float:
        """A share that is not exceeded, told from what is stored: folding a text costs a hundred times as much."""
        if not self._stems:
            return 0.0
        stored = self._graph.stored(number)
        if self._plain is None or not stored.isascii() or _DRESSED.search(stored):
            return 1.0
        lowered = stored.lower()
        return sum(stem in lowered for stem in self._plain) / len(self._plain)


def _stems(text: str) -> frozenset[str]:
    words = folded(text).split()
    return frozenset(word[:_STEM] for word in words if len(word) > 2 and word not in _SMALL)
