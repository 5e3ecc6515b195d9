"""A chain: a way on which no node leaves a choice, as on maps that are trees; to follow it is the whole search."""

from collections.abc import Iterator

from graph.budgets import Allowance
from graph.paths.edges import LENGTH, Onward
from graph.paths.k_shortest import Way
from graph.paths.sort_keys import Place


class Chain:
    """The only way from a start to an end, or none."""

    def __init__(self, way: Way | None, length: int, allowance: Allowance) -> None:
        self._way = way
        self._allowance = allowance
        self.bound = length
        """As of `Ways`."""
        self.longest = LENGTH
        """As of `Ways`."""

    def __iter__(self) -> Iterator[tuple[int, Way]]:
        """The way, if there is one, with its length. Raises `OutOfSteps` where it took more than is allowed."""
        self._allowance.spend(self.bound)
        if self._way is not None:
            yield self.bound, self._way


def chain(onward: Onward, start: Place, end: Place, allowance: Allowance) -> Chain | None:
    """The chain from a start, where it comes to the end or ends before; None where a node on it leaves a choice."""
    way: list[Place] = [start]
    seen = {start}
    at, length = start, 0
    while len(moves := onward[at]) == 1:
        argument, at, node, added, _, _ = moves[0]
        length += 1
        if argument in seen or node in seen:
            break
        way += added
        if node == end:
            return Chain(tuple(way), length, allowance)
        seen.update(added)
    else:
        if moves:
            return None
    return Chain(None, length, allowance)
