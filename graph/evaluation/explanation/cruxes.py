"""What a conclusion rests on: smallest sets without which it loses its ground, single items, contested pairs."""

from collections.abc import Iterator, Sequence

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.evaluation.asked import asked
from graph.evaluation.explanation.ancestors import Ancestors
from graph.evaluation.explanation.budget import EXPLAINING
from graph.evaluation.explanation.minimal_sets import smallest_changes
from graph.evaluation.explanation.reasons import needed_alone
from graph.evaluation.explanation.removable import removable_items
from graph.evaluation.explanation.verdict_change import Goal, VerdictChange
from graph.evaluation.labelling.labelling import VERDICTS, labels
from graph.evaluation.weights import LABELLED, of_labelling
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.crux import ContestedPair, CruxesAnswer, Cut, SingleCrux
from schemas.evaluation import Stopped
from schemas.evaluation_query import CruxesQuery

_LOSSES: dict[int, Goal] = {
    1: lambda after: after != 1,
    0: lambda after: after in (-1, None),
    -1: lambda after: after in (0, 1),
}
"""By the label of a conclusion, after what label it has lost what it rests on."""


def cruxes(graph: ArgumentGraph, query: CruxesQuery, budget: StepBudget = EXPLAINING) -> CruxesAnswer:
    """The smallest sets that a verdict rests on, the items that flip it alone, and the contested pairs it turns on.

    Linked premises, undercuts, reinstatement and what lighter own grounds lose count as they do in the labelling. Of an
    accepted conclusion a cut takes its acceptance, of an undecided one every ground that is not rejected, of a rejected
    one what rejects it. Bounded by steps. Raises `Refused` for an unknown id.
    """
    number = asked(graph, query.target, "/target")
    labelled = labels(graph)
    at = labelled.arrays.place(number)
    label = int(labelled.labels[at])
    ancestors = Ancestors(labelled.arrays, labelled.weights, at, Allowance(budget))
    items = removable_items(graph, ancestors, query.over, {int(ancestors.target)})
    reasons: list[Stopped] = []
    node_labels = labelled.labels[ancestors.compact].tolist()
    cut = VerdictChange(ancestors, items, _LOSSES[label])
    found = smallest_changes(cut, ancestors.allowance, query.limit)
    if found.is_cut_off:
        reasons.append("budget")
    ancestors.allowance.renew(budget)
    flip = cut if label > 0 else VerdictChange(ancestors, items, lambda other: other != label)
    single, whole = _single(flip, label, query.limit)
    if not whole:
        reasons.append("budget")
    ancestors.allowance.renew(budget)
    pairs, whole = contested_pairs(graph, ancestors)
    if not whole:
        reasons.append("budget")
    if found.has_more or len(single) > query.limit or len(pairs) > query.limit:
        reasons.append("limit")
    return CruxesAnswer(
        graph.map, graph.revision, query.target, query.over, LABELLED, "weighed", of_labelling(graph), VERDICTS[label],
        tuple(Cut(tuple(items.id(i) for i in some)) for some in found.sets if some),
        min([found.at_least, *map(len, found.sets[:1])]) if found.sets or found.is_cut_off else 0,
        tuple(single[: query.limit]), tuple(pairs[: query.limit]), tuple(_rejecting(graph, ancestors, node_labels)),
        not reasons, reasons[0] if reasons else None,
    )  # fmt: skip


def _single(change: VerdictChange, label: int, limit: int) -> tuple[list[SingleCrux], bool]:
    """The items that change the verdict alone, at most one more than the limit, and whether these are all."""
    found: list[SingleCrux] = []
    try:
        reasons = change.reasons(())
        candidates = change.items.all() if reasons is None else needed_alone(reasons)
        sure = reasons is not None and change.is_sure and not reasons.later and change.ancestors.is_acyclic
        for item in candidates:
            if int(change.ancestors.target) in change.items.fallen((item,)):
                after: int | None = None
            elif sure:
                after = -label
            elif (after := change.label((item,))) == label:
                continue
            found.append(SingleCrux(change.items.id(item), VERDICTS[label], None if after is None else VERDICTS[after]))
            if len(found) > limit:
                break
    except OutOfSteps:
        return found, False
    return found, True


def _rejecting(graph: ArgumentGraph, ancestors: Ancestors, labels: list[int]) -> Iterator[str]:
    """What rejects the target: accepted arguments against it, or premises that fell."""
    target = int(ancestors.target)
    if labels[target] >= 0:
        return
    against = [a for a in ancestors.rivals(target) if labels[a] > 0]
    fallen = [p for p in ancestors.premises(target) if labels[p] < 0]
    yield from sorted(graph.id(ancestors.arrays.number(i)) for i in (*against, *fallen))


# --- contested pairs -------------------------------------------------------------------------------

Pair = tuple[int, int]
"""Two by local number that contradict each other, of which nothing decides which one stands."""


def contested_pairs(graph: ArgumentGraph, ancestors: Ancestors) -> tuple[list[ContestedPair], bool]:
    """The contested pairs among the ancestors of a node, those first that settle it, then those that settle most.

    What a pair settles is what is decided whichever of the two is taken out. Whether these are all; bounded by the
    ancestors' allowance.
    """
    found: list[tuple[bool, ContestedPair]] = []
    whole = True
    try:
        for pair, steps in sorted(_pairs(ancestors, ancestors.standing[0]).items()):
            settled = _settled(ancestors, pair)
            ids = [graph.id(ancestors.arrays.number(i)) for i in (*pair, *sorted(steps))]
            names = tuple(sorted(graph.id(ancestors.arrays.number(i)) for i in settled))
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


def _settled(ancestors: Ancestors, pair: Pair) -> set[int]:
    """The statements and motives, beside the two, that are decided whichever of the two is taken out."""
    one, other = (set(ancestors.decided_without((side,))) for side in pair)
    nodes = one.intersection(other).difference(pair)
    return {n for n in nodes if n < len(ancestors) and not ancestors.is_argument[n]}
