"""What ways are searched on: a snapshot's steps as they are, or as the terms and prices of a question have them."""

from collections.abc import Iterable
from typing import Protocol

from graph.paths.constraints import ARRIVED, Heeding, Terms, TermsAhead, TermsBehind, TermsEntries, TermsOnward
from graph.paths.edge_costs import PricedOnward, Prices
from graph.paths.edges import Near, Onward, State, steps_of
from graph.paths.endpoints import bears_on_nothing, is_ground
from graph.paths.sort_keys import Place
from graph.snapshot.argument_graph import ArgumentGraph


class Ground(Protocol):
    """States, the steps between them, and which of them begin and end a way."""

    onward: Onward
    ahead: Near
    behind: Near

    def first(self, place: Place) -> State:
        """The state of a way that begins at a place."""

    def last(self, places: Iterable[Place]) -> list[State]:
        """The states in which a way may end at one of these places."""

    def place_of(self, state: State) -> Place:
        """Where a state stands."""

    def is_start(self, state: State) -> bool:
        """Whether a way may begin here, where no start is named."""

    def is_end(self, state: State) -> bool:
        """Whether a way may end here, where no end is named."""


class Bare:
    """Where a state is just a place."""

    def __init__(self, graph: ArgumentGraph) -> None:
        steps = steps_of(graph)
        self._graph = graph
        self._number = steps.places.number
        self.onward = steps.onward
        self.ahead = steps.ahead
        self.behind = steps.behind

    def first(self, place: Place) -> State:
        """As `Ground` says."""
        return place

    def last(self, places: Iterable[Place]) -> list[State]:
        """As `Ground` says."""
        return list(places)

    def place_of(self, state: State) -> Place:
        """As `Ground` says."""
        place: Place = state
        return place

    def is_start(self, state: State) -> bool:
        """As `Ground` says."""
        return is_ground(self._graph, self._number(state))

    def is_end(self, state: State) -> bool:
        """As `Ground` says."""
        return bears_on_nothing(self._graph, self._number(state))


class UnderTerms:
    """Where a state is a place with a debt, and steps may have prices."""

    def __init__(self, graph: ArgumentGraph, terms: Terms, prices: Prices | None = None) -> None:
        steps = steps_of(graph)
        heeding = Heeding(graph, steps.places, terms)
        self._graph = graph
        self._number = steps.places.number
        self._terms = terms
        self.entries = TermsEntries(heeding)
        plain = steps.onward if prices is None else PricedOnward(steps.onward, prices)
        self.onward: Onward = TermsOnward(heeding, plain)
        self.ahead: Near = TermsAhead(self.onward)
        self.behind: Near = TermsBehind(self.entries)

    def first(self, place: Place) -> State:
        """As `Ground` says."""
        return self._terms.first(place)

    def last(self, places: Iterable[Place]) -> list[State]:
        """As `Ground` says."""
        return self._terms.last(places)

    def place_of(self, state: State) -> Place:
        """As `Ground` says."""
        place: Place = state[0]
        return place

    def is_start(self, state: State) -> bool:
        """As `Ground` says."""
        place = self.place_of(state)
        return place != ARRIVED and state == self.first(place) and is_ground(self._graph, self._number(place))

    def is_end(self, state: State) -> bool:
        """As `Ground` says."""
        place, debt = state
        return not debt and bears_on_nothing(self._graph, self._number(place))
