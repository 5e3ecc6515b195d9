"""Originators: how many witnesses there are, however many outlets print what they say."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from graph.reports.reading import Reading
from schemas.actor import Actor
from schemas.assertion import Assertion
from schemas.source import Source


class Originator(NamedTuple):
    """What one witness says, through whatever places."""

    actors: tuple[str, ...]
    """The actors that are, or are perhaps, this witness; empty where nobody is named."""
    places: tuple[Assertion, ...]


def originators(reading: Reading, places: Iterable[Assertion]) -> list[Originator]:
    """The independent witnesses behind assertions, the one with most of them first.

    Cautious: what may be one witness counts as one. Places of one statement are one witness where the same
    actor is committed or two that are probably the same, and where they cite the same source, or sources that
    are probably the same or repeat each other. A passage that another source probably says first
    (`probable_origin`) counts for whoever said it there. Over several statements a witness is told by its actor
    alone: who is perhaps retelling another on one point is not that other on all points.
    """
    by_subject: dict[str, list[Assertion]] = {}
    for place in places:
        by_subject.setdefault(place.of, []).append(place)
    groups = [group for here in by_subject.values() for group in _groups(reading, here)]
    if len(by_subject) < 2:
        found = [Originator(_actors(reading, group), tuple(group)) for group in groups]
    else:
        found = _merged(reading, groups)
    return sorted(found, key=lambda w: (-len(w.places), w.actors, w.places[0].id))


def origin(reading: Reading, place: Assertion) -> str | None:
    """The actor with whom a passage originates, as far as the view tells."""
    chain = [actor for actor in place.probable_origin or place.chain if reading.has(actor)]
    return chain[-1] if chain else None


def _groups(reading: Reading, places: Sequence[Assertion]) -> list[list[Assertion]]:
    """The places of one statement by witness."""
    sets = _Sets()
    for place in places:
        sets.join([place.id, *_marks(reading, place)])
    for one, other in _retold(reading, places):
        sets.join([one.id, other.id])
    found: dict[Hashable, list[Assertion]] = {}
    for place in places:
        found.setdefault(sets.root(place.id), []).append(place)
    return list(found.values())


def _marks(reading: Reading, place: Assertion) -> list[Hashable]:
    """What a place shares with others of the same witness."""
    actor = origin(reading, place)
    marks: list[Hashable] = []
    if actor is not None:
        marks += [("actor", name) for name in (actor, *_alike(reading, actor))]
    if place.cited_source is not None:
        marks += [("source", name) for name in (place.cited_source, *_alike(reading, place.cited_source))]
    return marks or [("source", place.source)]


def _alike(reading: Reading, node_id: str) -> list[str]:
    """What an actor or source is probably the same as, or repeats, as far as the view has it."""
    if not reading.has(node_id):
        return []
    node = reading.node(node_id)
    others: tuple[str, ...] = ()
    if isinstance(node, Actor | Source):
        others = node.same_as + (node.repeats if isinstance(node, Source) else ())
    return [other for other in others if reading.has(other)]


def _retold(reading: Reading, places: Sequence[Assertion]) -> Iterator[tuple[Assertion, Assertion]]:
    """Pairs of places in sources of which one is the other or passes it on, the retelling first.

    Not every pair: enough of them to join all places of both sources, each retelling being the first of one.
    """
    found: dict[str, list[Assertion]] = {}
    for place in places:
        found.setdefault(place.source, []).append(place)
    for source, here in found.items():
        for other in _alike(reading, source):
            there = found.get(other)
            if there:
                yield from product(here, there[:1])
                yield from product(here[:1], there[1:])


def _merged(reading: Reading, groups: Sequence[Sequence[Assertion]]) -> list[Originator]:
    """The groups of several statements by the actor that leads them."""
    sets = _Sets()
    for actor in {name for group in groups for name in _actors(reading, group)}:
        sets.join([actor, *_alike(reading, actor)])
    found: dict[Hashable, list[Assertion]] = {}
    for group in groups:
        leader = _leader(reading, group)
        found.setdefault(group[0].source if leader is None else sets.root(leader), []).extend(group)
    return [
        Originator(tuple(a for a in _actors(reading, group) if sets.root(a) == key), tuple(group))
        for key, group in found.items()
    ]


def _leader(reading: Reading, group: Sequence[Assertion]) -> str | None:
    """The actor that a witness is called by: of the source that is retold, then the one with most places."""
    retelling = {one.id for one, _ in _retold(reading, group)}
    named = [origin(reading, place) for place in group if place.id not in retelling]
    actors = [actor for actor in named if actor is not None] or list(_actors(reading, group))
    counts = Counter(actors)
    return min(counts, key=lambda actor: (-counts[actor], actor), default=None)


def _actors(reading: Reading, group: Iterable[Assertion]) -> tuple[str, ...]:
    named = (origin(reading, place) for place in group)
    return tuple(sorted({actor for actor in named if actor is not None}))


class _Sets:
    """Disjoint sets of anything that hashes."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def root(self, item: Hashable) -> Hashable:
        while (parent := self._parent.setdefault(item, item)) != item:
            self._parent[item] = item = self._parent[parent]
        return item

    def join(self, items: Sequence[Hashable]) -> None:
        for one, other in pairwise(items):
            self._parent[self.root(one)] = self.root(other)
