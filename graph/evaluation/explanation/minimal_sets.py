"""The smallest sets of arguments that decide a label, and the smallest removals that change something."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

from pysat.examples.hitman import Hitman

from graph.budgets import OutOfTime
from graph.evaluation.explanation.ancestors import Cone

Decides = Callable[[Collection[int]], bool]
EXACT_AT_MOST = 200
"""Candidates up to which the smallest set is proven; beyond, a set of which no member can be left out is given."""


def sufficient(cone: Cone, at: int, label: int, gone: Collection[int] = ()) -> list[int]:
    """A set of arguments, no member dispensable, that gives `at` its label whatever becomes of the others.

    QuickXplain (Junker 2004) over the arguments of one derivation of the label: O(k log(n / k)) labellings for k
    members among the n arguments of the derivation, however many the cone has.
    """
    candidates = reasons(cone, at, gone)
    decides = _decider(cone, at, label, gone)
    if decides(()):
        return []
    return _explain(decides, [], [], candidates) if candidates else []


def reasons(cone: Cone, at: int, gone: Collection[int] = ()) -> list[int]:
    """The accepted arguments of one derivation of a label: they decide it, though some may be dispensable."""
    accepted = cone.labels(gone)
    size = len(cone.nodes)
    return sorted(i for i in cone.reason(at, gone) if i < size and cone.is_argument[i] and accepted[i] > 0)


def smallest_sufficient(cone: Cone, at: int, label: int) -> tuple[list[int], bool]:
    """The smallest such set, and whether that is proven.

    A smallest hitting set of the complements of maximal sets that do not decide (implicit hitting sets;
    Ignatiev et al. 2015), where there are few candidates and while the budget lasts.
    """
    best = reasons(cone, at)  # what stands where the budget ends before any of them is left out
    try:
        best = sufficient(cone, at, label)
        candidates = _accepted(cone, ())
    except OutOfTime:
        return best, False
    if len(best) <= 1:
        return best, True
    if len(candidates) > EXACT_AT_MOST:
        return best, False
    decides = _decider(cone, at, label, ())
    try:
        with Hitman(solver="g4", htype="sorted") as hitting:
            while True:
                chosen = sorted(hitting.get() or [])
                if len(chosen) >= len(best):
                    return best, True
                if decides(chosen):
                    return chosen, True
                hitting.hit(_missing(decides, chosen, candidates))
    except OutOfTime:
        return best, False


def _accepted(cone: Cone, gone: Collection[int]) -> list[int]:
    labels = cone.labels(gone)
    return [i for i, argument in enumerate(cone.is_argument) if argument and labels[i] > 0]


def _decider(cone: Cone, at: int, label: int, gone: Collection[int]) -> Decides:
    arguments = [i for i, argument in enumerate(cone.is_argument) if argument]

    def decides(chosen: Collection[int]) -> bool:
        kept = set(chosen)
        return bool(cone.labels(gone, (i for i in arguments if i not in kept))[at] == label)

    return decides


def _explain(decides: Decides, fixed: list[int], delta: list[int], open_: list[int]) -> list[int]:
    if delta and decides(fixed):
        return []
    if len(open_) == 1:
        return open_
    half = len(open_) // 2
    first, second = open_[:half], open_[half:]
    from_second = _explain(decides, fixed + first, first, second)
    from_first = _explain(decides, fixed + from_second, from_second, first)
    return from_first + from_second


def _missing(decides: Decides, chosen: Sequence[int], candidates: Sequence[int]) -> list[int]:
    """What is left out of a maximal set that holds `chosen` and does not decide."""
    held, out = list(chosen), []
    for candidate in candidates:
        if candidate not in held:
            if decides([*held, candidate]):
                out.append(candidate)
            else:
                held.append(candidate)
    return out


Item = TypeVar("Item", bound="str | int")


def smallest_changes(branch: Callable[[tuple[Item, ...]], Sequence[Item] | None]) -> Iterator[tuple[Item, ...]]:
    """Sets of items that make a change, smallest first, each once (hitting-set tree, breadth first; Reiter 1987).

    `branch` names, for items that do not make the change, items of which every larger set that does must hold one.
    What it names for some items holds for more of them as long as none of the named ones is among them, so that it is
    asked again only where all it has named is hit.
    """
    level: list[tuple[Item, ...]] = [()]
    named: list[tuple[frozenset[Item], tuple[Item, ...], frozenset[Item]]] = []
    while level:
        following: dict[tuple[Item, ...], None] = {}
        for removed in level:
            out = set[Item](removed)
            more = next((m for base, m, items in named if base <= out and not items & out), None)
            if more is None:
                asked: Sequence[Item] | None = branch(removed)
                if asked is None:
                    yield removed
                    continue
                more = tuple(item for item in asked if item not in out)
                named.append((frozenset(out), more, frozenset(more)))
            for item in more:
                following[_with(removed, item)] = None
        level = list(following)


def _with(items: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    at = bisect_left(items, item)
    return (*items[:at], item, *items[at:])
