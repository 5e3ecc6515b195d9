"""How much of a path's strength each step passes on, and what that costs in whole numbers.

A path begins with the credence of its start. An argument passes on the weaker of what reaches it and the credences
of its other premises, times its own credence, times 1, 0.75 or 0.5 for high, medium or low confidence.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import log2

import msgspec

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from schemas.argument import Argument
from schemas.motive import Motive
from schemas.statement import Statement

CERTAINTY = (0.5, 0.75, 1.0)
"""How sure the reading of an argument is, as the part that it passes on, by rank of confidence."""
UNIT = 1 << 40
"""The logarithm of two: the loss of half of the strength."""
_EXACT_UP_TO = 10**6
"""Shares whose numerator and denominator are not larger are taken apart into primes."""


_WEIGHED = (Statement, Motive, Argument)


class _Weight(msgspec.Struct):
    credence: float | None = None


def credence(graph: ArgumentGraph, number: int) -> float:
    """The credence of a statement, motive or argument, read from its document without reading the rest."""
    if graph.patch.nodes and number in graph.patch.nodes:
        changed = graph.at(number)
        return changed.credence if isinstance(changed, _WEIGHED) else 1.0
    columns = graph.columns
    document = columns.documents[number]
    said = msgspec.json.decode(document, type=_Weight).credence if b'"credence"' in document else None
    if said is not None:
        return said
    return 1.0 if columns.kinds[number] == ARGUMENT else 0.5


def ceiling(graph: ArgumentGraph, argument: int, came_from: int) -> float:
    """The credence of the weakest of an argument's premises but one; 1 where there is no other."""
    stated = graph.columns.premises
    if (
        came_from != argument
        and argument not in graph.patch.steps
        and stated.ends[argument] - stated.starts[argument] == 1
    ):
        return 1.0
    return min([credence(graph, p) for p in graph.premises(argument) if p != came_from], default=1.0)


@lru_cache(maxsize=4096)
def loss(part: float) -> int:
    """What passing on a part (not 0) costs: its negative logarithm, in whole numbers so that sums are exact.

    Made of one number for each prime, so that paths of equal strength cost the same: 0.6 twice is 0.4 and 0.9.
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
