"""Labels as a network of conjunctions in three values: the form in which every reading of a map is labelled."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.snapshot.arrays import Arrays, Ints
from graph.snapshot.columns import ARGUMENT, NONE

Labels = npt.NDArray[np.int8]
"""1 accepted, -1 rejected, 0 undecided."""
_LARGE = 20_000
"""Gates and edges from which array sweeps are faster than lists."""
_NARROW = 48
"""Gates decided in one step below which a loop is faster than a sweep."""


class Gates(NamedTuple):
    """Gates by number; the first ones are the nodes of the arrays, those behind them helpers.

    A gate is the conjunction of its inputs in Kleene's strong three-valued logic, an input may be negated, and a
    gate without inputs is true. An argument is the conjunction of its premises and of its negated opponents; a
    statement that of its negated opponents and, where it needs a ground, of the negated helper `groundless`, which
    is the conjunction of its negated supporters.
    """

    starts: Ints
    edges: Ints
    """Of gate g, at `starts[g]` to `starts[g + 1]`: `2 * to + negated`."""
    inputs: Ints
    """How many inputs each gate has."""
    nodes: int
    own: Mapping[int, int] = MappingProxyType({})
    """The helpers that are own grounds of statements, by the statement, where that is another gate."""

    def __len__(self) -> int:
        return len(self.inputs)

    def sources(self) -> Ints:
        """The gate that each edge leaves."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))


def gates_of(arrays: Arrays) -> Gates:
    """The gates of the reading `grounds`; O(nodes + premises), vectorised."""
    size = len(arrays)
    grounded = np.flatnonzero(arrays.constructed).astype(np.int32)
    helper = np.full(size, NONE, dtype=np.int32)
    helper[grounded] = np.arange(size, size + len(grounded), dtype=np.int32)
    arguments = np.flatnonzero(arrays.kinds == ARGUMENT).astype(np.int32)
    targets = arrays.target[arguments]
    against = arrays.sign[arguments] < 0
    to = np.where(against, targets, helper[targets])
    bears = to != NONE  # support of what stands anyway changes no label
    width = np.zeros(size + len(grounded), dtype=np.int32)
    width[:size] = np.diff(arrays.outgoing.starts)
    width[arguments[bears]] = 1
    width[size:] = 1
    starts = np.zeros(len(width) + 1, dtype=np.int32)
    np.cumsum(width, out=starts[1:])
    edges = np.empty(int(starts[-1]), dtype=np.int32)
    used = arrays.outgoing.keys()
    edges[starts[used] + np.arange(len(used), dtype=np.int32) - arrays.outgoing.starts[used]] = (
        arrays.outgoing.values * 2
    )
    edges[starts[arguments[bears]]] = to[bears] * 2 + 1
    edges[starts[size:-1]] = grounded * 2 + 1
    inputs = np.bincount(edges >> 1, minlength=len(width)).astype(np.int32)
    return Gates(starts, edges, inputs, size)


def from_edges(size: int, nodes: int, sources: Ints, edges: Ints) -> Gates:
    """Gates of unordered edges."""
    order = np.argsort(sources, kind="stable")
    starts = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(sources, minlength=size), out=starts[1:])
    inputs = np.bincount(edges >> 1, minlength=size).astype(np.int32)
    return Gates(starts, np.ascontiguousarray(edges[order], dtype=np.int32), inputs, nodes)


def least_labels(gates: Gates) -> Labels:
    """The least labelling in information: what follows from the gates without inputs; O(gates + edges).

    On Dung's frameworks the grounded labelling (Dung 1995, Caminada 2006); in general the least fixpoint of
    Kleene's operator (Fitting 1985).
    """
    return np.asarray(Propagation(gates).run()[0], dtype=np.int8)


def ranks(gates: Gates) -> npt.NDArray[np.int32]:
    """By gate when it is decided: each follows from gates of lower rank. What stays undecided ranks behind all."""
    order = np.asarray(Propagation(gates).run()[1], dtype=np.int32)
    found = np.full(len(gates), len(gates), dtype=np.int32)
    found[order] = np.arange(len(order), dtype=np.int32)
    return found


