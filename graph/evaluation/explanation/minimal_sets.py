"""Smallest sets of items whose removal changes something: the best one from the first moment, and a proven bound."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from graph.budgets import Allowance, OutOfSteps
from graph.evaluation.explanation.reasons import Destroying, Item, Reasons

_CONFLICTS = 2_000
"""Conflicts of one call to the solver at most: about a twentieth of a second."""
_CALL, _CONFLICT = 50, 20
"""What a call and a conflict cost in steps, by the time that they take."""
_ROUNDS = 400
"""Sets tried and found wanting before the search gives up."""
Items = tuple[Item, ...]


class Effect(Protocol):
    """Something that taking items out may bring about."""

    def happens(self, gone: Collection[Item]) -> bool:
        """Whether it happens without these."""

    def reasons(self, gone: Collection[Item]) -> Reasons | None:
        """All derivations of what keeps it from happening without these; None where these are not to be had."""

    @property
    def is_sure(self) -> bool:
        """Whether it happens wherever all its reasons are destroyed, so that it need not be tried."""

    def attempts(self) -> Iterator[list[Item]]:
        """Sets that probably bring it about, where there are no reasons to be had."""

    def certificate(self, gone: Collection[Item]) -> tuple[list[Item], list[Item]]:
        """One reason why it does not happen without these: what it rests on, and what of these must be gone for it."""


@dataclass
class Smallest:
    """The best that was found."""

    sets: list[Items] = field(default_factory=list)
    """Sets of one size, the smallest known; none where nothing brings the change about, or nothing was found."""
    at_least: int = 0
    """No smaller set brings it about: proven."""
    is_impossible: bool = False
    """Whether it is proven that nothing does."""
    is_cut_off: bool = False
    """Whether the search ended before all was proven."""
    has_more: bool = False
    """Whether there are more sets of this size than were asked for."""

    @property
    def is_smallest(self) -> bool:
        """Whether it is proven that no smaller set brings the change about."""
        return bool(self.sets) and len(self.sets[0]) <= self.at_least


def smallest_changes(change: Effect, allowance: Allowance, limit: int = 1) -> Smallest:
    """Up to `limit` smallest sets of items without which the change happens; ends with the allowance.

    Where what must be destroyed together shares no item, the and/or graph of reasons gives them at once. Else implicit
    hitting sets (Ignatiev, Previti, Liffiton & Marques-Silva 2015): a smallest set that destroys every reason known, by
    core-guided MaxSAT (RC2; Ignatiev, Morgado & Marques-Silva 2019), is tried, and where it falls short, another reason
    is learned. Counted in steps, so that the same question has the same answer everywhere.
    """
    found = Smallest()
    try:
        _search(change, allowance, limit, found)
    except OutOfSteps:
        found.is_cut_off = True
    return found


def _search(change: Effect, allowance: Allowance, limit: int, found: Smallest) -> None:
    reasons = change.reasons(())
    destroying = None if reasons is None else Destroying(reasons)
    if destroying is not None:
        if destroying.lower is None:
            found.is_impossible = True
            return
        found.at_least = destroying.lower
        best = _widened(change, destroying.items())
        if best is not None:
            found.sets = [best if len(best) <= found.at_least else _thinned(change, best)]
            if destroying.is_separate and found.is_smallest:
                _list(change, map(tuple, destroying.all_smallest()), limit, found)
                return
    else:
        found.at_least = 1
        for items in change.attempts():
            if change.happens(items) and (not found.sets or len(items) < len(found.sets[0])):
                found.sets = [tuple(items)]
        found.sets = [_thinned(change, items) for items in found.sets]
    _exactly(change, reasons, allowance, limit, found)


def _widened(change: Effect, items: Sequence[Item]) -> Items | None:
    """A set that brings the change about, out of one that destroys the reasons known; None if none was found."""
    if change.is_sure:
        return tuple(items)
    gone = set(items)
    for _ in range(_ROUNDS):
        if change.happens(gone):
            return tuple(sorted(gone))
        reasons = change.reasons(gone)
        more = None if reasons is None else Destroying(reasons)
        fresh = set() if more is None or more.lower is None else set(more.items()) - gone
        if not fresh:
            return None
        gone |= fresh
    return None


def _thinned(change: Effect, items: Items) -> Items:
    """The set without those of its items that it can do without, one after another."""
    kept = list(items)
    for item in items:
        rest = [one for one in kept if one != item]
        if change.happens(rest):
            kept = rest
    return tuple(kept)


def _list(change: Effect, candidates: Iterator[Items], limit: int, found: Smallest) -> None:
    """Take up as many of the smallest sets as are asked for, each once; a set is tried unless it was already."""
    tried = found.sets[0]
    sets: dict[Items, None] = {}
    for items in islice(candidates, 50 * (limit + 1)):
        if items not in sets and (change.is_sure or items == tried or change.happens(items)):
            if len(sets) == limit:
                found.has_more = True
                break
            sets[items] = None
    found.sets = sorted(sets) if not found.has_more else list(sets)


# --- implicit hitting sets ------------------------------------------------------------------------


class BoundedRC2(RC2):  # type: ignore[misc]
    """RC2 whose calls are bounded by conflicts and paid for in steps; its `cost` is a bound from below at any time."""

    def __init__(self, formula: WCNF, variables: dict[Item, int], allowance: Allowance) -> None:
        super().__init__(formula, solver="m22")
        self._allowance = allowance
        self._variables = variables
        self._fresh = formula.nv

    def smallest(self) -> Items | None:
        """A smallest set that fulfils the clauses, None where none does; may raise `OutOfSteps`."""
        model = self.compute()
        if model is None:
            return None
        chosen = {v for v in model if v > 0}
        return tuple(sorted(item for item, variable in self._variables.items() if variable in chosen))

    def learn(self, some_of: Sequence[Item], not_all_of: Sequence[Item]) -> None:
        """From now on one of these must be out, or one of those stay."""
        clause = [self._variable(item) for item in some_of] + [-self._variable(item) for item in not_all_of]
        self.add_clause(clause)

    def _variable(self, item: Item) -> int:
        if item not in self._variables:
            self._fresh += 1
            self._variables[item] = self._fresh
            self.add_clause([-self._fresh], weight=1)
        return self._variables[item]

    def _call_oracle(self, assumptions: Sequence[int] = (), expect_interrupt: bool = False) -> bool:
        del expect_interrupt
        while True:
            self._allowance.spend(_CALL + len(assumptions) // 4)
            before = self.oracle.accum_stats()["conflicts"]
            self.oracle.conf_budget(_CONFLICTS)
            found = self.oracle.solve_limited(assumptions=list(assumptions))
            self._allowance.spend(_CONFLICT * (self.oracle.accum_stats()["conflicts"] - before))
            if found is not None:
                return bool(found)


def _exactly(change: Effect, reasons: Reasons | None, allowance: Allowance, limit: int, found: Smallest) -> None:
    with BoundedRC2(*_formula(reasons), allowance) as solver:
        try:
            _try_sets(change, solver, limit, found)
        except OutOfSteps:
            # What was proven so far holds: every set must destroy the reasons known.
            found.at_least = max(found.at_least, min([solver.cost, *map(len, found.sets[:1])]))
            raise


def _try_sets(change: Effect, solver: BoundedRC2, limit: int, found: Smallest) -> None:
    sets: dict[Items, None] = {}
    for _ in range(_ROUNDS + limit):
        items = solver.smallest()
        if items is None or (found.sets and len(items) > len(found.sets[0])):
            found.is_impossible = items is None and not found.sets
            break
        found.at_least = max(found.at_least, len(items))
        if not change.happens(items):
            held, needed = change.certificate(items)
            if not held and not needed:
                found.is_impossible = not found.sets
                break
            solver.learn(held, needed)
            continue
        if not sets:
            found.sets = [items]
        if len(sets) == limit:
            found.has_more = True
            break
        sets[items] = None
        solver.learn((), items)
    else:
        found.is_cut_off = True
    if sets:
        found.sets = sorted(sets) if not found.has_more else list(sets)


def _formula(reasons: Reasons | None) -> tuple[WCNF, dict[Item, int]]:
    """Clauses whose models destroy reason 0, each item being soft: it would rather stay."""
    formula = WCNF()
    variables: dict[Item, int] = {}
    if reasons is None:
        return formula, variables
    for item in sorted({item for number in reasons.used if (item := reasons.items[number]) is not None}):
        variables[item] = len(reasons.parts) + 1 + len(variables)
        formula.append([-variables[item]], weight=1)
    for number in reasons.used:
        own, item, parts = number + 1, reasons.items[number], [part + 1 for part in reasons.parts[number]]
        if reasons.rests_on_all[number]:
            formula.append([-own, *parts, *([] if item is None else [variables[item]])])
            continue
        for part in parts:
            formula.append([-own, part])
    formula.append([reasons.root + 1])
    return formula, variables
