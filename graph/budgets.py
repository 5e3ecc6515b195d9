"""How much work a question may cost: steps, counted so that it stops at the same place everywhere, or a time."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

STEPS = 200_000
"""Nodes expanded before a question gives up: some tenths of a second."""
EDGES_A_STEP = 8
"""So many links are looked at for one step, beyond the step of the node that they belong to."""
_ASK_EVERY = 512


class OutOfSteps(Exception):
    """The allowance is used up; what was found so far stands."""


class OutOfTime(Exception):
    """A search was stopped before its end; what it found so far stands."""


class Cancelled(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True)
class StepBudget:
    """What a question may cost. Counted, not timed: the same question stops at the same place everywhere."""

    steps: int = STEPS
    """Nodes that a search may expand."""
    cancelled: Callable[[], bool] | None = None
    """Asked now and then; true ends the work with `Cancelled`."""

    def check(self) -> None:
        """Raise `Cancelled` where nobody waits any more."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled

    def until(self, cancelled: Callable[[], bool] | None) -> "StepBudget":
        """The same for somebody who may go away."""
        return StepBudget(self.steps, cancelled)


WHOLE_MAP = StepBudget(20_000_000)
"""For questions that go through a map once, in linear time: no map that a store holds needs more."""


class Allowance:
    """What is left of a budget while one question is worked on."""

    __slots__ = ("_ask_at", "_cancelled", "left")

    def __init__(self, budget: StepBudget) -> None:
        self.left = budget.steps
        self._cancelled = budget.cancelled
        self._ask_at = budget.steps

    def renew(self, budget: StepBudget) -> None:
        """Go on with as many steps more, for whoever waits now."""
        self.left += budget.steps
        self._cancelled = budget.cancelled
        self._ask_at = self.left

    def spend(self, steps: int) -> None:
        """Take steps off; raises `OutOfSteps` when none are left and `Cancelled` when the budget says so."""
        self.left -= steps
        if self.left <= self._ask_at:
            self._ask_at = self.left - _ASK_EVERY
            if self._cancelled is not None and self._cancelled():
                raise Cancelled
        if self.left < 0:
            raise OutOfSteps


class Timeout:
    """Time left for a question; `check` raises `OutOfTime` when it is used up or cancelled."""

    def __init__(self, seconds: float = 5.0, cancelled: Callable[[], bool] | None = None) -> None:
        self._ends = monotonic() + seconds
        self._cancelled = cancelled

    @property
    def left(self) -> float:
        """Seconds left, zero when cancelled."""
        if self._cancelled is not None and self._cancelled():
            return 0.0
        return max(0.0, self._ends - monotonic())

    def check(self) -> None:
        """Raise `OutOfTime` when nothing is left."""
        if self.left <= 0.0:
            raise OutOfTime

    def part(self, share: float) -> "Timeout":
        """A budget of a share of what is left."""
        return Timeout(self.left * share, self._cancelled)
