"""Cells side by side, evaluated in arrays; and the same one by one, with the same bits, where they are few."""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.evaluation.strength.formulas import ARRAYS, NUMBERS, GradualSemantics
from graph.evaluation.strength.network import Cells, Places
from graph.snapshot.arrays import Floats


class Side(NamedTuple):
    """The inputs of some cells that support, or those that oppose."""

    at: Places
    """Their places among all inputs."""
    heads: Places
    """Where the inputs of a cell begin, of the cells that have some."""
    cells: Places
    """Those cells."""


class Block:
    """The strengths of some cells as a function of those of all cells."""

    def __init__(self, cells: Cells, semantics: GradualSemantics) -> None:
        self.cells = cells
        self.semantics = semantics
        self.borne = cells.starts[1:] > cells.starts[:-1]
        self.led = np.flatnonzero(cells.leads[1:] > cells.leads[:-1])
        self._all_borne = bool(self.borne.all())
        self._any_borne = bool(self.borne.any())

    def __len__(self) -> int:
        return len(self.cells.base)

    @cached_property
    def rows(self) -> Places:
        """The cell of each input."""
        return np.repeat(np.arange(len(self)), np.diff(self.cells.starts))

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        """The opposing inputs, and the supporting ones."""
        opposing = np.signbit(self.cells.signed)
        return self._side(opposing), self._side(~opposing)

    def _side(self, chosen: npt.NDArray[np.bool_]) -> Side:
        at = np.flatnonzero(chosen)
        rows = self.rows[at]
        heads = np.flatnonzero(np.diff(rows, prepend=-1))
        return Side(at, heads, rows[heads])

    def bases(self, s: Floats) -> Floats:
        """What each cell starts from: its weight, that of an argument times its weakest premise."""
        if not len(self.led):
            return self.cells.base
        found = self.cells.base.copy()
        found[self.led] *= np.minimum.reduceat(s[self.cells.premises], self.cells.leads[self.led])
        return found

    def aggregates(self, s: Floats) -> Floats:
        """What bears on each cell, as one number."""
        x = self.cells.signed * s[self.cells.sources]
        if self.semantics.by_product:
            rests = 1.0 - abs(x)
            against, support = (self.product(side, rests[side.at]) for side in self.sides)
            return against - support
        # `bincount` adds one after another, in order, as a loop does; `add.reduceat` does not.
        return np.bincount(self.rows, x, minlength=len(self)).astype(np.float64, copy=False)

    def product(self, side: Side, values: Floats) -> Floats:
        """By cell the product over the inputs of a side, in order; 1 where it has none."""
        found = np.ones(len(self))
        if len(side.heads):
            found[side.cells] = np.multiply.reduceat(values, side.heads)
        return found

    def values(self, s: Floats) -> Floats:
        """The strengths that the cells have where all cells have these."""
        w = self.bases(s)
        if not self._any_borne:
            return w
        found: Floats = self.semantics.influence(w, self.aggregates(s), ARRAYS)
        return found if self._all_borne else np.where(self.borne, found, w)


def evaluate_in_order(cells: Cells, semantics: GradualSemantics, s: Floats, first: int) -> None:
    """Fill in the strengths of cells that each need those before them only; the cells stand at `first` and behind."""
    base, starts, sources, signed, leads, premises = (part.tolist() for part in cells)
    known: Any = s.data  # gives plain numbers, and faster than an array does
    for i in range(len(base)):
        premise = [known[p] for p in premises[leads[i] : leads[i + 1]]]
        inputs = [signed[k] * known[sources[k]] for k in range(starts[i], starts[i + 1])]
        known[first + i] = strength_of(base[i], premise, inputs, semantics)


def strength_of(weight: float, premises: list[float], inputs: list[float], semantics: GradualSemantics) -> float:
    """One cell's strength; inputs are signed, below zero (or -0.0) where they oppose."""
    w = weight * min(premises) if premises else weight
    if not inputs:
        return w
    if semantics.by_product:
        against, support = 1.0, 1.0
        for x in inputs:
            if x < 0.0:
                against *= 1.0 + x
            else:
                support *= 1.0 - x
        g = against - support
    else:
        g = 0.0
        for x in inputs:
            g += x
    found: float = semantics.influence(w, g, NUMBERS)
    return found
