"""Explains a verdict: the arguments that decide it, and the smallest removal that changes it."""

from collections import deque
from collections.abc import Collection, Sequence

from graph.budgets import OutOfTime, Timeout
from graph.evaluation.asked import asked
from graph.evaluation.explanation.ancestors import Cone
from graph.evaluation.explanation.minimal_sets import smallest_changes, smallest_sufficient, sufficient
from graph.evaluation.labelling.defaults import BOTH, of_both
from graph.evaluation.labelling.labelling import VERDICTS, causes, labels
from graph.evaluation.strength.incremental import incremental_strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from schemas.evaluation import Stopped
from schemas.evaluation_query import WhyQuery
from schemas.why import Flip, WhyAnswer

_DIGITS = 12


def why(graph: ArgumentGraph, query: WhyQuery, budget: Timeout | None = None) -> WhyAnswer:
    """Why a node has its verdict and strength; bounded by the budget. Raises `Refused` for an unknown id."""
    number = asked(graph, query.id, "/id")
    labelled = labels(graph)
    compact = labelled.arrays.compact(graph.size)
    at = int(compact[number])
    label = int(labelled.labels[at])
    budget = budget or Timeout(2.0)
    cone = Cone(labelled.arrays, at, budget.part(0.5))
    holding = {int(compact[n]) for n in _holding(graph, number)}
    kept = {cone.target, *(cone.local(n) for n in holding.intersection(cone.nodes))}
    reason: Stopped | None = None
    try:
        deciding, proven = _deciding(cone, label)
    except OutOfTime:
        deciding, proven = [], False
    cone.budget = budget
    flip = None
    try:
        if found := _flip(cone, label, kept):
            flip = Flip(tuple(_name(graph, cone, i) for i in found[0]), VERDICTS[found[1]])
    except OutOfTime:
        proven = False
    if not proven:
        reason = "budget"
    strength = incremental_strengths(graph).of(number)
    return WhyAnswer(
        graph.map, graph.revision, query.id, BOTH, of_both(), VERDICTS[label],
        causes(labelled.arrays, labelled.labels)[at], round(strength or 0.0, _DIGITS),
        tuple(sorted(_name(graph, cone, i) for i in deciding)), flip, reason is None, reason,
    )  # fmt: skip


def _name(graph: ArgumentGraph, cone: Cone, i: int) -> str:
    return graph.id(int(cone.arrays.numbers[cone.nodes[i]]))


def _deciding(cone: Cone, label: int) -> tuple[list[int], bool]:
    if label:
        return smallest_sufficient(cone, cone.target, label)
    return [i for i in _way_into_a_circle(cone) if cone.is_argument[i]], True


def _way_into_a_circle(cone: Cone) -> list[int]:
    """The shortest way back from the target, through undecided nodes, that ends in a node it has visited."""
    label = cone.labels()
    ways: deque[tuple[int, ...]] = deque([(cone.target,)])
    shortest: dict[int, int] = {}
    while ways:
        way = ways.popleft()
        cone.budget.check()
        for before in cone.inputs(way[-1]):
            if label[before]:
                continue
            if before in way:
                return list(way)
            if shortest.setdefault(before, len(way)) >= len(way):
                ways.append((*way, before))
    return []


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


def _flip(cone: Cone, label: int, kept: Collection[int]) -> tuple[tuple[int, ...], int] | None:
    """A smallest removal by local numbers, which follow the ids, and the label it leads to; `kept` ones stay."""

    def branch(removed: tuple[int, ...]) -> Sequence[int] | None:
        found = cone.labels(removed)
        if found[cone.target] != label:
            return None
        if not label:  # to take out what is rejected changes nothing
            return [i for i in range(len(cone.nodes)) if found[i] >= 0 and i not in kept]
        held = sufficient(cone, cone.target, label, removed)
        items = dict.fromkeys([*held, *(p for a in held for p in cone.premises(a))])
        return [i for i in items if i not in kept]

    for remove in smallest_changes(branch):
        return remove, int(cone.labels(remove)[cone.target])
    return None
