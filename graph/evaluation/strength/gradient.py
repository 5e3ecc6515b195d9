"""How fast a strength grows with each weight that it depends on: the adjoint method, in sparse matrices."""

from typing import Any

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import splu, spsolve_triangular

from graph.evaluation.strength.block import Block, Side
from graph.evaluation.strength.formulas import ARRAYS
from graph.evaluation.strength.part import Part
from graph.evaluation.strength.solver import stretches
from graph.snapshot.arrays import Floats

_DIRECT = 500
"""Cells of a cyclic part up to which its linear system is factorised; larger ones are too dense for that."""
_STEPS = (0.5, 0.1, 0.02)
"""Lengths of the steps of the iteration, each tried where the one before does not settle."""
_ROUNDS = 4_000
_CLOSE, _FAR = 1e-14, 1e12


class Unsettled(Exception):
    """The linear system of a large cyclic component does not settle."""


def gradient(part: Part, strength: Floats, target: int) -> Floats:
    """The derivative of a cell's strength by the weight of each node of the arrays, by compact number.

    Exact where the semantics is differentiable; at a kink the mean of both sides, for equal weakest premises the first
    by id. With J the slopes of each cell by its inputs, the pulls λ on the cells solve (I - Jᵀ) λ = e (Yin, Potyka &
    Toni 2023): one pass back, O(cells + links), where nothing depends on itself; in a cyclic component of more than
    `_DIRECT` cells that for each step of an iteration. May raise `Unsettled`.
    """
    block = Block(part.cells, part.semantics)
    least, weak = _weakest(block, strength)
    by_base, by_input = _slopes(block, strength)
    pull = _pulls(part, _jacobian(block, by_base, by_input, weak), target)
    network = part.network
    found = np.zeros(len(network.arrays))
    found[part.compact] = pull * by_base * least
    plain = network.position[part.steps] < 0
    by_step = pull[block.rows] * by_input * strength[part.cells.sources]
    found[part.steps[plain]] = by_step[plain]
    return found


def _weakest(block: Block, s: Floats) -> tuple[Floats, Any]:
    """Of each cell the strength of its weakest premise, 1 where it has none, and the first that is it, or -1."""
    cells, led = block.cells, block.led
    least, weak = np.ones(len(block)), np.full(len(block), -1)
    if len(led):
        least[led] = np.minimum.reduceat(s[cells.premises], cells.leads[led])
        rows = np.repeat(np.arange(len(block)), np.diff(cells.leads))
        at = np.flatnonzero(s[cells.premises] == least[rows])[::-1]
        weak[rows[at]] = cells.premises[at]  # the last one written is the first one
    return least, weak


def _slopes(block: Block, s: Floats) -> tuple[Floats, Floats]:
    """How fast each cell's strength grows with its base, and with the weighed strength of each input."""
    cells, semantics = block.cells, block.semantics
    by_base, by_aggregate = semantics.slopes(block.bases(s), block.aggregates(s), ARRAYS)
    by_input = by_aggregate[block.rows]
    if semantics.by_product:
        rests = 1.0 - abs(cells.signed * s[cells.sources])
        for side in block.sides:
            by_input[side.at] *= _others(block, side, rests[side.at])
    return np.where(block.borne, by_base, 1.0), np.where(np.signbit(cells.signed), -by_input, by_input)


def _others(block: Block, side: Side, rests: Floats) -> Floats:
    """For each input of a side the product of what the others leave, also where one of them leaves nothing."""
    none = rests == 0.0
    whole = block.product(side, np.where(none, 1.0, rests))[block.rows[side.at]]
    zeros = np.bincount(block.rows[side.at], none, minlength=len(block))[block.rows[side.at]]
    return np.where(zeros == none, whole / np.where(none, 1.0, rests), 0.0)


def _jacobian(block: Block, by_base: Floats, by_input: Floats, weak: Any) -> Any:
    cells, led = block.cells, block.led
    slopes = np.concatenate([by_input * abs(cells.signed), (by_base * cells.base)[led]])
    rows, columns = np.concatenate([block.rows, led]), np.concatenate([cells.sources, weak[led]])
    return csr_array((slopes, (rows, columns)), shape=(len(block), len(block)))


def _pulls(part: Part, jacobian: Any, target: int) -> Floats:
    pull = np.zeros(len(part.compact))
    pull[target] = 1.0
    for how, first, last in reversed(list(stretches(part.layers))):
        rows = jacobian[first:last]
        inside = eye_array(last - first, format="csr") - rows[:, first:last]
        if how != "cyclic":
            solved = spsolve_triangular(inside.T.tocsr(), pull[first:last], lower=False, unit_diagonal=True)
        elif last - first <= _DIRECT:
            solved = splu(inside.T.tocsc()).solve(pull[first:last])
        else:
            solved = _iterated(inside.T.tocsr(), pull[first:last])
        pull[first:last] = solved
        pull[:first] += rows[:, :first].T @ solved
    return pull


def _iterated(matrix: Any, wanted: Floats) -> Floats:
    """The solution by steps towards it, stable where the same steps led to the strengths."""
    for step in _STEPS:
        found = wanted.copy()
        for _ in range(_ROUNDS):
            change = wanted - matrix @ found
            found += step * change
            most = float(np.max(np.abs(found)))
            if float(np.max(np.abs(change))) <= _CLOSE * most:
                return found
            if most > _FAR:
                break
    raise Unsettled
