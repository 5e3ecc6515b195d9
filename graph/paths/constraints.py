"""What a question asks of a path beyond its ends: a polarity, nodes to visit, nodes to keep off, arguments as ends."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.paths.edges import Move, Onward, State
from graph.paths.sort_keys import Place, Places
from graph.snapshot.argument_graph import ArgumentGraph

ARRIVED = "arrived"
"""Stands for the place of a path that ends in an argument by one of its premises, without going on to the target."""
_ODD = 1
"""The bit of a debt that is set while an odd number of opposing steps is owed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Conditions on paths. A state under terms is a place with a debt: the polarity and the visits still owed."""

    opposing: bool | None = None
    """The polarity asked for, if any."""
    visits: tuple[frozenset[Place], ...] = ()
    """Of each of these sets one node must be visited."""
    avoided: frozenset[Place] = frozenset()
    starts: frozenset[Place] = frozenset()
    """Arguments among the starts."""
    ends: frozenset[Place] = frozenset()
    """Arguments among the ends."""

    @property
    def dues(self) -> dict[Place, int]:
        """For each node the bits of a debt that visiting it pays."""
        found: dict[Place, int] = {}
        for i, group in enumerate(self.visits, start=1):
            for place in group:
                found[place] = found.get(place, 0) | 1 << i
        return found

    def first(self, place: Place) -> State:
        """The state of a path that begins at a place."""
        owed = sum(1 << i for i, group in enumerate(self.visits, start=1) if place not in group)
        return place, owed | _ODD if self.opposing else owed

    def last(self, places: Iterable[Place]) -> list[State]:
        """The states in which a path may end at one of these places: nothing is owed."""
        found: list[State] = [(place, 0) for place in places]
        return [*found, (ARRIVED, 0)] if self.ends else found


def place_of(state: State) -> Place:
    """The place of a state under terms."""
    place: Place = state[0]
    return place


class Heeding:
    """What it takes to heed terms in either direction."""

    def __init__(self, graph: ArgumentGraph, places: Places, terms: Terms) -> None:
        self.graph = graph
        self.places = places
        self.terms = terms
        self.dues = terms.dues

    def flip(self, argument: Place) -> int:
        """What a step by this argument changes in the polarity owed."""
        if self.terms.opposing is None:
            return 0
        return _ODD if self.graph.sign(self.places.number(argument)) < 0 else 0

    def paid(self, *places: Place) -> int:
        """The bits of a debt that visiting these places pays."""
        bits = 0
        for place in places:
            bits |= self.dues.get(place, 0)
        return bits


class TermsOnward(dict[State, tuple[Move, ...]]):
    """Steps onward under terms."""

    def __init__(self, heeding: Heeding, onward: Onward) -> None:
        self._heeding = heeding
        self._onward = onward

    def __missing__(self, state: State) -> tuple[Move, ...]:
        moves = self[state] = () if state[0] == ARRIVED else tuple(self._moves(*state))
        return moves

    def _moves(self, at: Place, debt: int) -> Iterator[Move]:
        heeding = self._heeding
        avoided, ends = heeding.terms.avoided, heeding.terms.ends
        for argument, _, node, added, price, floor in self._onward[at]:
            by = argument if len(added) > 1 else at
            if by in avoided:
                continue
            if by in ends and by != at:  # an id comes before all that it begins
                yield by, (ARRIVED, debt & ~heeding.paid(by)), by, (by,), price, floor
            if node not in avoided:
                left = debt & ~heeding.paid(argument, node) ^ heeding.flip(by)
                yield argument, (node, left), node, added, price, floor


class TermsAhead(dict[State, tuple[State, ...]]):
    """The states one step ahead under terms."""

    def __init__(self, onward: Onward) -> None:
        self._onward = onward

    def __missing__(self, state: State) -> tuple[State, ...]:
        found = self[state] = tuple([move[1] for move in self._onward[state]])
        return found


class TermsBehind(dict[State, tuple[State, ...]]):
    """The states one step behind under terms."""

    def __init__(self, entries: "TermsEntries") -> None:
        self._entries = entries

    def __missing__(self, state: State) -> tuple[State, ...]:
        found = self[state] = tuple([origin for _, origin in self._entries.of(state)])
        return found


class TermsEntries:
    """Steps back under terms."""

    def __init__(self, heeding: Heeding) -> None:
        self._heeding = heeding

    def of(self, state: State) -> Iterator[tuple[Place, State]]:
        """The arguments that lead to a state, each with each state that a path may come to it from."""
        return self._entries(*state)

    def _entries(self, at: Place, debt: int) -> Iterator[tuple[Place, State]]:
        heeding = self._heeding
        avoided = heeding.terms.avoided
        for argument, origin in self._plain(at):
            if argument in avoided or origin in avoided:
                continue
            node = argument if at == ARRIVED else at
            paid = heeding.paid(node) if argument == origin else heeding.paid(node, argument)
            if debt & paid:
                continue
            owed = debt if at == ARRIVED else debt ^ heeding.flip(argument)
            for part in _parts(paid):
                if not (owed | part) & heeding.paid(origin):
                    yield argument, (origin, owed | part)

    def _plain(self, at: Place) -> Iterator[tuple[Place, Place]]:
        heeding = self._heeding
        graph, places = heeding.graph, heeding.places
        arguments = map(places.number, heeding.terms.ends) if at == ARRIVED else graph.incoming(places.number(at))
        for number in arguments:
            argument = places.place(number)
            for premise in graph.premises(number):
                yield argument, places.place(premise)
            if at != ARRIVED and (argument in heeding.terms.starts or graph.incoming(number)):
                yield argument, argument


def _parts(bits: int) -> Iterator[int]:
    """Every set of bits within these; nearly always none or one."""
    part = bits
    while part:
        yield part
        part = part - 1 & bits
    yield 0
