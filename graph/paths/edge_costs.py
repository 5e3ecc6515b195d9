"""The strength of a path as costs of its edges, so that the strongest path is the cheapest one.

A path begins with the credence of its start. An argument passes on the weaker of what reaches it and the credences
of its other premises, times its own credence, times 1, 0.75 or 0.5 for high, medium or low confidence. A product is
a sum of logarithms, as for most reliable paths; the "weaker of" is a floor under the sum.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from heapq import nsmallest
from math import log2

import msgspec

from graph.paths.search_graph import STEPS, Computed, Edge, Edges, SortKey, SortKeys, State
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import credence_of
from graph.snapshot.columns import ARGUMENT

PASSED_ON = (0.5, 0.75, 1.0)
"""How much an argument passes on by the rank of its confidence."""
UNIT = 1 << 40
"""The logarithm of two: the cost of losing half of the strength."""
_EXACT_UP_TO = 10**6
"""Shares whose numerator and denominator are not larger are taken apart into primes."""


class _Weight(msgspec.Struct):
    credence: float | None = None


def credence(graph: ArgumentGraph, number: int) -> float:
    """The credence of a statement, motive or argument, read from its document without reading the rest."""
    if graph.patch.nodes and number in graph.patch.nodes:
        return credence_of(graph.at(number))
    columns = graph.columns
    document = columns.documents[number]
    said = msgspec.json.decode(document, type=_Weight).credence if b'"credence"' in document else None
    if said is not None:
        return said
    return 1.0 if columns.kinds[number] == ARGUMENT else 0.5


class WeakestPremises:
    """The two weakest premises of arguments, so that asking for all of its premises costs O(premises) and not its
    square.
    """

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._two: dict[int, tuple[int, float, float]] = {}
        """The weakest premise of an argument, its credence, and the next one's."""

    def other(self, argument: int, came_from: int) -> float:
        """The credence of the weakest of an argument's premises but one; 1 where there is no other."""
        graph, stated = self._graph, self._graph.columns.premises
        if (
            came_from != argument
            and argument not in graph.patch.steps
            and stated.ends[argument] - stated.starts[argument] == 1
        ):
            return 1.0  # most arguments have one premise: nothing is to be read
        if argument not in self._two:
            weights = ((credence(graph, premise), premise) for premise in graph.premises(argument))
            (least, at), *others = nsmallest(2, weights)
            self._two[argument] = at, least, others[0][0] if others else 1.0
        at, least, next_one = self._two[argument]
        return next_one if came_from == at else least


class EdgeCosts:
    """What the edges of one snapshot cost: a loss of strength, and below that a step.

    No edge leads on from no strength at all: the logarithm of 0 is no number.
    """

    def __init__(self, graph: ArgumentGraph, keys: SortKeys) -> None:
        self._graph = graph
        self._number = keys.number
        self._weakest = WeakestPremises(graph)
        self._cost: dict[SortKey, int | None] = {}

    def of_start(self, key: SortKey) -> int | None:
        """What a path has lost before its first edge; None where that is all."""
        number = self._number(key)
        return 0 if self._graph.kind(number) == ARGUMENT else _cost(credence(self._graph, number))

    def of(self, argument: SortKey) -> int | None:
        """The cost of an edge by this argument; None where it passes nothing on."""
        if argument not in self._cost:
            number = self._number(argument)
            own, read = _cost(credence(self._graph, number)), _cost(PASSED_ON[self._graph.confidence(number)])
            self._cost[argument] = None if own is None or read is None else own + read + 1
        return self._cost[argument]

    def floor(self, origin: SortKey, argument: SortKey) -> int | None:
        """What a path is taken to have lost at least before an edge by this argument; None where that is all."""
        return _cost(self._weakest.other(self._number(argument), self._number(origin)))

    def edges(self, plain: Edges) -> Edges:
        """The edges of the plain search space with their costs and floors."""

        def costed(at: State) -> Iterator[Edge]:
            for argument, reached, node, added, _, _ in plain[at]:
                by = argument if len(added) > 1 else at
                cost, floor = self.of(by), self.floor(at, by)
                if cost is not None and floor is not None:
                    yield argument, reached, node, added, cost, floor

        return Computed(lambda at: tuple(costed(at)))


def _cost(part: float) -> int | None:
    return loss(part) * (STEPS + 1) if part > 0 else None


@lru_cache(maxsize=4096)
def loss(part: float) -> int:
    """What passing on a part (not 0) costs: its negative logarithm, in whole numbers so that sums are exact.

    Made of one number for each prime, so that paths of equal strength cost the same: 0.6 twice is 0.4 and 0.9.
    With logarithms as floats, rounding would decide the order of equals.
    """
    ratio = Fraction(str(part))
    if max(ratio.denominator, ratio.numerator) > _EXACT_UP_TO:
        return max(0, round(-log2(part) * UNIT))
    return log_of(ratio.denominator) - log_of(ratio.numerator)


@lru_cache(maxsize=4096)
def log_of(number: int) -> int:
    """The binary logarithm of a number, in units: the sum of those of its primes."""
    return sum(map(_log, _primes(number)))


@lru_cache(maxsize=4096)
def _log(prime: int) -> int:
    return round(log2(prime) * UNIT)


def _primes(number: int) -> Iterator[int]:
    factor = 2
    while factor * factor <= number:
        while number % factor == 0:
            yield factor
            number //= factor
        factor += 1
    if number > 1:
        yield number
