"""What a conclusion rests on: smallest sets without which it loses its ground, and single items that flip it."""

from collections.abc import Collection, Sequence

from graph.budgets import OutOfTime, Timeout
from graph.evaluation.asked import asked
from graph.evaluation.explanation.ancestors import Cone
from graph.evaluation.explanation.minimal_sets import smallest_changes, sufficient
from graph.evaluation.explanation.removable import Holders
from graph.evaluation.labelling.defaults import LABELLED, of_labelling
from graph.evaluation.labelling.labelling import VERDICTS, labels
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from schemas.crux import CruxesAnswer, Cut, SingleCrux
from schemas.evaluation import Stopped
from schemas.evaluation_query import CruxesQuery


def cruxes(graph: ArgumentGraph, query: CruxesQuery, budget: Timeout | None = None) -> CruxesAnswer:
    """The minimum cuts between a conclusion and its ground, and the items that flip its verdict alone.

    Exact: a hitting-set tree over the sets that give the ground, so that linked premises, undercuts and reinstatement
    count as they do in the labelling; bounded by the budget. Raises `Refused` for an unknown id.
    """
    number = asked(graph, query.target, "/target")
    labelled = labels(graph)
    at = int(labelled.arrays.compact(graph.size)[number])
    budget = budget or Timeout()
    cone = Cone(labelled.arrays, at, budget.part(0.5))
    holders = Holders(graph, cone, query.over)
    single: list[SingleCrux] = []
    cuts: list[Cut] = []
    reasons: list[Stopped] = []
    try:
        _single(cone, holders, single)
    except OutOfTime:
        reasons.append("budget")
    cone.budget = budget
    try:
        _cuts(cone, holders, query.limit, cuts)
    except OutOfTime:
        reasons.append("budget")
    if len(cuts) > query.limit or len(single) > query.limit:
        reasons.append("limit")
    return CruxesAnswer(
        graph.map, graph.revision, query.target, query.over, LABELLED, of_labelling(),
        VERDICTS[int(labelled.labels[at])],
        tuple(cuts[: query.limit]), tuple(single[: query.limit]), not reasons, reasons[0] if reasons else None,
    )  # fmt: skip


def _single(cone: Cone, holders: Holders, found: list[SingleCrux]) -> None:
    label = cone.labels()
    before = label[cone.target]
    # A derivation of the label stands while none of its accepted nodes falls; of what is undecided there is none.
    bearing = {i for i in cone.reason(cone.target) if label[i] > 0} | {cone.target} if before else None
    for item in holders.items():
        fallen = holders.fallen((item,))
        if bearing is not None and fallen.isdisjoint(bearing):
            continue
        if cone.target in fallen:
            found.append(SingleCrux(item, VERDICTS[int(before)], None))
        elif fallen and (after := cone.labels(fallen)[cone.target]) != before:
            found.append(SingleCrux(item, VERDICTS[int(before)], VERDICTS[int(after)]))


def _cuts(cone: Cone, holders: Holders, limit: int, found: list[Cut]) -> None:
    """Cuts of the smallest size, at most one more than the limit."""
    ground = _ground(cone)
    if ground is None or not _holds(cone, ground, ()):
        return

    def branch(removed: tuple[str, ...]) -> Sequence[str] | None:
        fallen = holders.fallen(removed)
        if cone.target in fallen or not _holds(cone, ground, fallen):
            return None
        at, label = ground
        held = sufficient(cone, at, label, fallen) if at != cone.target else []
        return holders.of({cone.target, *held, *(p for a in held for p in cone.premises(a))})

    for removed in smallest_changes(branch):
        if found and len(removed) > len(found[0].members):
            return
        found.append(Cut(removed))
        if len(found) > limit:
            return


def _ground(cone: Cone) -> tuple[int, int] | None:
    """The place and the label that say that the target has a ground; of an asserted one that it is there at all."""
    if cone.arrays.kinds[cone.nodes[cone.target]] == ARGUMENT:
        return cone.target, 1
    helper = cone.groundless.get(cone.target)
    return (cone.target, 0) if helper is None else (helper, -1)


def _holds(cone: Cone, ground: tuple[int, int], fallen: Collection[int]) -> bool:
    at, label = ground
    return label == 0 or bool(cone.labels(fallen)[at] == label)
