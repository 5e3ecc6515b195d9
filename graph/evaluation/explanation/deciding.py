"""The arguments that decide a label: a smallest set that gives it whatever becomes of all others."""

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence

import numpy as np
from pysat.formula import WCNF
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.budgets import OutOfSteps
from graph.evaluation.explanation.ancestors import Ancestors
from graph.evaluation.explanation.minimal_sets import BoundedRC2
from graph.evaluation.explanation.reasons import Reasons

Ranked = Callable[[Sequence[int]], Sequence[int]]
"""Puts arguments in order, the best supported first."""


def deciding(ancestors: Ancestors, reasons: Reasons | None, ranked: Ranked) -> tuple[list[int], bool]:
    """A smallest set of accepted arguments from which the target's label follows, and whether that is proven.

    A set decides where a derivation of the label, all of which `reasons` has, uses no other accepted argument; of
    several it is the one whose arguments `ranked` puts first. Derivations are worked out from the parts upwards (Knuth
    1977), and where parts share arguments, by MaxSAT. Of an undecided target, which has no reasons, the arguments of
    the shortest way back into the nearest cycle that nothing decides, and round it.
    """
    if reasons is None:
        labels, _ = ancestors.standing
        return [gate for gate in _way_into_a_cycle(ancestors, labels) if _is_argument(ancestors, gate)], True
    items = [item for reason in reasons.used if (item := reasons.items[reason]) is not None]
    used = [item for item in items if ancestors.is_argument[item]]
    price = _prices(ranked(used) if reasons.has_choice else used)
    found = _Derivation(reasons, price)
    if found.is_exact:
        return found.items(), True
    try:
        return _smallest(ancestors, reasons, price), True
    except OutOfSteps:
        return found.items(), False


def _is_argument(ancestors: Ancestors, gate: int) -> bool:
    return gate < len(ancestors) and ancestors.is_argument[gate]


def _prices(ranked: Sequence[int]) -> dict[int, int]:
    """One more argument costs more than the ranks of all."""
    one = 1 + len(ranked) * (len(ranked) - 1) // 2
    return {argument: one + rank for rank, argument in enumerate(ranked)}


class _Derivation:
    """A cheapest derivation of reason 0, each part of it counted as often as it is used."""

    def __init__(self, reasons: Reasons, price: Mapping[int, int]) -> None:
        self._reasons, self._price = reasons, price
        self._cost = [0] * len(reasons.parts)
        for reason in reasons.order:
            item, parts = reasons.items[reason], reasons.early(reason)
            if reasons.rests_on_all[reason]:
                own = 0 if item is None else price.get(item, 0)
                self._cost[reason] = own + sum([self._cost[p] for p in parts])
            else:
                self._cost[reason] = min([self._cost[p] for p in parts])

    def items(self) -> list[int]:
        """The arguments used."""
        reasons, found, seen, todo = self._reasons, set[int](), {self._reasons.root}, [self._reasons.root]
        for reason in todo:  # grows while it is read
            item = reasons.items[reason]
            if item is not None and item in self._price:
                found.add(item)
            parts: Sequence[int] = reasons.early(reason)
            if not reasons.rests_on_all[reason]:
                parts = [min(parts, key=self._cost.__getitem__)]
            for part in parts:
                if part not in seen:
                    seen.add(part)
                    todo.append(part)
        return sorted(found)

    @property
    def is_exact(self) -> bool:
        """Whether no derivation can be cheaper: with one argument, or where no reason is a part of two others."""
        return self._reasons.is_tree or not self.items() or (len(self.items()) == 1 and not self._reasons.later)


def _smallest(ancestors: Ancestors, reasons: Reasons, price: Mapping[int, int]) -> list[int]:
    """The cheapest set that decides: what MaxSAT finds may go round in a cycle, and is then tried and ruled out."""
    formula = WCNF()
    variables: dict[int, int] = {}
    for number in reasons.used:
        own, item, parts = number + 1, reasons.items[number], [part + 1 for part in reasons.parts[number]]
        if item is not None and item in price:
            variables[item] = own
            formula.append([-own], weight=price[item])
        if not reasons.rests_on_all[number]:
            formula.append([-own, *parts])
            continue
        for part in parts:
            formula.append([-own, part])
    formula.append([reasons.root + 1])
    with BoundedRC2(formula, variables, ancestors.allowance) as solver:
        while (items := solver.smallest()) is not None and reasons.later and not _decides(ancestors, items):
            held = list(items)
            for item in sorted(price):
                if item not in held and not _decides(ancestors, [*held, item]):
                    held.append(item)
            solver.learn([item for item in sorted(price) if item not in held], ())
    return list(items or sorted(price))


def _decides(ancestors: Ancestors, chosen: Collection[int]) -> bool:
    """Whether the target has its label whichever of the other arguments are there."""
    kept, target = set(chosen), ancestors.target
    doubtful = [i for i, is_argument in enumerate(ancestors.is_argument) if is_argument and i not in kept]
    return ancestors.labels((), doubtful)[target] == ancestors.standing[0][target]


def _way_into_a_cycle(ancestors: Ancestors, labels: Sequence[int]) -> list[int]:
    """The shortest way back from the target through undecided gates into the nearest cycle, and once round it."""
    start = int(ancestors.target)
    before = _walked(ancestors, labels, start)
    places = {gate: at for at, gate in enumerate(before)}
    links = [
        (places[gate], places[code >> 1]) for gate in before for code in ancestors.inputs[gate] if not labels[code >> 1]
    ]
    rows, columns = zip(*links, strict=True) if links else ((), ())
    matrix = csr_array((np.ones(len(links)), (rows, columns)), shape=(len(before), len(before)))
    _, component = connected_components(matrix, connection="strong")
    sizes = np.bincount(component)
    loops = {row for row, column in links if row == column}
    for gate, at in places.items():  # nearest first
        if sizes[component[at]] > 1 or at in loops:
            members = {one for one, place in places.items() if component[place] == component[at]}
            around = _walked(ancestors, labels, gate, members)
            last = next(one for one in around if gate in (code >> 1 for code in ancestors.inputs[one]))
            return list(dict.fromkeys([*_back(before, gate), *_back(around, last)]))
    return []


def _walked(
    ancestors: Ancestors, labels: Sequence[int], start: int, among: Container[int] | None = None
) -> dict[int, int | None]:
    """The undecided gates that one rests on, nearest first, each with the one before it on the way."""
    before: dict[int, int | None] = {start: None}
    todo = [start]
    for gate in todo:  # grows while it is read
        ancestors.allowance.spend(1)
        for code in ancestors.inputs[gate]:
            part = code >> 1
            if not labels[part] and part not in before and (among is None or part in among):
                before[part] = gate
                todo.append(part)
    return before


def _back(before: Mapping[int, int | None], gate: int) -> Iterator[int]:
    at: int | None = gate
    while at is not None:
        yield at
        at = before[at]
