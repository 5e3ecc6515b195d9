"""Contested pairs: two that contradict each other, of which nothing decides which one stands."""

from collections.abc import Iterator, Sequence

from graph.budgets import OutOfSteps
from graph.evaluation.explanation.ancestors import Ancestors
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.crux import ContestedPair

Pair = tuple[int, int]


def contested_pairs(graph: ArgumentGraph, ancestors: Ancestors) -> tuple[list[ContestedPair], bool]:
    """The contested pairs among the ancestors of a node, those first that settle it, then those that settle most.

    What a pair settles is what is decided whichever of the two is taken out. Whether these are all; bounded by the
    ancestors' allowance.
    """
    found: list[tuple[bool, ContestedPair]] = []
    whole = True
    try:
        labels = ancestors.labels()
        for pair, steps in sorted(_pairs(ancestors, labels).items()):
            settled = _settled(ancestors, labels, pair)
            ids = [graph.id(int(ancestors.arrays.numbers[i])) for i in (*pair, *sorted(steps))]
            names = tuple(sorted(graph.id(int(ancestors.arrays.numbers[i])) for i in settled))
            told = ContestedPair((ids[0], ids[1]), tuple(sorted(ids[2:])), names)
            found.append((int(ancestors.target) in settled or int(ancestors.target) in pair, told))
    except OutOfSteps:
        whole = False
    found.sort(key=lambda one: (not one[0], -len(one[1].settles), one[1].pair))
    return [told for _, told in found], whole


def _pairs(ancestors: Ancestors, labels: Sequence[int]) -> dict[Pair, set[int]]:
    """Each pair by local number, with the undecided arguments between the two."""
    found: dict[Pair, set[int]] = {}
    for argument in range(len(ancestors)):
        if ancestors.is_argument[argument] and labels[argument] == 0 and ancestors.arrays.sign[argument] < 0:
            target = int(ancestors.arrays.target[argument])
            if labels[target] == 0:
                pair = _ordered(_speaker(ancestors, labels, argument), target)
                found.setdefault(pair, set()).add(argument)
    return found


def _speaker(ancestors: Ancestors, labels: Sequence[int], argument: int) -> int:
    """What stands behind an argument: its premise, where it has one that is undecided, else the argument itself."""
    premises = [p for p in ancestors.premises(argument) if labels[p] == 0]
    alone = len(premises) == 1 and premises[0] != ancestors.arrays.target[argument]
    return premises[0] if alone else argument


def _ordered(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _settled(ancestors: Ancestors, labels: Sequence[int], pair: Pair) -> set[int]:
    """The statements and motives, beside the two, that are decided whichever of the two is taken out."""
    decided: set[int] | None = None
    for side in pair:
        after = ancestors.labels((side,))
        now = {n for n in _conclusions(ancestors) if labels[n] == 0 and after[n] and n not in pair}
        decided = now if decided is None else decided & now
    return decided or set()


def _conclusions(ancestors: Ancestors) -> Iterator[int]:
    return (n for n in range(len(ancestors)) if not ancestors.is_argument[n])
