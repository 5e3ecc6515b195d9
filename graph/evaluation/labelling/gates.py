"""Labels as a network of conjunctions in three values: the form in which every reading of a map is labelled."""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.evaluation import kernels
from graph.snapshot.arrays import Arrays, Ints
from graph.snapshot.columns import ARGUMENT, NONE

Engine = Literal["auto", "compiled", "plain"]
Labels = npt.NDArray[np.int8]
"""1 accepted, -1 rejected, 0 undecided."""
_SCALAR = 48


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


def least_labels(gates: Gates, engine: Engine = "auto") -> Labels:
    """The least labelling in information: what follows from the gates without inputs; O(gates + edges).

    On Dung's frameworks the grounded labelling (Dung 1995, Caminada 2006); in general the least fixpoint of
    Kleene's operator (Fitting 1985). One kernel, run compiled, over lists, or vectorised by rounds.
    """
    size = len(gates)
    small = size + len(gates.edges) < kernels.WORTH_COMPILING
    first = np.flatnonzero(gates.inputs == 0)
    if engine == "compiled" or (engine == "auto" and kernels.worth(size + len(gates.edges))):
        label = np.zeros(size, dtype=np.int8)
        label[first] = 1
        queue = np.empty(size, dtype=np.int32)
        queue[: len(first)] = first
        kernels.least_fast(gates.starts, gates.edges, gates.inputs.copy(), label, queue, len(first))
        return label
    if small:
        return _by_lists(gates, first)
    return _by_rounds(gates, first)


def ranks(gates: Gates) -> npt.NDArray[np.int32]:
    """By gate when it is decided: each follows from gates of lower rank. What stays undecided ranks behind all."""
    size = len(gates)
    first = np.flatnonzero(gates.inputs == 0)
    if kernels.worth(size + len(gates.edges)):
        label, queue = np.zeros(size, dtype=np.int8), np.empty(size, dtype=np.int32)
        label[first], queue[: len(first)] = 1, first
        done = kernels.least_fast(gates.starts, gates.edges, gates.inputs.copy(), label, queue, len(first))
        order = queue[:done]
    else:
        plain, line = [0] * size, first.tolist() + [0] * (size - len(first))
        for gate in line[: len(first)]:
            plain[gate] = 1
        rows = gates.starts.tolist(), gates.edges.tolist(), gates.inputs.tolist()
        order = np.asarray(line[: kernels.least(*rows, plain, line, len(first))], dtype=np.int32)
    found = np.full(size, size, dtype=np.int32)
    found[order] = np.arange(len(order), dtype=np.int32)
    return found


def _by_lists(gates: Gates, first: npt.NDArray[np.intp]) -> Labels:
    label = [0] * len(gates)
    queue = first.tolist()
    for gate in queue:
        label[gate] = 1
    filled = len(queue)
    queue.extend([0] * (len(gates) - filled))
    kernels.least(gates.starts.tolist(), gates.edges.tolist(), gates.inputs.tolist(), label, queue, filled)
    return np.asarray(label, dtype=np.int8)


def _by_rounds(gates: Gates, front: npt.NDArray[np.intp]) -> Labels:
    """The same without a compiler: wide rounds vectorised, narrow ones gate by gate."""
    label = np.zeros(len(gates), dtype=np.int8)
    waiting = gates.inputs.copy()
    label[front] = 1
    while len(front):
        if len(front) < _SCALAR:
            front = _narrow(gates, waiting, label, front.tolist())
            continue
        widths = gates.starts[front + 1] - gates.starts[front]
        ends = np.cumsum(widths)
        at = np.arange(ends[-1]) + np.repeat(gates.starts[front] - ends + widths, widths)
        edges = gates.edges[at]
        holds = (np.repeat(label[front], widths) > 0) == (edges & 1 == 0)
        open_ = label[edges >> 1] == 0
        fallen = np.unique((edges >> 1)[~holds & open_])
        np.subtract.at(waiting, (edges >> 1)[holds & open_], 1)
        met = np.unique((edges >> 1)[holds & open_])
        label[fallen] = -1
        met = met[(waiting[met] == 0) & (label[met] == 0)]
        label[met] = 1
        front = np.concatenate([fallen, met])
    return label


def _narrow(gates: Gates, waiting: Ints, label: Labels, queue: list[int]) -> npt.NDArray[np.intp]:
    done = 0
    starts, edges = gates.starts, gates.edges
    while done < len(queue) and len(queue) - done < 2 * _SCALAR:
        gate = queue[done]
        done += 1
        value = label[gate] > 0
        for edge in edges[starts[gate] : starts[gate + 1]].tolist():
            to = edge >> 1
            if label[to]:
                continue
            if value == (edge & 1 == 0):
                waiting[to] -= 1
                if waiting[to]:
                    continue
                label[to] = 1
            else:
                label[to] = -1
            queue.append(to)
    return np.asarray(queue[done:], dtype=np.intp)
