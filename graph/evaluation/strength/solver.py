"""Solves a network layer by layer: cells by themselves in one pass, cyclic components by sweeps."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from graph.evaluation.components import Layers
from graph.evaluation.strength.block import Block, evaluate_in_order
from graph.evaluation.strength.cyclic import CyclicSolution, solve_cyclic
from graph.evaluation.strength.formulas import SEMANTICS
from graph.evaluation.strength.network import Cells, Network
from graph.snapshot.arrays import Floats
from schemas.evaluation_query import Gradual

_NARROW = 24
"""Cells of a layer below which a loop is faster than arrays."""


class Solution(NamedTuple):
    """Strength by position, and how each cyclic component was solved, by its number."""

    strength: Floats
    cyclic: dict[int, CyclicSolution]


def solve(network: Network, semantics: Gradual) -> Solution:
    """The strengths under a semantics; O(nodes + links) without cyclic components, with these that for each sweep."""
    return solve_layers(network.cells, network.layers, semantics)


def solve_layers(cells: Cells, layers: Layers, semantics: Gradual) -> Solution:
    """The same for cells whose inputs are cells of these layers."""
    formulas = SEMANTICS[semantics]
    s = np.zeros(len(layers.order))
    cyclic: dict[int, CyclicSolution] = {}
    for how, first, last in stretches(layers):
        some = cells.between(first, last)
        if how == "narrow":
            evaluate_in_order(some, formulas, s, first)
        elif how == "wide":
            s[first:last] = Block(some, formulas).values(s)
        else:
            components = range(*np.searchsorted(layers.first, [first, last]).tolist())
            starts = layers.first[components.start : components.stop].astype(np.intp) - first
            cyclic.update(zip(components, solve_cyclic(some, starts, formulas, s, first), strict=True))
    return Solution(s, cyclic)


def stretches(layers: Layers) -> Iterator[tuple[Literal["narrow", "wide", "cyclic"], int, int]]:
    """Cells that are solved in one go: wide layers, cyclic parts of layers, and all narrow ones between these."""
    begin, middle, end = layers.levels[:-1], layers.cyclic, layers.levels[1:]
    wide = middle - begin >= _NARROW
    done = 0
    for level in np.flatnonzero(wide | (end > middle)).tolist():
        first = int(begin[level] if wide[level] else middle[level])
        if first > done:
            yield "narrow", done, first
        if wide[level]:
            yield "wide", first, int(middle[level])
        if end[level] > middle[level]:
            yield "cyclic", int(middle[level]), int(end[level])
        done = int(end[level])
    if len(layers.order) > done:
        yield "narrow", done, len(layers.order)
