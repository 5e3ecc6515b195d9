"""Costs to an end from every node between it and a start, for each number of steps that may still be taken."""

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from itertools import count

from graph.traversal.budget import Allowance
from graph.traversal.corridor import Start
from graph.traversal.places import Place
from graph.traversal.steps import LENGTH, State

Priced = Callable[[Place], Sequence[tuple[Place, int]]]
"""The nodes one step ahead of a node, or one step behind it, with the price of that step."""
Labels = dict[Place, list[int]]
"""By node: costs, each dearer than the last and of fewer steps, which a cost counts in its lower bits."""
Rim = list[tuple[int, int, Place]]
"""A heap of costs with their nodes; the number between keeps places from being compared."""


class Terraces:
    """A corridor (see there) where ways are ordered by price and bounded in steps.

    A state is a node with the number of steps taken. For each node those costs are kept that no other beats in
    both price and steps (Martins 1984), found from both sides in turn, cheapest first.
    O(costs kept in the two balls times the steps at their nodes, times the logarithm of the rims).
    """

    starts_given = True

    def __init__(
        self, ahead: Priced, behind: Priced, start: Place, end: Place, longest: int, allowance: Allowance
    ) -> None:
        self._longest = longest
        self._starts = _Slope(ahead, start, longest, allowance)
        self._ends = _Slope(behind, end, longest, allowance)
        self._lent: list[Place] = []
        self._meets = False
        self.depth = 0
        self.is_whole = False

    def look(self, state: State) -> int | None:
        """As `Guide` says."""
        place, taken = state
        for cost in self._ends.labels.get(place, ()):
            if taken + (cost & LENGTH) <= self._longest:
                return cost
        return None

    def deepen(self, depth: int) -> list[Start]:
        """As `Guide` says; there are no starts to be found."""
        starts, ends = self._starts, self._ends
        ends.take_back(self._lent)
        enough = (starts.size + ends.size) * 9 // 8
        while starts.rim and ends.rim:
            if self.depth >= depth and self._meets and starts.size + ends.size >= enough:
                break
            slope, other = (starts, ends) if len(starts.rim) <= len(ends.rim) else (ends, starts)
            self._meets = slope.grow() in other.labels or self._meets
            self.depth = starts.radius + ends.radius
        self.is_whole = not starts.rim or not ends.rim
        self._lent = ends.lend(starts.labels, None if self.is_whole else self.depth)
        return []


class _Slope:
    """The costs of everything around one node."""

    def __init__(self, near: Priced, centre: Place, longest: int, allowance: Allowance) -> None:
        self._near = near
        self._longest = longest
        self._spend = allowance.spend
        self._turn = count()
        self.labels: Labels = {}
        self.size = 0
        """How many costs are settled; all up to `radius` are."""
        self.rim: Rim = [(0, 0, centre)]
        """Those that are not, and one that is not beaten in front."""
        self.radius = 0

    def grow(self) -> Place:
        """Settle the cheapest."""
        cost, _, place = heappop(self.rim)
        self.size += 1
        self._settle(self.rim, cost, place)
        while self.rim and self._is_beaten(self.rim[0][0], self.rim[0][2]):
            heappop(self.rim)
        if self.rim:
            self.radius = max(self.radius, self.rim[0][0] - 1)
        return place

    def lend(self, within: Labels, depth: int | None) -> list[Place]:
        """Settle for a time what lies inside of another slope, as far as ways of a depth reach."""
        rim = [entry for entry in self.rim if entry[2] in within]
        heapify(rim)
        found = []
        while rim:
            cost, _, place = heappop(rim)
            is_near = depth is None or any(
                cost + other <= depth and (cost & LENGTH) + (other & LENGTH) <= self._longest
                for other in within.get(place, ())
            )
            if is_near and place in within and not self._is_beaten(cost, place):
                self._settle(rim, cost, place)
                found.append(place)
        return found

    def take_back(self, lent: list[Place]) -> None:
        """Undo what was settled for a time."""
        for place in reversed(lent):
            self.labels[place].pop()

    def _is_beaten(self, cost: int, place: Place) -> bool:
        labels = self.labels.get(place)
        return labels is not None and bool(labels) and labels[-1] & LENGTH <= cost & LENGTH

    def _settle(self, rim: Rim, cost: int, place: Place) -> None:
        self.labels.setdefault(place, []).append(cost)
        if cost & LENGTH < self._longest:
            near = self._near(place)
            self._spend(len(near))
            for other, price in near:
                if not self._is_beaten(cost + price, other):
                    heappush(rim, (cost + price, next(self._turn), other))
