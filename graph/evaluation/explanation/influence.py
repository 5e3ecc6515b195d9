"""How much each node moves the strength of another: by taking it out, or by the slope of its weight."""

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.evaluation.asked import asked
from graph.evaluation.defaults import of_strength
from graph.evaluation.explanation.ancestors import upstream
from graph.evaluation.explanation.budget import EXPLAINING
from graph.evaluation.explanation.removal import Removal
from graph.evaluation.strength.gradient import Unsettled, gradient
from graph.evaluation.strength.part import Part
from graph.evaluation.strength.strength import Strengths, strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import NONE
from schemas.evaluation import Stopped
from schemas.evaluation_query import InfluenceQuery
from schemas.influence import Influence, InfluenceAnswer
from schemas.vocabulary import KINDS as NODE_KINDS

_DIGITS = 12


def influence(graph: ArgumentGraph, query: InfluenceQuery, budget: StepBudget = EXPLAINING) -> InfluenceAnswer:
    """The influence of everything that bears on the target, largest first; a limit gives the first ones.

    By gradient O(ancestors and their links); by removal for each ancestor what taking it out reaches, bounded by steps:
    nodes near the target come first, so that what is cut off is the farthest. Raises `Refused` for an unknown id.
    """
    number = asked(graph, query.target, "/target")
    found = strengths(graph, query.semantics)
    arrays = found.network.arrays
    at = int(arrays.compact(graph.size)[number])
    values: dict[int, float] = {}
    reason: Stopped | None = None
    try:
        if query.method == "gradient":
            values = _gradient(found, at)
        else:
            _removal(found, at, Allowance(budget), values)
    except (OutOfSteps, Unsettled):
        reason = "budget"
    values.pop(at, None)
    rounded = {i: round(value, _DIGITS) + 0.0 for i, value in values.items()}
    ranked = sorted(rounded.items(), key=lambda item: (-abs(item[1]), item[0]))
    items = tuple(
        Influence(graph.id(int(arrays.numbers[i])), NODE_KINDS[int(arrays.kinds[i])], value)
        for i, value in ranked[: query.limit]
    )
    if reason is None and len(ranked) > query.limit:
        reason = "limit"
    return InfluenceAnswer(
        graph.map, graph.revision, query.target, query.method, query.semantics, of_strength(graph),
        round(found.of(number) or 0.0, _DIGITS), items, reason is None, reason,
    )  # fmt: skip


def _gradient(found: Strengths, at: int) -> dict[int, float]:
    arrays, position = found.network.arrays, found.network.position
    above = upstream(arrays, at)
    part = Part(found, above)
    cell, scale = int(position[at]), 1.0
    if cell == NONE:  # an argument that is its premise times its own weight
        cell, scale = int(position[int(arrays.premises.of(at)[0])]), float(found.network.weights[at])
    slopes = gradient(part, part.strength, int(part.local[cell]))
    return dict(zip(above, (scale * slopes[above]).tolist(), strict=True))


def _removal(found: Strengths, at: int, allowance: Allowance, values: dict[int, float]) -> None:
    above = upstream(found.network.arrays, at)
    without = Removal(found, above, at, allowance)
    base = without.base
    for i in above:  # in order of distance
        values[i] = base - without.strength(i)
