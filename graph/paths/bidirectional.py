"""Distances to the ends for all that lies between starts and ends, found by growing balls from one side or from both.

A search for the next shortest path is guided by the exact distance from each state to the nearest end. To know it
everywhere would cost a walk through the whole map; it is needed only on paths that are short enough, so it is known
up to a depth, and deepened when the search comes there.
"""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Protocol

from graph.budgets import EDGES_A_STEP, Allowance
from graph.paths.search_graph import Adjacent, SortKey, State

Start = tuple[SortKey, State, int]
"""Where a path may begin: the node, the state there, and what beginning there costs."""
_PART = 8
"""A ball grows by at least this part each time, so that growing by single steps does not repeat its work."""


class Heuristic(Protocol):
    """What a search asks for its way: distances to the ends, exact as far as it has been deepened."""

    depth: int
    """Up to this length of path everything is known."""
    is_whole: bool
    """Whether nothing lies beyond the depth: what is not known then reaches no end."""
    starts_given: bool
    """Whether the starts were given; else deepening finds them."""
    look: Callable[[State], int | None]
    """Cost from a state to the nearest end; None where that is not known within the depth."""

    def deepen(self, depth: int) -> list[Start]:
        """Cover paths of this length, and at least the shortest one there is; gives the starts newly found."""


class Ball:
    """Everything within some steps of its centres, with the distance of each.

    Grows breadth first, a whole rim at a time, in sets and without a loop of its own. O(edges in it).
    """

    __slots__ = ("_adjacent", "_spend", "distance", "radius", "rim", "spent")

    def __init__(self, adjacent: Adjacent, centres: Iterable[State], allowance: Allowance) -> None:
        self._adjacent = adjacent
        self._spend = allowance.spend
        self.distance = dict.fromkeys(centres, 0)
        """Steps from the centres."""
        self.rim = set(self.distance)
        """What is `radius` steps away; empty when the ball is all that can be reached."""
        self.radius = 0
        self.spent = 0
        """What growing it took off the allowance."""

    def copy(self, allowance: Allowance) -> "Ball":
        """Another ball that has grown as far, for a search of its own, which pays as if it had grown it itself."""
        other = Ball(self._adjacent, (), allowance)
        other.distance, other.rim, other.radius = self.distance.copy(), self.rim, self.radius
        other.spent = self.spent
        allowance.spend(self.spent)
        return other

    def beyond(self) -> set[State]:
        """What lies one step further."""
        adjacent = list(map(self._adjacent.__getitem__, self.rim))
        cost = len(adjacent) + sum(map(len, adjacent)) // EDGES_A_STEP
        self.spent += cost
        self._spend(cost)
        return set(chain.from_iterable(adjacent)).difference(self.distance)

    def grow(self, beyond: set[State]) -> None:
        """Take in what lies one step further."""
        self.radius += 1
        self.distance.update(dict.fromkeys(beyond, self.radius))
        self.rim = beyond

    def touches(self, states: set[State]) -> bool:
        """Whether any of these states lies in the ball."""
        return not self.distance.keys().isdisjoint(states)


class BidirectionalHeuristic:
    """Between given starts and given ends: grows from both sides; nothing further away is ever looked at.

    A state with f steps behind it (to the nearest start) and b ahead of it (to the nearest end) lies between them
    for a depth d when f + b <= d. Two balls whose radii add up to d - 1, and what lies one step beyond that of the
    ends, are enough to know b there: where b is more than one step beyond the ends' ball, f is inside the starts'.
    Each round grows the ball that is cheaper to grow, as bidirectional search does (Pohl 1971). O(edges in the two
    balls).
    """

    starts_given = True

    def __init__(
        self, successors: Adjacent, predecessors: Adjacent, starts: Iterable[State], ends: Ball, allowance: Allowance
    ) -> None:
        """`ends` is the ball around them, grown as far as anyone likes."""
        self._predecessors = predecessors
        self._starts = Ball(successors, starts, allowance)
        self._ends = ends
        self._beyond: set[State] = set()
        self._spend = allowance.spend
        self._settled: list[State] = []
        """What has a distance in the ends' ball for this depth alone: it lies in the starts' ball and not in it."""
        self._meets = False
        self.depth = 0
        self.is_whole = not self._starts.rim or not self._ends.rim
        self.look: Callable[[State], int | None] = self._ends.distance.get

    def deepen(self, depth: int) -> list[Start]:
        """As the protocol says; there are no starts to be found."""
        starts, ends = self._starts, self._ends
        for state in self._settled:
            del ends.distance[state]
        enough = _a_part_more(len(starts.distance) + len(ends.distance))
        if self.depth == 0:
            self.depth, self._beyond = ends.radius + 1, ends.beyond()
            self._meets = not self._beyond.isdisjoint(starts.rim) or ends.touches(starts.rim)
        while starts.rim and self._beyond:
            if self.depth >= depth and self._meets and len(starts.distance) + len(ends.distance) >= enough:
                break
            self._grow()
            self.depth += 1
        self.is_whole = not starts.rim or not self._beyond
        furthest = None if self.is_whole else self.depth
        self._settled = _settle(
            self._predecessors, self._beyond, ends.radius + 1, ends.distance, starts.distance, furthest
        )
        self._spend(len(self._settled))
        return []

    def _grow(self) -> None:
        """Grow the ball that is cheaper to grow by one step, and see whether the two meet."""
        starts, ends = self._starts, self._ends
        if len(starts.rim) <= len(self._beyond):
            starts.grow(starts.beyond())
            meets = not self._beyond.isdisjoint(starts.rim) or ends.touches(starts.rim)
        else:
            ends.grow(self._beyond)
            self._beyond = ends.beyond()
            meets = starts.touches(self._beyond)
        self._meets = self._meets or meets


