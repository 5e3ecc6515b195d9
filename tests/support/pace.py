"""How fast the machine is just now: beside other work even a second of the processor holds less than it does alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time, thread_time

USUAL = 0.0016
"""Seconds of CPU that a piece takes on an idle machine of the kind that the tests' bounds were set on."""
_PIECES = 15


def slowness() -> float:
    """How many times as long as usual work takes; at least 1, so that a bound is never stricter than it says.

    Processors share their parts with their neighbours, and a virtual one is charged for time that it does not get.
    Costs some hundredths of a second: ask where a bound seems to be broken, and nowhere else.
    """
    begun = thread_time()
    for _ in range(_PIECES):
        piece()
    return max(1.0, (thread_time() - begun) / (_PIECES * USUAL))


def within(seconds: float, bound: float) -> bool:
    """Whether so many seconds of CPU are within the bound at the pace that the machine has."""
    return seconds < bound or seconds < bound * slowness()


class Spent:
    """Seconds of CPU of the whole process since it was made."""

    def __init__(self) -> None:
        self._begun = process_time()

    @property
    def seconds(self) -> float:
        """Until now."""
        return process_time() - self._begun

    def within(self, bound: float) -> bool:
        """Whether they are within a bound at the pace that the machine has."""
        return within(self.seconds, bound)


@contextmanager
def spending() -> Iterator[Spent]:
    """What is done inside, without looking through what the tests before have left: that may be millions of objects."""
    gc.freeze()
    try:
        yield Spent()
    finally:
        gc.unfreeze()


def piece() -> int:
    """A piece of ordinary work, the same each time."""
    held: dict[int, int] = {}
    total = 0
    for i in range(20_000):
        held[i & 1023] = i
        total += len(held)
    return total
