"""A snapshot as strength sees it: cells with weighted inputs, in an order in which a pass can go once through them."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, NamedTuple, NewType

import numpy as np
import numpy.typing as npt

from graph.evaluation.components import Layers, layers
from graph.evaluation.weights import weights_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, Csr, Floats, Ints, arrays_of
from graph.snapshot.columns import ARGUMENT, NONE

KEY = "network"
Position = NewType("Position", int)
"""The number of a cell in a network: layer after layer."""
Places = npt.NDArray[np.intp]


class Cells(NamedTuple):
    """Some cells side by side, with what their strengths are made of; an input is a place in a list of strengths."""

    base: Floats
    starts: Places
    """Where the inputs of each cell begin; one more than there are cells."""
    sources: Places
    signed: Floats
    """The weight of each input, below zero (or -0.0) where it opposes."""
    leads: Places
    """Where the premises of each cell begin; only those of arguments have some."""
    premises: Places

    def between(self, first: int, last: int) -> "Cells":
        """The cells from one place up to another, without copying."""
        a, b = self.starts[first], self.starts[last]
        c, d = self.leads[first], self.leads[last]
        starts, leads = self.starts[first : last + 1] - a, self.leads[first : last + 1] - c
        return Cells(self.base[first:last], starts, self.sources[a:b], self.signed[a:b], leads, self.premises[c:d])


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Cells by position, each behind all that it depends on but for those of its own component.

    A cell is a statement, a motive or an argument that is more than its one premise. An argument of one premise that
    nothing bears on needs no cell: it is its premise's strength times its own weight, the weight of an input.
    Inputs stand in the order of ids, so that sums are the same bits for the same map.
    """

    arrays: Arrays
    weights: Floats
    """From where strengths start, by compact number."""
    position: Ints
    """By compact number; NONE for an argument without a cell."""
    compact: Ints
    """By position."""
    cells: Cells
    layers: Layers

    def __len__(self) -> int:
        return len(self.compact)

    def component(self, position: int) -> int | None:
        """The number of the cyclic component that a cell is in; None where it depends on itself in no way."""
        at = bisect_right(self.layers.first.data, position) - 1
        return at if at >= 0 and position < self.layers.last[at] else None


def network_of(graph: ArgumentGraph) -> Network:
    """The snapshot's network, kept with it; O(nodes + links)."""
    found = graph.memo.get(KEY)
    if not isinstance(found, Network):
        found = graph.memo[KEY] = build(arrays_of(graph), weights_of(graph).base)
    return found


def build(arrays: Arrays, base: Floats) -> Network:
    """A network of arrays and of what each node weighs; O(nodes + links), vectorised."""
    argument = arrays.kinds == ARGUMENT
    widths = np.diff(arrays.premises.starts)
    plain = argument & (widths == 1) & (np.diff(arrays.incoming.starts) == 0)
    compact = np.flatnonzero(~plain)
    cell = np.full(len(arrays), NONE, dtype=np.int32)
    cell[compact] = np.arange(len(compact), dtype=np.int32)
    step = arrays.incoming.values
    lead = np.full(len(arrays), NONE, dtype=np.int32)
    lead[plain] = arrays.premises.values[arrays.premises.starts[:-1][plain]]
    # What is plain has nothing that bears on it, so the inputs of the cells are all that there are, in order.
    inputs = Csr(_gaps(arrays.incoming.starts, compact), cell[np.where(plain[step], lead[step], step)])
    leading = np.where(argument & ~plain, widths, 0)[compact]
    leads = Csr(_starts(leading), cell[arrays.premises.values[np.repeat(~plain, widths)]])
    found = layers(_joined(inputs, leads))
    position = np.empty(len(compact), dtype=np.int32)
    position[found.order] = np.arange(len(compact), dtype=np.int32)
    starts, at = moved(inputs.starts, found.order)
    weights = np.where(plain[step], base[step], 1.0)[at]
    lead_starts, lead_at = moved(leads.starts, found.order)
    placed = np.full(len(arrays), NONE, dtype=np.int32)
    placed[compact] = position
    cells = Cells(
        base[compact[found.order]], starts, position[inputs.values[at]].astype(np.intp),
        np.where(arrays.sign[step[at]] < 0, -weights, weights), lead_starts,
        position[leads.values[lead_at]].astype(np.intp),
    )  # fmt: skip
    return Network(arrays, base, placed, compact[found.order].astype(np.int32), cells, found)


def _starts(widths: npt.NDArray[np.integer]) -> Ints:
    starts = np.zeros(len(widths) + 1, dtype=np.int32)
    np.cumsum(widths, out=starts[1:])
    return starts


def _gaps(starts: Ints, rows: Any) -> Ints:
    """The starts of some rows where the others are empty."""
    return np.append(starts[rows], starts[-1:]).astype(np.int32)


def _joined(one: Csr, other: Csr) -> Csr:
    """Each row of one followed by the same row of the other."""
    starts = one.starts + other.starts
    values = np.empty(int(starts[-1]), dtype=np.int32)
    shift = np.repeat(starts[:-1] - one.starts[:-1], np.diff(one.starts))
    values[np.arange(len(one.values)) + shift] = one.values
    shift = np.repeat(starts[1:] - other.starts[1:], np.diff(other.starts))
    values[np.arange(len(other.values)) + shift] = other.values
    return Csr(starts, values)


def moved(starts: Any, order: Any) -> tuple[Places, Places]:
    """The starts of rows in another order, or of some rows, and where each of their values was."""
    widths = (starts[1:] - starts[:-1])[order]
    found = np.zeros(len(widths) + 1, dtype=np.intp)
    np.cumsum(widths, out=found[1:])
    return found, np.arange(found[-1]) + np.repeat(starts[:-1][order] - found[:-1], widths)
