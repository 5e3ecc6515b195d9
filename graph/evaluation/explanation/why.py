"""Explains a verdict: both sides, the arguments that decide it, and the smallest removal that changes it."""

from collections.abc import Collection, Iterator, Sequence

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.evaluation.asked import asked
from graph.evaluation.defaults import BOTH, of_both
from graph.evaluation.explanation.ancestors import Ancestors
from graph.evaluation.explanation.budget import EXPLAINING
from graph.evaluation.explanation.deciding import deciding
from graph.evaluation.explanation.minimal_sets import Smallest, smallest_changes
from graph.evaluation.explanation.removable import removable_items
from graph.evaluation.explanation.support import support_key
from graph.evaluation.explanation.verdict_change import VerdictChange
from graph.evaluation.labelling.causes import causes, standings
from graph.evaluation.labelling.labelling import VERDICTS, Labelled, labels
from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.weight_account import weight_account
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from schemas.evaluation_query import WhyQuery
from schemas.why import Contender, Flip, WhyAnswer

_DIGITS = 12


def why(graph: ArgumentGraph, query: WhyQuery, budget: StepBudget = EXPLAINING) -> WhyAnswer:
    """Why a node has its verdict and strength; bounded by steps. Raises `Refused` for an unknown id."""
    number = asked(graph, query.id, "/id")
    labelled = labels(graph)
    compact = labelled.arrays.compact(graph.size)
    at = int(compact[number])
    label = int(labelled.labels[at])
    ancestors = Ancestors(labelled.arrays, labelled.weights, at, Allowance(budget))
    kept = {int(compact[n]) for n in _holding(graph, number)} | {at}
    items = removable_items(graph, ancestors, "nodes", {i for i, n in enumerate(ancestors.compact) if n in kept})
    change = VerdictChange(ancestors, items, lambda other: other != label)
    chosen, proven = _deciding(graph, change)
    ancestors.allowance.renew(budget)
    found = smallest_changes(change, ancestors.allowance)
    complete = proven and not found.is_cut_off
    strength = incremental_strengths(graph).of(number)
    ancestors.allowance.renew(StepBudget(2 * ancestors.cost))  # what was found is looked at once more
    sides = _Sides(graph, labelled, number)
    return WhyAnswer(
        graph.map, graph.revision, query.id, BOTH, "weighed", of_both(graph), VERDICTS[label],
        causes(labelled, labelled.labels)[at], standings(labelled, labelled.labels)[at],
        round(strength or 0.0, _DIGITS), weight_account(graph, number),
        tuple(sorted(_id(graph, ancestors, i) for i in chosen)), sides.favour(), sides.against(),
        _flip(change, found), complete, None if complete else "budget",
    )  # fmt: skip


def _id(graph: ArgumentGraph, ancestors: Ancestors, i: int) -> str:
    return graph.id(int(ancestors.arrays.numbers[i]))


def _deciding(graph: ArgumentGraph, change: VerdictChange) -> tuple[list[int], bool]:
    ancestors = change.ancestors
    numbers, weights = ancestors.arrays.numbers, ancestors.weights

    def ranked(arguments: Sequence[int]) -> list[int]:
        return sorted(arguments, key=lambda i: support_key(graph, int(numbers[i]), float(weights[i])))

    try:
        return deciding(ancestors, change.reasons(()), ranked)
    except OutOfSteps:
        return [], False


def _flip(change: VerdictChange, found: Smallest) -> Flip | None:
    if not found.sets:
        return None
    [items, *_] = found.sets
    to = change.label(items) or 0
    remove = tuple(change.items.id(i) for i in items)
    return Flip(remove, VERDICTS[to], found.is_smallest, min(found.at_least, len(items)))


def _holding(graph: ArgumentGraph, number: int) -> set[int]:
    """What an argument falls out of the view with: its target, and where that is an argument, all that this needs.

    Its own premises are not among them: without one of these it is said to be rejected.
    """
    found: set[int] = set()
    at = number
    while graph.kind(at) == ARGUMENT and (at := graph.target(at)) not in found:
        found.add(at)
        if graph.kind(at) == ARGUMENT:
            found.update(graph.premises(at))
    return found.difference(graph.premises(number)) if found else found


class _Sides:
    """What speaks for a node and against it, the heaviest first."""

    def __init__(self, graph: ArgumentGraph, labelled: Labelled, number: int) -> None:
        self._graph, self._number = graph, number
        self._place = labelled.arrays.compact(graph.size)
        self._labels, self._weights = labelled.labels, labelled.weights
        self._own = self._own_label(labelled)

    def favour(self) -> tuple[Contender, ...]:
        """The own ground of a statement and what supports it; of an argument its backing."""
        return self._ordered(self._own_ground(self._number), self._steps(self._number, 1))

    def against(self) -> tuple[Contender, ...]:
        """What opposes a node; of an argument also what stands on the other side at its target."""
        graph, number = self._graph, self._number
        found = [*self._steps(number, -1)]
        own: Iterator[Contender] = iter(())
        target = graph.target(number) if graph.kind(number) == ARGUMENT else number
        if target != number and graph.kind(target) != ARGUMENT:
            found += self._steps(target, -graph.sign(number))
            if graph.sign(number) < 0:
                own = self._own_ground(target)
        return self._ordered(own, iter(found))

    def _ordered(self, own: Iterator[Contender], steps: Iterator[Contender]) -> tuple[Contender, ...]:
        return tuple(sorted((*own, *steps), key=lambda one: (-one.weight, one.id)))

    def _steps(self, number: int, sign: int) -> Iterator[Contender]:
        graph = self._graph
        for argument in graph.incoming(number):
            if graph.sign(argument) == sign and argument != self._number:
                at = int(self._place[argument])
                premises = tuple(sorted(graph.id(p) for p in graph.premises(argument)))
                label = VERDICTS[int(self._labels[at])]
                yield Contender(graph.id(argument), float(self._weights[at]), label, premises)

    def _own_ground(self, number: int) -> Iterator[Contender]:
        weight = float(self._weights[int(self._place[number])])
        if self._graph.kind(number) != ARGUMENT and weight > 0.0:
            yield Contender(self._graph.id(number), weight, VERDICTS[self._own.get(number, 0)])

    def _own_label(self, labelled: Labelled) -> dict[int, int]:
        graph, found = self._graph, {}
        ends: Collection[int] = {self._number, graph.target(self._number)} - {-1}
        for number in ends:
            at = int(self._place[number])
            if graph.kind(number) != ARGUMENT:
                gate = labelled.gates.own.get(at, at)
                found[number] = int(labelled.every[gate])
        return found
