"""The valley between starts and ends where steps have prices: exact costs to the ends on every cheap enough way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import count

from graph.budgets import Allowance
from graph.paths.bidirectional import Start
from graph.paths.edges import State

Priced = Mapping[State, Sequence[tuple[State, int]]]
"""The states one step ahead of each state, or one step behind it, with the price of that step."""
Rim = list[tuple[int, int, State]]
"""A heap of costs with their states; the number between keeps states from being compared."""


class Valley:
    """A corridor (see there) whose two balls grow by cost, by Dijkstra's algorithm (1959).

    O(steps in the two balls, times the logarithm of their rims).
    """

    starts_given = True

    def __init__(
        self, ahead: Priced, behind: Priced, starts: Iterable[Start], ends: Iterable[State], allowance: Allowance
    ) -> None:
        self._starts = _Basin(ahead, ((cost, state) for _, state, cost in starts), allowance)
        self._ends = _Basin(behind, ((0, state) for state in ends), allowance)
        self._lent: list[State] = []
        self._meets = False
        self.depth = 0
        self.is_whole = not self._starts.rim or not self._ends.rim
        self.look: Callable[[State], int | None] = self._ends.cost.get

    def deepen(self, depth: int) -> list[Start]:
        """As `Guide` says; there are no starts to be found."""
        starts, ends = self._starts, self._ends
        for state in self._lent:
            del ends.cost[state]
        enough = (len(starts.cost) + len(ends.cost)) * 9 // 8
        while starts.rim and ends.rim:
            if self.depth >= depth and self._meets and len(starts.cost) + len(ends.cost) >= enough:
                break
            ball, other = (starts, ends) if len(starts.rim) <= len(ends.rim) else (ends, starts)
            self._meets = ball.grow() in other.cost or self._meets
            self.depth = starts.radius + ends.radius
        self.is_whole = not starts.rim or not ends.rim
        self._lent = ends.lend(starts.cost, None if self.is_whole else self.depth)
        return []


class _Basin:
    """Everything that can be reached within a cost."""

    def __init__(self, near: Priced, centres: Iterable[tuple[int, State]], allowance: Allowance) -> None:
        self._near = near
        self._spend = allowance.spend
        self._turn = count()
        self.cost: dict[State, int] = {}
        """What is settled; all within `radius` is."""
        self.rim: Rim = [(cost, next(self._turn), state) for cost, state in centres]
        """What is not, and nothing that is in front."""
        self.radius = 0
        heapify(self.rim)

    def grow(self) -> State:
        """Settle the nearest state."""
        self._spend(1)
        cost, _, state = heappop(self.rim)
        self.cost[state] = cost
        self._push(self.rim, state, cost)
        while self.rim and self.rim[0][2] in self.cost:
            heappop(self.rim)
        if self.rim:
            self.radius = max(self.radius, self.rim[0][0] - 1)
        return state

    def _push(self, rim: Rim, state: State, cost: int) -> None:
        settled = self.cost
        for reached, price in self._near[state]:
            if reached not in settled:
                heappush(rim, (cost + price, next(self._turn), reached))

    def lend(self, within: dict[State, int], depth: int | None) -> list[State]:
        """Settle for a time what lies inside of another ball, as far as ways of a depth reach."""
        rim = [entry for entry in self.rim if entry[2] in within]
        heapify(rim)
        found = []
        while rim:
            cost, _, state = heappop(rim)
            behind = within.get(state)
            if state in self.cost or behind is None or (depth is not None and behind + cost > depth):
                continue
            self._spend(1)
            self.cost[state] = cost
            found.append(state)
            self._push(rim, state, cost)
        return found
