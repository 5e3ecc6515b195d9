"""A search from the ends backwards that keeps off some places, to learn early that there is no way around them."""

from collections.abc import Callable, Iterable

from graph.paths.edges import Near, State
from graph.paths.sort_keys import Place


class Retreat:
    """Grows by one state at a time beside a search onward; the smaller of the two regions decides the cost.

    It looks at the nodes that it stands on, not at the arguments between them, so it may reach more than a way
    can; what it does not reach when it is done, no way does.
    """

    def __init__(
        self, behind: Near, ends: Iterable[State], blocked: set[Place], place_of: Callable[[State], Place]
    ) -> None:
        self._behind = behind
        self._blocked = blocked
        self._place_of = place_of
        self.reached = {end for end in ends if place_of(end) not in blocked}
        """States that are known to reach an end off the blocked places; all of them when `is_done`."""
        self._rim = list(self.reached)

    @property
    def is_done(self) -> bool:
        """Whether everything that reaches an end is known."""
        return not self._rim

    def step(self) -> None:
        """Take in what leads to one more state."""
        blocked, place_of, reached = self._blocked, self._place_of, self.reached
        for origin in self._behind[self._rim.pop()]:
            if origin not in reached and place_of(origin) not in blocked:
                reached.add(origin)
                self._rim.append(origin)
