"""How much work a question may cost: a time and a cancel, asked for in the middle of every search."""

from collections.abc import Callable
from time import monotonic


class OutOfBudget(Exception):
    """A search was stopped before its end; what it found so far stands."""


class Budget:
    """Time left for a question; `check` raises `OutOfBudget` when it is used up or cancelled."""

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
        """Raise `OutOfBudget` when nothing is left."""
        if self.left <= 0.0:
            raise OutOfBudget

    def part(self, share: float) -> "Budget":
        """A budget of a share of what is left."""
        return Budget(self.left * share, self._cancelled)
