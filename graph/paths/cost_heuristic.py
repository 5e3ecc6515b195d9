"""Costs to the ends for all that lies between starts and ends, where edges differ in cost."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import count

from graph.budgets import EDGES_A_STEP, Allowance
from graph.paths.bidirectional import Start
from graph.paths.search_graph import State

CostedAdjacent = Mapping[State, Sequence[tuple[State, int]]]
"""The successors of each state, or its predecessors, with the cost of the edge between."""
_Rim = list[tuple[int, int, State]]
"""A heap of costs with their states; the number between keeps states from being compared."""


class CostHeuristic:
    """A `BidirectionalHeuristic` (see there) whose two balls grow by cost, by Dijkstra's algorithm (1959,
    doi:10.1007/BF01386390).

    O(edges in the two balls, times the logarithm of their rims).
    """

    starts_given = True

    def __init__(
        self,
        successors: CostedAdjacent,
        predecessors: CostedAdjacent,
        starts: Iterable[Start],
        ends: Iterable[State],
        allowance: Allowance,
    ) -> None:
        self._starts = _CostBall(successors, ((cost, state) for _, state, cost in starts), allowance)
        self._ends = _CostBall(predecessors, ((0, state) for state in ends), allowance)
        self._settled: list[State] = []
        """As of `BidirectionalHeuristic`."""
        self._meets = False
        self.depth = 0
        self.is_whole = not self._starts.rim or not self._ends.rim
        self.look: Callable[[State], int | None] = self._ends.cost.get

    def deepen(self, depth: int) -> list[Start]:
        """As `Heuristic` says; there are no starts to be found."""
        starts, ends = self._starts, self._ends
        for state in self._settled:
            del ends.cost[state]
        enough = (len(starts.cost) + len(ends.cost)) * 9 // 8  # so that growing state by state repeats no work
        while starts.rim and ends.rim:
            if self.depth >= depth and self._meets and len(starts.cost) + len(ends.cost) >= enough:
                break
            ball, other = (starts, ends) if len(starts.rim) <= len(ends.rim) else (ends, starts)
            self._meets = ball.grow() in other.cost or self._meets
            self.depth = starts.radius + ends.radius
        self.is_whole = not starts.rim or not ends.rim
        self._settled = ends.settle(starts.cost, None if self.is_whole else self.depth)
        return []


class _CostBall:
    """Everything that can be reached within a cost."""

    def __init__(self, adjacent: CostedAdjacent, centres: Iterable[tuple[int, State]], allowance: Allowance) -> None:
        self._adjacent = adjacent
        self._spend = allowance.spend
        self._turn = count()
        self.cost: dict[State, int] = {}
        """What is settled; all within `radius` is."""
        self.rim: _Rim = [(cost, next(self._turn), state) for cost, state in centres]
        """What is not settled, and in front nothing that is."""
        self.radius = 0
        heapify(self.rim)

    def grow(self) -> State:
        """Settle the nearest state."""
        cost, _, state = heappop(self.rim)
        self.cost[state] = cost
        self._push(self.rim, state, cost)
        # A state may stand in the rim several times, once for each edge to it: those behind the first are stale.
        while self.rim and self.rim[0][2] in self.cost:
            heappop(self.rim)
        if self.rim:
            self.radius = max(self.radius, self.rim[0][0] - 1)
        return state

    def _push(self, rim: _Rim, state: State, cost: int) -> None:
        settled, adjacent = self.cost, self._adjacent[state]
        self._spend(1 + len(adjacent) // EDGES_A_STEP)
        for reached, edge_cost in adjacent:
            if reached not in settled:
                heappush(rim, (cost + edge_cost, next(self._turn), reached))

    def settle(self, within: dict[State, int], depth: int | None) -> list[State]:
        """Settle for a time what lies inside of another ball, as far as paths of a depth reach."""
        rim = [entry for entry in self.rim if entry[2] in within]
        heapify(rim)
        found = []
        while rim:
            cost, _, state = heappop(rim)
            behind = within.get(state)
            if state in self.cost or behind is None or (depth is not None and behind + cost > depth):
                continue
            self.cost[state] = cost
            found.append(state)
            self._push(rim, state, cost)
        return found
