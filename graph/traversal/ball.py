"""A ball: everything within some steps of where it began, with the distance of each."""

from collections.abc import Iterable
from itertools import chain

from graph.traversal.budget import Allowance
from graph.traversal.steps import Near, State


class Ball:
    """Grows breadth first, a whole rim at a time; O(steps in it)."""

    __slots__ = ("_near", "_spend", "distance", "radius", "rim")

    def __init__(self, near: Near, centres: Iterable[State], allowance: Allowance) -> None:
        self._near = near
        self._spend = allowance.spend
        self.distance = dict.fromkeys(centres, 0)
        """Steps from the centres."""
        self.rim = set(self.distance)
        """What is `radius` steps away; empty when the ball is all that can be reached."""
        self.radius = 0

    def grow(self) -> None:
        """Take in what lies one step further."""
        self._spend(len(self.rim))
        found = self._one_further().difference(self.distance)
        self.radius += 1
        self.distance.update(dict.fromkeys(found, self.radius))
        self.rim = found

    def _one_further(self) -> set[State]:
        return set(chain.from_iterable(map(self._near.__getitem__, self.rim)))


class TracedBall(Ball):
    """A ball that remembers from where each state is reached, by every step and not only by the first."""

    __slots__ = ("leading",)

    def __init__(self, near: Near, centres: Iterable[State], allowance: Allowance) -> None:
        super().__init__(near, centres, allowance)
        self.leading: dict[State, list[State]] = {}
        """For each state those inside the ball that are one step before it."""

    def _one_further(self) -> set[State]:
        near, leading = self._near, self.leading
        found = set()
        for state in self.rim:
            for reached in near[state]:
                if reached in leading:
                    leading[reached].append(state)
                else:
                    leading[reached] = [state]
                    found.add(reached)
        return found
