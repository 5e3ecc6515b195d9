"""What an explanation may cost: steps, the same everywhere, so that the same question has the same answer."""

from collections.abc import Callable

from graph.budgets import StepBudget

EXPLAINING = StepBudget(3_000_000)
"""Gates looked at before a part of an explanation ends: about a second."""


def explaining(cancelled: Callable[[], bool]) -> StepBudget:
    """As much, until nobody waits for the answer any more."""
    return StepBudget(EXPLAINING.steps, cancelled)
