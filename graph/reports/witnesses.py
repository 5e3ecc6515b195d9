"""What something rests on: at least and at most how many independent witnesses, and where outlets hide one."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from graph.evaluation.originators import Originator, originators_of
from graph.reports.attribution import sources_of
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, first_of, plain, say, together
from graph.reports.words import count, number, verb
from schemas.actor import Actor
from schemas.assertion import Assertion

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


def witnesses(reading: Reading, statements: Iterable[str]) -> Witnesses:
    """The witnesses behind statements; O(their assertions).

    Those of one statement are told apart as the weights tell them. Over several statements a witness is one speaker,
    with all that are probably the same: who is perhaps retelling another on one point is not that other on all.
    """
    graph, origins = reading.graph, originators_of(reading.graph)
    every: list[Originator] = []
    places: list[Assertion] = []
    for statement in statements:
        here = reading.places(statement)
        if here:
            places += here
            every += origins.behind([graph.number(place.id) for place in here])
    if not every:
        return Witnesses(0, 0, (), ())
    leading: dict[object, list[Originator]] = {}
    for one in every:
        leading.setdefault(_key(reading, one), []).append(one)
    most = len(leading)
    least = min(most, max(1, len(origins.independent(every))))
    joined = [_joined(group) for group in leading.values()]
    found = sorted(joined, key=lambda one: (-len(one.places), graph.id(one.places[0])))
    ids = [i for p in places for i in (p.id, *(a for a in p.chain[-1:] if reading.has(a)), *sources_of(reading, p))]
    return Witnesses(least, most, tuple(found), tuple(dict.fromkeys(ids)))


def _leader(reading: Reading, one: Originator) -> int | None:
    """The actor that a witness is told by: somebody named before an outlet or a group that may be anybody."""

    def key(actor: int) -> tuple[bool, str]:
        node = reading.graph.at(actor)
        carries = isinstance(node, Actor) and node.actor_kind in ("outlet", "group")
        return carries, node.id

    return min(one.actors, key=key, default=None)


def _key(reading: Reading, one: Originator) -> object:
    """What tells a witness apart over several statements: its speaker, or the source where nobody is named."""
    leader = _leader(reading, one)
    if leader is not None:
        return originators_of(reading.graph).same(leader)
    place = reading.node(reading.graph.id(one.places[0]))
    return "source", place.source if isinstance(place, Assertion) else place.id


def _joined(group: Sequence[Originator]) -> Originator:
    places = tuple(place for one in group for place in one.places)
    actors = tuple(dict.fromkeys(actor for one in group for actor in one.actors))
    return Originator(places, actors, any(one.is_traced for one in group))


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
        place = reading.node(reading.graph.id(one.places[0]))
        assert isinstance(place, Assertion)
        return say("somebody not named in {}", reading.source(place.source))
    return names[0] if len(names) == 1 else say("{} (perhaps one)", together(names, last=" with "))


def echoes(reading: Reading, statements: Sequence[str]) -> Iterator[Phrase]:
    """How many statements stand in several sources and have one originator all the same."""
    shared = [s for s in statements if len({place.source for place in reading.places(s)}) > 1]
    alone = [s for s in shared if witnesses(reading, [s]).most == 1]
    if not alone:
        return
    ids = [i for s in shared for i in (s, *(place.id for place in reading.places(s)))]
    if len(statements) == 1:
        told = "It stands in more than one source and rests on one originator"
    else:
        stands = verb(len(shared), "statement stands", "statements stand")
        told = f"{number(len(shared))} {stands} in more than one source, and "
        told += "it rests" if len(shared) == 1 else f"{number(len(alone))} of them {verb(len(alone), 'rests', 'rest')}"
        told += " on one originator"
    yield plain(f"{told}: two outlets are not two witnesses", *ids)


def counted_sources(reading: Reading, places: Iterable[Assertion]) -> Phrase:
    """The sources that hold places, with how many each: "EU Today (63) and The Korea Herald (42)"."""
    held: dict[str, int] = {}
    for place in places:
        held[place.source] = held.get(place.source, 0) + 1
    ordered = sorted((s for s in held if reading.has(s)), key=lambda source: (-held[source], source))
    named = [say("{} ({})", reading.source(s), f"{held[s]:,}") for s in ordered]
    return first_of(named, _SHOWN, "source")
