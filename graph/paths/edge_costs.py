"""Steps priced by what they take from a path's strength, so that the cheapest way is the strongest path."""

from collections.abc import Iterator

from graph.paths.constraints import TermsEntries
from graph.paths.edges import LENGTH, Move, Onward, State
from graph.paths.sort_keys import Place, Places
from graph.paths.step_weights import CERTAINTY, ceiling, credence, loss
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT


class Prices:
    """What steps of one snapshot cost: a loss of strength, and below that a step. Nothing leads on from no strength."""

    def __init__(self, graph: ArgumentGraph, places: Places) -> None:
        self._graph = graph
        self._number = places.number
        self._of: dict[Place, int | None] = {}

    def of_start(self, place: Place) -> int | None:
        """What a path has lost before its first step; None where that is all."""
        number = self._number(place)
        return 0 if self._graph.kind(number) == ARGUMENT else _cost(credence(self._graph, number))

    def of(self, argument: Place) -> int | None:
        """The price of a step by this argument; None where it passes nothing on."""
        if argument not in self._of:
            number = self._number(argument)
            doubt, unsure = _cost(credence(self._graph, number)), _cost(CERTAINTY[self._graph.confidence(number)])
            self._of[argument] = None if doubt is None or unsure is None else doubt + unsure + 1
        return self._of[argument]

    def floor(self, origin: Place, argument: Place) -> int | None:
        """What a path must have lost at least before a step by this argument; None where that is all."""
        return _cost(ceiling(self._graph, self._number(argument), self._number(origin)))


def _cost(part: float) -> int | None:
    return loss(part) * (LENGTH + 1) if part > 0 else None


class PricedOnward(dict[State, tuple[Move, ...]]):
    """Steps onward with their prices, where a state is a place."""

    def __init__(self, onward: Onward, prices: Prices) -> None:
        self._onward = onward
        self._prices = prices

    def __missing__(self, at: State) -> tuple[Move, ...]:
        moves = self[at] = tuple(self._priced(at))
        return moves

    def _priced(self, at: Place) -> Iterator[Move]:
        for argument, reached, node, added, _, _ in self._onward[at]:
            by = argument if len(added) > 1 else at
            price, floor = self._prices.of(by), self._prices.floor(at, by)
            if price is not None and floor is not None:
                yield argument, reached, node, added, price, floor


class PricedAhead(dict[State, tuple[tuple[State, int], ...]]):
    """The states one step ahead, with the price of the step."""

    def __init__(self, onward: Onward) -> None:
        self._onward = onward

    def __missing__(self, state: State) -> tuple[tuple[State, int], ...]:
        found = self[state] = tuple([(move[1], move[4]) for move in self._onward[state]])
        return found


class PricedBehind(dict[State, tuple[tuple[State, int], ...]]):
    """The states one step behind under terms, with the price of the step."""

    def __init__(self, entries: TermsEntries, prices: Prices) -> None:
        self._entries = entries
        self._prices = prices

    def __missing__(self, state: State) -> tuple[tuple[State, int], ...]:
        priced = [(origin, self._prices.of(argument)) for argument, origin in self._entries.of(state)]
        found = self[state] = tuple([(origin, price) for origin, price in priced if price is not None])
        return found
