"""What something rests on: at least and at most how many independent witnesses, and where outlets hide one."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from graph.evaluation.weights import Originator, originators_of
from graph.reports.places import PlacesHeld
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, first_of, plain, say, together
from graph.reports.words import count, number, verb
from graph.snapshot.relations import NONE, Ints, Number
from schemas.node import Actor

_SHOWN = 4


class Witnesses(NamedTuple):
    """The witnesses behind what is said, and between which numbers of them the truth lies."""

    least: int
    """As many are shown to be independent."""
    most: int
    """As many may there be."""
    found: tuple[Originator, ...]
    """One of each that may be one, with most places first."""
    ids: tuple[str, ...]
    """The assertions, their speakers and sources."""

    def counted(self, noun: str) -> str:
        """The bounds in words: "one witness", "two witnesses", "at least one and at most four witnesses"."""
        if self.least == self.most:
            return count(self.most, noun)
        return f"at least {number(self.least)} and at most {count(self.most, noun)}"


class _Told(NamedTuple):
    """A witness with the positions, among the statements asked about, of what it is behind."""

    one: Originator
    of: Sequence[int]
    """Beside each of its places."""


def witnesses(reading: Reading, statements: Iterable[str]) -> Witnesses:
    """The witnesses behind statements; O(their assertions).

    Those of one statement are told apart as the weights tell them. Over several statements a witness is one speaker,
    with all that are probably the same: who is perhaps retelling another on one point is not that other on all.
    """
    graph, origins = reading.graph, originators_of(reading.graph)
    asked = list(statements)
    held = reading.every.held(map(graph.number, asked))
    if not len(held.places):
        return Witnesses(0, 0, (), ())
    every, telling = _every(reading, asked, held)
    leading: dict[object, list[_Told]] = {}
    for told in every:
        leading.setdefault(_key(reading, told.one), []).append(told)
    most = len(leading)
    least = min(most, max(1, len(origins.independent(telling))))
    joined = [_joined(group) for group in leading.values()]
    found = sorted(joined, key=lambda one: (-len(one.places), graph.id(one.places[0])))
    return Witnesses(least, most, tuple(found), tuple(map(graph.id, reading.every.behind(held.places))))


def _every(reading: Reading, asked: Sequence[str], held: PlacesHeld) -> tuple[list[_Told], list[Originator]]:
    """The witnesses behind each statement, and as many of them as tell how many are shown to be independent.

    Where a statement has one place with a speaker there is nothing to tell apart: those of one speaker are one at once,
    and stand for one another where they rely on the same.
    """
    places, origins = reading.every, originators_of(reading.graph)
    alone = (held.widths[held.of] == 1) & (places.origin[held.places] != NONE)
    every = [
        _Told(one, [position] * len(one.places))
        for position in dict.fromkeys(held.of[~alone].tolist())
        for one in reading.originators(asked[position])
    ]
    telling = [told.one for told in every]
    single, of = held.places[alone], held.of[alone]
    by = places.origin[single]
    order = np.argsort(by, kind="stable")
    bounds = np.flatnonzero(np.diff(by[order], prepend=NONE))
    for some in np.split(order, bounds[1:]) if len(order) else ():
        [first] = origins.behind([Number(int(single[some[0]]))])
        every.append(_Told(first._replace(places=tuple(single[some].tolist())), of[some].tolist()))
    _, firsts = np.unique(np.stack((by, places.other[single], places.cited[single]), axis=1), axis=0, return_index=True)
    telling += [one for n in single[firsts].tolist() for one in origins.behind([n])]
    return every, telling


def _leader(reading: Reading, one: Originator) -> Number | None:
    """The actor that a witness is told by: somebody named before an outlet or a group that may be anybody."""

    def key(actor: Number) -> tuple[bool, str]:
        node = reading.graph.at(actor)
        carries = isinstance(node, Actor) and node.actor_kind in ("outlet", "group")
        return carries, node.id

    return min(one.actors, key=key) if len(one.actors) > 1 else next(iter(one.actors), None)


def _key(reading: Reading, one: Originator) -> object:
    """What tells a witness apart over several statements: its speaker, or the source where nobody is named."""
    leader = _leader(reading, one)
    if leader is not None:
        return originators_of(reading.graph).same(leader)
    return "source", *reading.graph.references("found_in", one.places[0])


def _joined(group: Sequence[_Told]) -> Originator:
    """Some witnesses who are one, in the order of what they are behind."""
    if len(group) == 1:
        return group[0].one
    ordered = sorted(group, key=lambda told: told.of[0])
    places = sorted(((n, place) for told in ordered for n, place in zip(told.of, told.one.places, strict=True)),
                    key=lambda placed: placed[0])  # fmt: skip
    actors = tuple(dict.fromkeys(actor for told in ordered for actor in told.one.actors))
    return Originator(tuple(place for _, place in places), actors, any(told.one.is_traced for told in ordered))


def rests_on(reading: Reading, statements: Sequence[str], subject: str, *, plural: bool) -> Iterator[Phrase]:
    """On how many independent originators statements rest; `subject` begins the sentence."""
    found = witnesses(reading, statements)
    if not found.most:
        return
    named = first_of([witness(reading, one) for one in found.found], _SHOWN, "originator")
    told = found.counted("independent originator") if found.most > 1 else "one originator"
    yield say("{} {} on {}: {}", subject, "rest" if plural else "rests", told, named).on(*found.ids)


def witness(reading: Reading, one: Originator) -> Phrase:
    """An originator by name."""
    names = [reading.actor(reading.graph.id(actor)) for actor in one.actors]
    if not names:
        [source] = reading.graph.references("found_in", one.places[0])
        return say("somebody not named in {}", reading.source(reading.graph.id(source)))
    return names[0] if len(names) == 1 else say("{} (perhaps one)", together(names, last=" with "))


def echoes(reading: Reading, statements: Sequence[str]) -> Iterator[Phrase]:
    """How many statements stand in several sources and have one originator all the same."""
    widths = reading.every.held(map(reading.graph.number, statements)).widths
    several = [statements[n] for n in np.flatnonzero(widths > 1).tolist()]
    shared = [s for s in several if _in_several(reading, reading.passages(s))]
    alone = [s for s in shared if len({_key(reading, one) for one in reading.originators(s)}) == 1]
    if not alone:
        return
    ids = [i for s in shared for i in (s, *map(reading.graph.id, reading.passages(s)))]
    if len(statements) == 1:
        told = "It stands in more than one source and rests on one originator"
    else:
        stands = verb(len(shared), "statement stands", "statements stand")
        told = f"{number(len(shared))} {stands} in more than one source, and {_resting(len(alone), len(shared))}"
    yield plain(f"{told}: two outlets are not two witnesses", *ids)


def _in_several(reading: Reading, passages: Sequence[Number]) -> bool:
    """Whether passages stand in more than one source."""
    return len({s for n in passages for s in reading.graph.references("found_in", n)}) > 1


def _resting(alone: int, shared: int) -> str:
    """How many of those that stand in several sources have one originator each."""
    if alone == shared:
        return "it rests on one originator" if shared == 1 else "each of them rests on one originator"
    if alone == 1:
        return "one of them rests on one originator"
    return f"{number(alone)} of them rest on one originator each"


def counted_sources(reading: Reading, passages: Ints) -> Phrase:
    """The sources that hold passages, with how many each: "EU Today (63) and The Korea Herald (42)"."""
    sources, numbers = np.unique(reading.every.source[passages], return_counts=True)
    held = {reading.graph.id(s): n for s, n in zip(sources.tolist(), numbers.tolist(), strict=True) if s != NONE}
    ordered = sorted(held, key=lambda source: (-held[source], source))
    named = [say("{} ({})", reading.source(s), f"{held[s]:,}") for s in ordered]
    return first_of(named, _SHOWN, "source")