class ForwardHeuristic:
    """From given starts to whatever is an end, grown from the starts alone. O(edges in their ball)."""

    starts_given = True

    def __init__(
        self,
        successors: Adjacent,
        predecessors: Adjacent,
        starts: Iterable[State],
        is_end: Callable[[State], bool],
        allowance: Allowance,
    ) -> None:
        self._predecessors = predecessors
        self._is_end = is_end
        self._starts = Ball(successors, starts, allowance)
        self._spend = allowance.spend
        self._found = set(filter(is_end, self._starts.rim))
        self.depth = 0
        self.is_whole = not self._starts.rim
        self.look: Callable[[State], int | None] = {}.get

    def deepen(self, depth: int) -> list[Start]:
        """As the protocol says; there are no starts to be found."""
        starts = self._starts
        enough = _a_part_more(len(starts.distance))
        while starts.rim and (starts.radius < depth or not self._found or len(starts.distance) < enough):
            starts.grow(starts.beyond())
            self._found.update(filter(self._is_end, starts.rim))
        self.depth = starts.radius
        self.is_whole = not starts.rim
        distance: dict[State, int] = {}
        furthest = None if self.is_whole else self.depth
        self._spend(len(_settle(self._predecessors, self._found, 0, distance, starts.distance, furthest)))
        self.look = distance.get
        return []


class BackwardHeuristic:
    """From whatever is a start to given ends, grown from the ends alone. O(edges in their ball)."""

    starts_given = False

    def __init__(
        self,
        predecessors: Adjacent,
        is_start: Callable[[State], bool],
        ends: Iterable[State],
        key_of: Callable[[State], SortKey],
        allowance: Allowance,
    ) -> None:
        self._is_start = is_start
        self._key_of = key_of
        self._ends = Ball(predecessors, ends, allowance)
        self._found = list(filter(is_start, self._ends.rim))
        self.depth = 0
        self.is_whole = not self._ends.rim
        self.look: Callable[[State], int | None] = self._ends.distance.get

    def deepen(self, depth: int) -> list[Start]:
        """As the protocol says."""
        ends = self._ends
        found, self._found = self._found, []
        while ends.rim and (ends.radius < depth or not found):
            ends.grow(ends.beyond())
            found += filter(self._is_start, ends.rim)
        self.depth = ends.radius
        self.is_whole = not ends.rim
        return [(self._key_of(state), state, 0) for state in found]


class BackwardReach:
    """A search from the ends backwards that keeps off some nodes, to learn early that there is no way around them.

    Grows by one state at a time beside a search forward; the smaller of the two regions decides the cost. It looks
    at the nodes that it stands on, not at the arguments between them, so it may reach more than a path can; what it
    does not reach when it is done, no path does.
    """

    def __init__(
        self,
        predecessors: Adjacent,
        ends: Iterable[State],
        blocked: set[SortKey],
        key_of: Callable[[State], SortKey],
    ) -> None:
        self._predecessors = predecessors
        self._blocked = blocked
        self._key_of = key_of
        self.reached = {end for end in ends if key_of(end) not in blocked}
        """States that are known to reach an end off the blocked nodes; all of them when `is_done`."""
        self._rim = list(self.reached)

    @property
    def is_done(self) -> bool:
        """Whether everything that reaches an end is known."""
        return not self._rim

    def step(self) -> int:
        """Take in what leads to one more state; the number of edges looked at."""
        blocked, key_of, reached = self._blocked, self._key_of, self.reached
        origins = self._predecessors[self._rim.pop()]
        for origin in origins:
            if origin not in reached and key_of(origin) not in blocked:
                reached.add(origin)
                self._rim.append(origin)
        return len(origins)


def _a_part_more(size: int) -> int:
    return size + size // _PART


def _settle(
    predecessors: Adjacent,
    rim: set[State],
    radius: int,
    to_ends: dict[State, int],
    from_starts: dict[State, int],
    depth: int | None,
) -> list[State]:
    """Settle the distances of what lies in the starts' ball from a rim around the ends on, as far as paths of a depth
    reach; gives what was settled.

    Breadth first. O(edges into what is found).
    """
    found: list[State] = []
    near = from_starts.keys() & rim
    while near:
        furthest = len(from_starts) if depth is None else depth - radius
        new = [state for state in near if from_starts[state] <= furthest]
        to_ends.update(dict.fromkeys(new, radius))
        found += new
        radius += 1
        near = (from_starts.keys() & set(chain.from_iterable(map(predecessors.__getitem__, new)))).difference(to_ends)
    return found
