"""How much each node moves the strength of another: by taking it out, or by the slope of its credence."""

import numpy as np

from graph.budgets import OutOfTime, Timeout
from graph.evaluation.asked import asked
from graph.evaluation.explanation.ancestors import upstream
from graph.evaluation.labelling.defaults import of_strength
from graph.evaluation.strength.gradient import Unsettled, gradient
from graph.evaluation.strength.part import Part
from graph.evaluation.strength.solver import solve_layers
from graph.evaluation.strength.strength import Strengths, strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT, NONE
from schemas.evaluation import Stopped
from schemas.evaluation_query import InfluenceQuery
from schemas.influence import Influence, InfluenceAnswer
from schemas.vocabulary import KINDS as NODE_KINDS

_DIGITS = 12


def influence(graph: ArgumentGraph, query: InfluenceQuery, budget: Timeout | None = None) -> InfluenceAnswer:
    """The influence of everything that bears on the target, largest first; a limit gives the first ones.

    By gradient O(cone); by removal O(cone) for each node in it, bounded by the budget: nodes near the target come
    first, so that what is cut off is the farthest. Raises `Refused` for an unknown id.
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
            _removal(found, at, budget or Timeout(), values)
    except (OutOfTime, Unsettled):
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
        graph.map, graph.revision, query.target, query.method, query.semantics, of_strength(),
        round(found.of(number) or 0.0, _DIGITS), items, reason is None, reason,
    )  # fmt: skip


def _gradient(found: Strengths, at: int) -> dict[int, float]:
    arrays, position = found.network.arrays, found.network.position
    above = upstream(arrays, at)
    part = Part(found, above)
    cell, scale = int(position[at]), 1.0
    if cell == NONE:  # an argument that is its premise times its own weight
        cell, scale = int(position[int(arrays.premises.of(at)[0])]), float(arrays.credence[at])
    slopes = gradient(part, part.strength, int(part.local[cell]))
    return dict(zip(above, (scale * slopes[above]).tolist(), strict=True))


def _removal(found: Strengths, at: int, budget: Timeout, values: dict[int, float]) -> None:
    above = upstream(found.network.arrays, at)
    without = _Without(found, above, at)
    base = without.strength(())
    for i in above:  # in order of distance
        budget.check()
        values[i] = base - without.strength((i,))


class _Without:
    """The strength of a target with some of what it depends on taken out."""

    def __init__(self, found: Strengths, above: list[int], at: int) -> None:
        self.at = at
        self.semantics = found.semantics
        self.part = Part(found, above)

    def strength(self, gone: tuple[int, ...]) -> float:
        """The target's strength without some nodes: what needs them weighs nothing any more."""
        part, arrays = self.part, self.part.network.arrays
        dead = set(gone)
        for i in gone:
            if arrays.kinds[i] != ARGUMENT:
                dead.update(arrays.outgoing.of(i).tolist())
        if self.at in dead:
            return 0.0
        signed = part.cells.signed
        if dead:
            signed = np.where(np.isin(part.steps, list(dead)), 0.0, signed)
        values = solve_layers(part.cells._replace(signed=signed), part.layers, self.semantics).strength
        position = part.network.position
        if position[self.at] != NONE:
            return float(values[part.local[position[self.at]]])
        premise = int(position[int(arrays.premises.of(self.at)[0])])
        return float(arrays.credence[self.at] * values[part.local[premise]])
