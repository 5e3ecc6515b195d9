"""Statements that say the same or something like it: nearly equal texts, and those that share rare words."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec
from rapidfuzz import fuzz, process

from graph.budgets import Allowance
from graph.search.words import folded
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import STATEMENT, Columns
from graph.snapshot.relations import SIGN, Number
from schemas.node import AnyNode, Statement, label
from schemas.problem import composed
from schemas.vocabulary import Stance

ALIKE = 0.85
"""Share of a text that must be the same for it to count as nearly the same."""
AT_MOST = 5
COMPARED_AT_MOST = 300_000
"""Statements of a map beyond which texts are not compared: their texts alone would take too much memory."""
_FIRST_LOOK = 70.0
_CLOSER = 10
_LONGEST = 2000
_KEPT = "statements without case"


class Likeness(NamedTuple):
    """A node that is nearly the same as what is written."""

    id: str
    text: str
    score: float


class _Text(msgspec.Struct):
    text: str


class _Texts(NamedTuple):
    """The statements of a map's columns and what they say, without case."""

    numbers: list[Number]
    said: list[str]


def compares(graph: ArgumentGraph) -> bool:
    """Whether the map is of a size at which texts are compared."""
    return len(graph.columns.of_kind(STATEMENT)) + len(graph.patch.nodes) <= COMPARED_AT_MOST


def similar_statements(
    graph: ArgumentGraph, text: str, apart: Callable[[AnyNode], bool] = lambda node: False
) -> list[Likeness]:
    """Statements that say nearly the same, most alike first; O(statements), 25 ms for 100,000 of them.

    `apart` tells which of them are known to be others.
    """
    if not compares(graph):
        return []
    text = composed(text)  # as the statements are kept
    looked = folded(text[:_LONGEST])
    found = [
        Likeness(node.id, node.text, _score(looked, folded(node.text[:_LONGEST])))
        for node in map(graph.at, _candidates(graph, text.casefold()[:_LONGEST]))
        if isinstance(node, Statement) and not apart(node)
    ]
    alike = sorted((one for one in found if one.score >= ALIKE), key=lambda one: (-one.score, one.id))
    return alike[:AT_MOST]


def same_arguments(graph: ArgumentGraph, premises: Iterable[str], target: str, stance: Stance) -> list[Likeness]:
    """Arguments of these premises, this target and this stance, in the order of their ids; O(links of one end)."""
    end = graph.find(target)
    wanted = {graph.find(p) for p in premises}
    if end is None or None in wanted:
        return []
    same = [n for n in graph.incoming(end) if graph.sign(n) == SIGN[stance] and set(graph.premises(n)) == wanted]
    found = sorted(graph.id(n) for n in same)
    return [Likeness(i, label(graph.node(i)), 1.0) for i in found[:AT_MOST]]


def _candidates(graph: ArgumentGraph, wanted: str) -> list[Number]:
    """The statements worth a closer look: those most alike at a first one, which only case is taken out of."""
    old, new = _texts(graph.columns), _patched(graph)
    hits = [(score, n) for score, n in _hits(wanted, old) if n not in graph.patch.nodes] + _hits(wanted, new)
    hits.sort(key=lambda hit: (-hit[0], graph.id(hit[1])))
    return [number for _, number in hits[:_CLOSER]]


def _hits(wanted: str, texts: _Texts) -> list[tuple[float, Number]]:
    found = process.extract(wanted, texts.said, scorer=fuzz.ratio, score_cutoff=_FIRST_LOOK, limit=None)
    return [(score, texts.numbers[place]) for _, score, place in found]


def _patched(graph: ArgumentGraph) -> _Texts:
    """The statements that the patch has beyond the columns or in place of theirs."""
    new = [(n, node.text) for n, node in graph.patch.nodes.items() if isinstance(node, Statement)]
    return _Texts([n for n, _ in new], [text.casefold()[:_LONGEST] for _, text in new])


def _texts(columns: Columns) -> _Texts:
    found = columns.memo.get(_KEPT)
    if not isinstance(found, _Texts):
        numbers = columns.of_kind(STATEMENT)
        whole = b"[" + b",".join(columns.documents[n] for n in numbers) + b"]"
        said = [one.text.casefold()[:_LONGEST] for one in msgspec.json.decode(whole, type=list[_Text])]
        found = columns.memo[_KEPT] = _Texts(numbers, said)
    return found


