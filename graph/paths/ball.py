"""A ball: everything within some steps of where it began, with the distance of each."""

from collections.abc import Iterable
from itertools import chain

from graph.budgets import Allowance
from graph.paths.edges import Near, State


class Ball:
    """Grows breadth first, a whole rim at a time, in sets and without a loop of its own; O(steps in it)."""

    __slots__ = ("_near", "_spend", "distance", "radius", "rim")

    def __init__(self, near: Near, centres: Iterable[State], allowance: Allowance) -> None:
        self._near = near
        self._spend = allowance.spend
        self.distance = dict.fromkeys(centres, 0)
        """Steps from the centres."""
        self.rim = set(self.distance)
        """What is `radius` steps away; empty when the ball is all that can be reached."""
        self.radius = 0

    def copy(self, allowance: Allowance) -> "Ball":
        """Another ball that has grown as far, for a search of its own."""
        other = Ball(self._near, (), allowance)
        other.distance, other.rim, other.radius = self.distance.copy(), self.rim, self.radius
        return other

    def beyond(self) -> set[State]:
        """What lies one step further."""
        self._spend(len(self.rim))
        return set(chain.from_iterable(map(self._near.__getitem__, self.rim))).difference(self.distance)

    def grow(self, beyond: set[State]) -> None:
        """Take in what lies one step further."""
        self.radius += 1
        self.distance.update(dict.fromkeys(beyond, self.radius))
        self.rim = beyond
