"""The corridor between starts and ends: exact distances to the ends for every state on a way that is short enough."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Protocol

from graph.budgets import Allowance
from graph.paths.ball import Ball
from graph.paths.edges import Near, State
from graph.paths.sort_keys import Place

Start = tuple[Place, State, int]
"""Where a way may begin: the node, the state there, and what beginning there costs."""
_A_LITTLE = 8
"""A ball grows by at least this part each time, so that growing by single arguments does not repeat its work."""


class Guide(Protocol):
    """What a search asks for its way: distances to the ends, exact as far as it has been deepened."""

    depth: int
    """Up to this length of way everything is known."""
    is_whole: bool
    """Whether nothing lies beyond the depth: what is not known then reaches no end."""
    starts_given: bool
    """Whether the starts were given; else deepening finds them."""
    look: Callable[[State], int | None]
    """Cost from a state to the nearest end; None where that is not known within the depth."""

    def deepen(self, depth: int) -> list[Start]:
        """Cover ways of this length, and at least the shortest one there is; gives the starts newly found."""


class Corridor:
    """Between given starts and given ends: grows from both sides, nothing further away is ever looked at.

    A state with f arguments behind it (to the nearest start) and b ahead of it (to the nearest end) lies in the
    corridor of depth d when f + b <= d. Two balls whose radii add up to d - 1, and what lies one step beyond that
    of the ends, are enough to know b there: where b is more than one step beyond the ends' ball, f is inside the
    starts'. Each round grows the ball that is cheaper to grow, as bidirectional search does (Pohl 1971).
    O(arguments in the two balls).
    """

    starts_given = True

    def __init__(self, ahead: Near, behind: Near, starts: Iterable[State], ends: Ball, allowance: Allowance) -> None:
        """`ends` is the ball around them, grown as far as anyone likes."""
        self._behind = behind
        self._starts = Ball(ahead, starts, allowance)
        self._ends = ends
        self._beyond: set[State] = set()
        self._spend = allowance.spend
        self._lent: list[State] = []
        self._meets = False
        self.depth = 0
        self.is_whole = not self._starts.rim or not self._ends.rim
        self.look: Callable[[State], int | None] = self._ends.distance.get

    def deepen(self, depth: int) -> list[Start]:
        """As the protocol says; there are no starts to be found."""
        starts, ends = self._starts, self._ends
        for state in self._lent:
            del ends.distance[state]
        enough = _a_little_more(len(starts.distance) + len(ends.distance))
        if self.depth == 0:
            self._spend(len(ends.distance) - len(ends.rim))  # as if this search had grown it, so that all pay alike
            self.depth, self._beyond = ends.radius + 1, ends.beyond()
            self._meets = not (self._beyond.isdisjoint(starts.rim) and ends.distance.keys().isdisjoint(starts.rim))
        while starts.rim and self._beyond:
            if self.depth >= depth and self._meets and len(starts.distance) + len(ends.distance) >= enough:
                break
            self._grow()
            self.depth += 1
        self.is_whole = not starts.rim or not self._beyond
        furthest = None if self.is_whole else self.depth
        self._lent = lent(self._behind, self._beyond, ends.radius + 1, ends.distance, starts.distance, furthest)
        self._spend(len(self._lent))
        return []

    def _grow(self) -> None:
        """Grow the ball that is cheaper to grow by one argument, and see whether the two meet."""
        starts, ends = self._starts, self._ends
        if len(starts.rim) <= len(self._beyond):
            starts.grow(starts.beyond())
            meets = not (self._beyond.isdisjoint(starts.rim) and ends.distance.keys().isdisjoint(starts.rim))
        else:
            ends.grow(self._beyond)
            self._beyond = ends.beyond()
            meets = not starts.distance.keys().isdisjoint(self._beyond)
        self._meets = self._meets or meets


class Cone:
    """From given starts to whatever is an end, grown from the starts alone; O(arguments in their ball)."""

    starts_given = True

    def __init__(
        self, ahead: Near, behind: Near, starts: Iterable[State], is_end: Callable[[State], bool], allowance: Allowance
    ) -> None:
        self._behind = behind
        self._is_end = is_end
        self._starts = Ball(ahead, starts, allowance)
        self._spend = allowance.spend
        self._found = set(filter(is_end, self._starts.rim))
        self.depth = 0
        self.is_whole = not self._starts.rim
        self.look: Callable[[State], int | None] = {}.get

    def deepen(self, depth: int) -> list[Start]:
        """As the protocol says; there are no starts to be found."""
        starts = self._starts
        enough = _a_little_more(len(starts.distance))
        while starts.rim and (starts.radius < depth or not self._found or len(starts.distance) < enough):
            starts.grow(starts.beyond())
            self._found.update(filter(self._is_end, starts.rim))
        self.depth = starts.radius
        self.is_whole = not starts.rim
        distance: dict[State, int] = {}
        furthest = None if self.is_whole else self.depth
        self._spend(len(lent(self._behind, self._found, 0, distance, starts.distance, furthest)))
        self.look = distance.get
        return []


class Funnel:
    """From whatever is a start to given ends, grown from the ends alone; O(arguments in their ball)."""

    starts_given = False

    def __init__(
        self,
        behind: Near,
        is_start: Callable[[State], bool],
        ends: Iterable[State],
        place_of: Callable[[State], Place],
        allowance: Allowance,
    ) -> None:
        self._is_start = is_start
        self._place_of = place_of
        self._ends = Ball(behind, ends, allowance)
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
        return [(self._place_of(state), state, 0) for state in found]


def _a_little_more(size: int) -> int:
    return size + size // _A_LITTLE


def lent(
    behind: Near,
    rim: set[State],
    radius: int,
    to_ends: dict[State, int],
    from_starts: dict[State, int],
    depth: int | None,
) -> list[State]:
    """Give distances to what lies in the starts' ball from a rim around the ends on, as far as ways of a depth reach.

    Breadth first; O(steps into what is found).
    """
    found: list[State] = []
    near = from_starts.keys() & rim
    while near:
        furthest = len(from_starts) if depth is None else depth - radius
        new = [state for state in near if from_starts[state] <= furthest]
        to_ends.update(dict.fromkeys(new, radius))
        found += new
        radius += 1
        near = (from_starts.keys() & set(chain.from_iterable(map(behind.__getitem__, new)))).difference(to_ends)
    return found
