"""Statements that say something like a passage of a text: by the words that they share, the rarer the more."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from graph.search.folding import folded
from graph.search.near_duplicates import Likeness, compares
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import STATEMENT, Columns
from schemas.statement import Statement

_AT_MOST = 5
_ALIKE = 0.15
"""Cosine below which two texts only share words that many have."""
_STEM = 5
"""Letters of a word that count, so that its forms meet (deploy, deployed, deployment)."""
_KEPT = "words of statements"


class _Said(msgspec.Struct):
    text: str


class _Words(NamedTuple):
    """The statements of a map's columns by their words."""

    numbers: list[int]
    postings: dict[str, list[int]]
    """Places in `numbers`, by word."""
    sizes: list[float]
    """Lengths of the statements' vectors."""


def related_statements(graph: ArgumentGraph, passage: str) -> list[Likeness]:
    """Statements that are about what a passage says, the likest first; tf-idf and cosine.

    O(statements that share a word with it), once the words of a snapshot's statements are known. None where a map has
    more statements than texts are compared of.
    """
    if not compares(graph):
        return []
    words = _words_of(graph.columns)
    wanted = Counter(_stems(passage))
    weights = {stem: count * _rarity(words, stem) for stem, count in wanted.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    shared: defaultdict[int, float] = defaultdict(float)
    for stem, weight in weights.items():
        for place in words.postings.get(stem, ()):
            shared[place] += weight * _rarity(words, stem)
    scores = {words.numbers[place]: dot / (length * words.sizes[place]) for place, dot in shared.items()}
    for number, node in graph.patch.nodes.items():  # what was written since the columns were built
        scores.pop(number, None)
        if isinstance(node, Statement):
            scores[number] = _score(words, weights, length, node.text)
    alive = [(score, number) for number, score in scores.items() if score >= _ALIKE and graph.alive(number)]
    best = sorted(alive, key=lambda one: (-one[0], graph.id(one[1])))[:_AT_MOST]
    nodes = [(round(score, 3), graph.at(number)) for score, number in best]
    return [Likeness(node.id, node.text, score) for score, node in nodes if isinstance(node, Statement)]


def _score(words: _Words, weights: dict[str, float], length: float, text: str) -> float:
    own = [_rarity(words, stem) for stem in set(_stems(text))]
    size = math.sqrt(sum(one * one for one in own)) or 1.0
    return sum(weights.get(stem, 0.0) * _rarity(words, stem) for stem in set(_stems(text))) / (length * size)


def _rarity(words: _Words, stem: str) -> float:
    return math.log((len(words.numbers) + 1) / (len(words.postings.get(stem, ())) + 1)) + 0.1


def _stems(text: str) -> Iterable[str]:
    return (word[:_STEM] for word in folded(text).split())


def _words_of(columns: Columns) -> _Words:
    found = columns.memo.get(_KEPT)
    if not isinstance(found, _Words):
        numbers = columns.of_kind(STATEMENT)
        stems = [set(_stems(msgspec.json.decode(columns.documents[n], type=_Said).text)) for n in numbers]
        postings: dict[str, list[int]] = {}
        for place, own in enumerate(stems):
            for stem in own:
                postings.setdefault(stem, []).append(place)
        found = _Words(list(numbers), postings, [])
        sizes = (math.sqrt(sum(_rarity(found, stem) ** 2 for stem in own)) or 1.0 for own in stems)
        found = columns.memo[_KEPT] = found._replace(sizes=list(sizes))
    return found
