"""How much each node moves the strength of another: by taking it out, or by the slope of its credence."""

from typing import Any

import numpy as np

from graph.budgets import OutOfTime, Timeout
from graph.evaluation.asked import asked
from graph.evaluation.explanation.ancestors import upstream
from graph.evaluation.labelling.defaults import of_strength
from graph.evaluation.strength.gradient import gradient
from graph.evaluation.strength.network import Network
from graph.evaluation.strength.solver import KINDS, pass_through, tools
from graph.evaluation.strength.strength import Strengths, strengths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Floats
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
            values = _gradient(found, at, budget or Timeout())
        else:
            _removal(found, at, budget or Timeout(), values)
    except OutOfTime:
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


def _gradient(found: Strengths, at: int, budget: Timeout) -> dict[int, float]:
    network, arrays = found.network, found.network.arrays
    above = upstream(arrays, at)
    part = _Part(found, above, at)
    budget.check()
    cell, scale = int(network.position[at]), 1.0
    if cell == NONE:  # an argument that is its premise times its own credence
        premise = int(arrays.premises.of(at)[0])
        cell, scale = int(network.position[premise]), float(arrays.credence[at])
    strength = found.whole[part.cells]
    slopes = gradient(part.small, part.kit, part.kind, strength, int(part.local[cell]), part.steps, budget)
    return dict(zip(above, (scale * slopes[above]).tolist(), strict=True))


def _removal(found: Strengths, at: int, budget: Timeout, values: dict[int, float]) -> None:
    arrays = found.network.arrays
    above = upstream(arrays, at)
    part = _Part(found, above, at)
    base = part.strength(())
    for i in above:  # in order of distance
        budget.check()
        values[i] = base - part.strength((i,))


class _Part:
    """The cells that a target depends on, as a network of their own."""

    def __init__(self, found: Strengths, above: list[int], at: int) -> None:
        self.network = found.network
        self.kind = KINDS[found.semantics]
        self.at = at
        whole, arrays = found.network, found.network.arrays
        self.cells = np.sort(
            whole.position[np.asarray([i for i in above if whole.position[i] != NONE], dtype=np.int64)]
        )
        local = np.full(len(whole), NONE, dtype=np.int32)
        local[self.cells] = np.arange(len(self.cells), dtype=np.int32)
        self.local = local
        starts, at_entry = _rows(whole.starts, self.cells)
        leads, at_lead = _rows(whole.leads, self.cells)
        entries = whole.entries[at_entry]
        self.weights = whole.weights[at_entry]
        _, rows = _rows(arrays.incoming.starts, whole.compact[self.cells])
        self.steps = arrays.incoming.values[rows]
        """The argument of each entry."""
        component = np.searchsorted(whole.bounds, self.cells, side="right") - 1
        first = np.flatnonzero(np.diff(component, prepend=-1))
        ring = whole.ring[component[first]]
        bounds = np.append(first, len(self.cells)).astype(np.int32)
        self.small = Network(
            arrays, whole.position, whole.compact[self.cells], starts, local[entries >> 1] * 2 + (entries & 1),
            self.weights, whole.base[self.cells], leads, local[whole.premises[at_lead]], bounds, ring,
        )  # fmt: skip
        self.kit = tools(self.small)

    def strength(self, gone: tuple[int, ...]) -> float:
        """The target's strength without some nodes: what needs them weighs nothing any more."""
        arrays = self.network.arrays
        dead = set(gone)
        for i in gone:
            if arrays.kinds[i] != ARGUMENT:
                dead.update(arrays.outgoing.of(i).tolist())
        if self.at in dead:
            return 0.0
        cut: list[int] = np.flatnonzero(np.isin(self.steps, list(dead))).tolist() if dead else []
        weights: Any = self.kit.net[2]
        kept = [float(weights[k]) for k in cut]
        for k in cut:
            weights[k] = 0.0
        s = self.kit.zeros(len(self.cells))
        bounds, ring = self.small.bounds, self.small.ring
        if not self.kit.compiled:
            values, _ = pass_through(self.kit, self.kind, s, bounds.tolist(), ring.tolist())
        else:
            values, _ = pass_through(self.kit, self.kind, s, bounds, ring)
        for k, weight in zip(cut, kept, strict=True):
            weights[k] = weight
        return self._target(values)

    def _target(self, values: Floats) -> float:
        position = int(self.network.position[self.at])
        if position != NONE:
            return float(values[self.local[position]])
        arrays = self.network.arrays
        premise = int(self.network.position[int(arrays.premises.of(self.at)[0])])
        return float(arrays.credence[self.at] * values[self.local[premise]])


def _rows(starts: Any, rows: Any) -> tuple[Any, Any]:
    widths = np.diff(starts)[rows]
    ends = np.zeros(len(rows) + 1, dtype=np.int32)
    np.cumsum(widths, out=ends[1:])
    return ends, np.arange(ends[-1]) + np.repeat(np.asarray(starts)[rows] - ends[:-1], widths)
