"""What an actor says and passes on: its assertions in the view by its place in their chains."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.reports.reading import Reading
from graph.reports.words import count, joined, number, verb
from graph.snapshot.derived import committed
from schemas.assertion import Assertion
from schemas.statement import Statement


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
    """How many places there are and which way they lean: "in four passages, of which three lean pro and one con"."""
    ways = [place.polarity for place in places]
    counted = [(ways.count("pro"), "pro"), (ways.count("con"), "con"), (ways.count("neutral"), "neither way")]
    leaning = [(n, way) for n, way in counted if n]
    if len(leaning) == 1:
        return f"in {count(len(ways), 'passage')}, which {verb(len(ways), 'leans', 'lean')} {leaning[0][1]}"
    told = number if len(ways) < 13 else "{:,}".format
    (first, way), *others = leaning
    parts = [f"{told(first)} {verb(first, 'leans', 'lean')} {way}", *(f"{told(n)} {way}" for n, way in others)]
    return f"in {count(len(ways), 'passage')}, of which {joined(parts)}"


def _places(reading: Reading, ids: Sequence[str]) -> tuple[Assertion, ...]:
    nodes = map(reading.node, ids)
    held = [node for node in nodes if isinstance(node, Assertion) and reading.has(node.of)]
    return tuple(place for place in held if isinstance(reading.node(place.of), Statement))