class Propagation:
    """Gates that may be labelled again and again, each time with something taken out.

    A decided gate tells those that it is an input of: one is true when all inputs are, and false when the first is.
    Small networks are run over lists, large ones in array sweeps, of all gates decided in the step before.
    """

    def __init__(self, gates: Gates) -> None:
        self._gates = gates
        self._large = len(gates) + len(gates.edges) >= _LARGE
        self._parts: tuple[Any, Any, Any] = (gates.starts, gates.edges, gates.inputs)
        if not self._large:
            self._parts = (gates.starts.tolist(), gates.edges.tolist(), gates.inputs.tolist())

    def run(self, gone: Collection[int] = (), doubtful: Iterable[int] = ()) -> tuple[Any, Any]:
        """Labels, and the decided gates in an order in which each follows from those before it.

        Gates that are gone are false; doubtful ones have an input more, of which nothing is known.
        """
        return self._in_sweeps(sorted(gone), list(doubtful)) if self._large else self._in_lists(sorted(gone), doubtful)

    def _in_lists(self, gone: list[int], doubtful: Iterable[int]) -> tuple[list[int], list[int]]:
        starts, edges, inputs = self._parts
        waiting = inputs.copy()
        for gate in doubtful:
            waiting[gate] += 1
        label = [0] * len(waiting)
        queue = gone
        for gate in queue:
            label[gate] = -1
        for gate, count in enumerate(waiting):
            if count == 0 and label[gate] == 0:
                label[gate] = 1
                queue.append(gate)
        for gate in queue:  # grows while it is read
            for edge in edges[starts[gate] : starts[gate + 1]]:
                to = edge >> 1
                if label[to]:
                    continue
                if (label[gate] > 0) == (edge & 1 == 0):
                    waiting[to] -= 1
                    if waiting[to]:
                        continue
                    label[to] = 1
                else:
                    label[to] = -1
                queue.append(to)
        return label, queue

    def _in_sweeps(self, gone: list[int], doubtful: list[int]) -> tuple[Labels, npt.NDArray[np.intp]]:
        gates, waiting = self._gates, self._gates.inputs.copy()
        waiting[doubtful] += 1
        label = np.zeros(len(gates), dtype=np.int8)
        label[gone] = -1
        front = np.flatnonzero((waiting == 0) & (label == 0))
        label[front] = 1
        front = np.concatenate([np.asarray(gone, dtype=np.intp), front])
        order = [front]
        while len(front):
            if len(front) < _NARROW:
                queue, done = _narrow(gates, waiting, label, front.tolist())
                order.append(np.asarray(queue[len(front) :], dtype=np.intp))
                front = np.asarray(queue[done:], dtype=np.intp)
            else:
                front = _wide(gates, waiting, label, front)
                order.append(front)
        return label, np.concatenate(order)


def _wide(gates: Gates, waiting: Ints, label: Labels, front: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    widths = gates.starts[front + 1] - gates.starts[front]
    ends = np.cumsum(widths)
    at = np.arange(ends[-1]) + np.repeat(gates.starts[front] - ends + widths, widths)
    edges = gates.edges[at]
    to = (edges >> 1).astype(np.intp)
    holds = (np.repeat(label[front], widths) > 0) == (edges & 1 == 0)
    open_ = label[to] == 0
    fallen = np.unique(to[~holds & open_])
    met = to[holds & open_]
    np.subtract.at(waiting, met, 1)
    label[fallen] = -1
    met = np.unique(met[(waiting[met] == 0) & (label[met] == 0)])
    label[met] = 1
    return np.concatenate([fallen, met])


def _narrow(gates: Gates, waiting: Ints, label: Labels, queue: list[int]) -> tuple[list[int], int]:
    """Gate by gate while few wait; the queue, and how many of it have told."""
    done = 0
    starts, edges, left, known = gates.starts.data, gates.edges.data, waiting.data, label.data
    while done < len(queue) and len(queue) - done < 2 * _NARROW:
        gate = queue[done]
        done += 1
        value = known[gate] > 0
        for edge in edges[starts[gate] : starts[gate + 1]].tolist():
            to = edge >> 1
            if known[to]:
                continue
            if value == (edge & 1 == 0):
                left[to] -= 1
                if left[to]:
                    continue
                known[to] = 1
            else:
                known[to] = -1
            queue.append(to)
    return queue, done