def _score(one: str, other: str) -> float:
    """How much two folded texts share, in their order."""
    return round(fuzz.ratio(one, other) / 100, 3)


# --- those of a whole map --------------------------------------------------------------------------


_SHARED = 0.6
"""Share of their words that two texts have in common which are alike."""


def alike_texts(texts: Sequence[str], allowance: Allowance) -> Iterator[tuple[int, int, float]]:
    """Places of two texts that say nearly the same, with their likeness, each pair once; equal ones by the first.

    Texts that hold different figures say different things. Only those are compared that share one of their rarer
    words; each comparison is a step of the allowance, beside one for each text. Raises `OutOfSteps` and `Cancelled`.
    """
    said: dict[str, int] = {}
    for place, text in enumerate(texts):
        allowance.spend(1)
        first = said.setdefault(folded(text[:_LONGEST]), place)
        if first != place:
            yield first, place, 1.0
    stems = {text: tuple(dict.fromkeys(_stems(text))) for text in said}
    common = Counter(chain.from_iterable(stems.values()))
    before: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for text, own in stems.items():
        figures = tuple(sorted(word for word in text.split() if any(map(str.isdigit, word))))
        rarest = sorted(own, key=lambda stem: (common[stem], stem))
        looked: set[str] = set()
        for stem in rarest[: len(own) - math.ceil(_SHARED * len(own)) + 1]:
            listed = before[(stem, *figures)]
            for other in listed:
                allowance.spend(1)
                if other not in looked:
                    looked.add(other)
                    score = fuzz.ratio(text, other, score_cutoff=100 * ALIKE)
                    if score:
                        yield said[other], said[text], score / 100
            listed.append(text)


def initials(name: str) -> str:
    """The first letters of a name's words that are written large, folded; nothing where that is a single one."""
    found = [word[0] for word in name.split() if word[0].isupper()]
    return folded("".join(found)) if len(found) > 1 else ""


# --- something like it -----------------------------------------------------------------------------


_AT_MOST = 5
_ALIKE = 0.15
"""Cosine below which two texts only share words that many have."""
_STEM = 5
"""Letters of a word that count, so that its forms meet (deploy, deployed, deployment)."""
_WORDS_KEPT = "words of statements"


class _Said(msgspec.Struct):
    text: str


class _Words(NamedTuple):
    """The statements of a map's columns by their words."""

    numbers: list[Number]
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
            scores[number] = _shared(words, weights, length, node.text)
    alive = [(score, number) for number, score in scores.items() if score >= _ALIKE and graph.alive(number)]
    best = sorted(alive, key=lambda one: (-one[0], graph.id(one[1])))[:_AT_MOST]
    nodes = [(round(score, 3), graph.at(number)) for score, number in best]
    return [Likeness(node.id, node.text, score) for score, node in nodes if isinstance(node, Statement)]


def _shared(words: _Words, weights: dict[str, float], length: float, text: str) -> float:
    own = [_rarity(words, stem) for stem in set(_stems(text))]
    size = math.sqrt(sum(one * one for one in own)) or 1.0
    return sum(weights.get(stem, 0.0) * _rarity(words, stem) for stem in set(_stems(text))) / (length * size)


def _rarity(words: _Words, stem: str) -> float:
    return math.log((len(words.numbers) + 1) / (len(words.postings.get(stem, ())) + 1)) + 0.1


def _stems(text: str) -> Iterable[str]:
    return (word[:_STEM] for word in folded(text).split())


def _words_of(columns: Columns) -> _Words:
    found = columns.memo.get(_WORDS_KEPT)
    if not isinstance(found, _Words):
        numbers = columns.of_kind(STATEMENT)
        stems = [set(_stems(msgspec.json.decode(columns.documents[n], type=_Said).text)) for n in numbers]
        postings: dict[str, list[int]] = {}
        for place, own in enumerate(stems):
            for stem in own:
                postings.setdefault(stem, []).append(place)
        found = _Words(list(numbers), postings, [])
        sizes = (math.sqrt(sum(_rarity(found, stem) ** 2 for stem in own)) or 1.0 for own in stems)
        found = columns.memo[_WORDS_KEPT] = found._replace(sizes=list(sizes))
    return found
