"""What an actor says and passes on: its assertions in the view by its place in their chains."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.reports.attribution import is_in_its_own_voice, sources_of
from graph.reports.reading import Reading
from graph.reports.sentence import Told, first_of, plain, say
from graph.reports.words import count, joined, number
from graph.snapshot.argument_graph import committed
from graph.snapshot.relations import NONE, Number
from schemas.node import Assertion, Statement

_SPEAKERS = 6


@dataclass(frozen=True)
class Speech:
    """The assertions of statements in which an actor has a part."""

    said: tuple[Assertion, ...]
    """Those that the actor is committed to."""
    relayed: tuple[Assertion, ...]
    """Those in which it passes on another."""
    ascribed: tuple[Assertion, ...]
    """Those that ascribe a thought to it."""

    @property
    def statements(self) -> list[str]:
        """What it is committed to, each once."""
        return list(dict.fromkeys(place.of for place in self.said))


def speech(reading: Reading, actor: str) -> Speech:
    """What an actor says, passes on and is said to think; O(its links)."""
    spoken = _places(reading, reading.graph.holders(actor, ("spoken_by",)))
    thought = _places(reading, reading.graph.holders(actor, ("believed_by",)))
    said = tuple(place for place in spoken if committed(place) == actor)
    return Speech(said, tuple(place for place in spoken if committed(place) != actor), thought)


def passages_leaning(places: Sequence[Assertion]) -> str:
    """How many places there are and which way they lean: "in four passages (three for and one against)"."""
    ways = [place.polarity for place in places]
    counted = [(ways.count("pro"), "for"), (ways.count("con"), "against"), (ways.count("neutral"), "neutral")]
    leaning = [(n, way) for n, way in counted if n]
    passages = count(len(ways), "passage")
    if len(leaning) == 1:
        return f"in {passages} ({'all ' if len(ways) > 1 else ''}{leaning[0][1]})"
    told = number if len(ways) < 13 else "{:,}".format
    return f"in {passages} ({joined([f'{told(n)} {way}' for n, way in leaning])})"


def _places(reading: Reading, ids: Sequence[str]) -> tuple[Assertion, ...]:
    nodes = map(reading.node, ids)
    held = [node for node in nodes if isinstance(node, Assertion) and reading.has(node.of)]
    return tuple(place for place in held if isinstance(reading.node(place.of), Statement))


def heard(reading: Reading, statements: Iterable[str], inside: Container[str] | None = None) -> Iterator[Told]:
    """Who speaks to statements, one sentence for each, those first who say most; `inside` keeps some places."""
    graph, said = reading.graph, dict[Number, list[Number]]()
    passages = reading.every.held(map(graph.number, statements)).places
    speakers = reading.every.speaker[passages].tolist()
    for passage, speaker in zip(passages.tolist(), speakers, strict=True):
        if speaker != NONE and (inside is None or graph.id(passage) in inside):
            said.setdefault(speaker, []).append(passage)
    ordered = sorted(said, key=lambda actor: (-len(said[actor]), graph.id(actor)))
    most = reading.most(_SPEAKERS)
    shown = ordered if len(ordered) <= most + 1 else ordered[:most]
    for actor in shown:
        places = [place for place in map(graph.at, said[actor]) if isinstance(place, Assertion)]
        yield volume(reading, graph.id(actor), places)
    if rest := ordered[len(shown) :]:
        ids = [graph.id(passage) for actor in rest for passage in said[actor]]
        named = first_of([reading.actor(graph.id(a)) for a in rest], _SPEAKERS, "speaker")
        yield say("Less is heard of {}", named).on(*ids)


def volume(reading: Reading, actor: str, said: Sequence[Assertion]) -> Told:
    """An actor with its office, on how many statements it is heard, which way it leans, and through whom."""
    ids = [i for place in said for i in (place.id, place.of, *sources_of(reading, place))]
    told = f"{count(len({place.of for place in said}), 'statement')} {passages_leaning(said)}"
    clauses = [say("{}: {}", reading.names.introduced(actor), told).on(*ids)]
    outlets = sorted({place.chain[0] for place in said if len(place.chain) > 1 and reading.has(place.chain[0])})
    if outlets:
        through = first_of([reading.actor(a) for a in outlets], _SPEAKERS, "outlet")
        every = all(len(place.chain) > 1 for place in said)
        clauses.append(say("; through {}" if every else "; also through {}", through))
    own = [place for place in said if is_in_its_own_voice(reading, place)]
    if own:
        clauses.append(plain(f"; in its own voice in {number(len(own))}", *(place.id for place in own)))
    return clauses
