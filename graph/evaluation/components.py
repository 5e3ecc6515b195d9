"""Strongly connected components in levels: an order in which every node comes behind all that it depends on."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.snapshot.arrays import Csr, Ints

_NARROW = 48
"""Nodes that wait to be looked at below which a loop is faster than a step in arrays."""


class Layers(NamedTuple):
    """Nodes level after level, those by themselves first, by number, then the cyclic components of the level.

    A node depends on nodes of lower levels and, where it is in a cyclic component, on those of its component, which
    stand side by side, by number. So any two orders of equal graphs are equal.
    """

    order: Ints
    levels: Ints
    """Where each level begins in the order, and at last its length."""
    cyclic: Ints
    """Where the cyclic part of each level begins."""
    first: Ints
    """Where each cyclic component begins, in order."""
    last: Ints
    """One past its end."""

    def components(self) -> list[list[int]]:
        """The strongly connected components in order, each by number; those of one node too."""
        order = self.order.tolist()
        ends = np.ones(len(order) + 1, dtype=np.bool_)
        for first, last in zip(self.first.tolist(), self.last.tolist(), strict=True):
            ends[first + 1 : last] = False
        return [order[a:b] for a, b in pairwise(np.flatnonzero(ends).tolist())]


def layers(inputs: Csr) -> Layers:
    """The layers of a graph given by what each node depends on; O(nodes + links).

    Nodes are peeled off when all they depend on is (Kahn 1962); what remains is condensed to its strongly connected
    components (Pearce 2005, by scipy) and peeled again, so that nothing rests on the order in which these are numbered.
    """
    size = len(inputs.starts) - 1
    matrix = _matrix(inputs.starts, inputs.values, size)
    level = np.zeros(size, dtype=np.int32)
    waiting = np.diff(inputs.starts).astype(np.int32)
    backward = matrix.tocsc()
    _peel(Csr(backward.indptr, backward.indices), waiting, level)
    left = np.flatnonzero(waiting)
    if not len(left):
        return _ordered(level, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    member = _condense(matrix[left][:, left], level, left)
    looped = np.zeros(len(left), dtype=np.bool_)
    looped[member[np.searchsorted(left, _self_loops(inputs, left))]] = True
    inside = (np.bincount(member)[member] > 1) | looped[member]
    return _ordered(level, left[inside], member[inside])


def _matrix(starts: Any, values: Any, size: int) -> Any:
    return csr_array((np.ones(len(values), dtype=np.int8), values, starts), shape=(size, size))


def _self_loops(inputs: Csr, left: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    found = inputs.keys()[inputs.keys() == inputs.values]
    return np.intersect1d(found, left)


def _condense(matrix: Any, level: Ints, left: npt.NDArray[np.intp]) -> Ints:
    """The component of each node that is left, and the levels of them all, filled in."""
    count, member = connected_components(matrix, connection="strong")
    rows = np.repeat(member, np.diff(matrix.indptr))
    inputs = member[matrix.indices]
    across = rows != inputs
    # Summing what is there twice, so that each component waits once for another.
    onward = csr_array(
        (np.ones(int(across.sum()), dtype=np.int8), (inputs[across], rows[across])), shape=(count, count)
    )
    behind = np.zeros(count, dtype=np.int32)
    np.maximum.at(behind, member, level[left])
    waiting = np.bincount(onward.indices, minlength=count).astype(np.int32)
    _peel(Csr(onward.indptr, onward.indices), waiting, behind)
    level[left] = behind[member]
    return member  # type: ignore[no-any-return]


def _peel(onward: Csr, waiting: Ints, level: Ints) -> None:
    """Take off every node that waits for none, raising what depends on it one level above; O(nodes + links)."""
    front = np.flatnonzero(waiting == 0)
    while len(front):
        if len(front) < _NARROW:
            front = _peel_one_by_one(onward, waiting, level, front.tolist())
            continue
        widths = onward.starts[front + 1] - onward.starts[front]
        ends = np.cumsum(widths)
        at = np.arange(ends[-1]) + np.repeat(onward.starts[front] - ends + widths, widths)
        to = onward.values[at].astype(np.intp)
        np.maximum.at(level, to, np.repeat(level[front] + 1, widths))
        np.subtract.at(waiting, to, 1)
        front = np.unique(to[waiting[to] == 0])


def _peel_one_by_one(onward: Csr, waiting: Ints, level: Ints, queue: list[int]) -> npt.NDArray[np.intp]:
    starts, values, left, height = onward.starts.data, onward.values.data, waiting.data, level.data
    done = 0
    while done < len(queue) and len(queue) - done < 2 * _NARROW:
        node = queue[done]
        done += 1
        above = height[node] + 1
        for to in values[starts[node] : starts[node + 1]].tolist():
            height[to] = max(height[to], above)
            left[to] -= 1
            if left[to] == 0:
                queue.append(to)
    return np.asarray(queue[done:], dtype=np.intp)


def _ordered(level: Ints, inside: npt.NDArray[np.intp], member: npt.NDArray[Any]) -> Layers:
    """Put nodes in order; `inside` are those of cyclic components and `member` says of which."""
    is_inside = np.zeros(len(level), dtype=np.bool_)
    is_inside[inside] = True
    lowest = np.full(int(member.max(initial=-1)) + 1, len(level), dtype=np.int64)
    np.minimum.at(lowest, member, inside)
    by_component = np.lexsort((inside, lowest[member]))
    sequence = np.concatenate([np.flatnonzero(~is_inside), inside[by_component]])
    key = level[sequence] * 2 + is_inside[sequence]
    place = np.argsort(key.astype(np.int16) if key.max(initial=0) < 2**15 else key, kind="stable")
    order = sequence[place].astype(np.int32)
    counts = np.bincount(key, minlength=2 * (int(level.max(initial=-1)) + 1))
    ends = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    # Each place with the lowest node of its component; two that lie side by side have different ones.
    head = np.concatenate([np.full(len(level) - len(inside), -1), lowest[member[by_component]]])[place]
    turns = np.flatnonzero(np.diff(head, prepend=-1, append=-1))
    first = turns[:-1][head[turns[:-1]] >= 0]
    last = turns[1:][head[turns[:-1]] >= 0]
    return Layers(order, ends[::2], ends[1::2], first.astype(np.int32), last.astype(np.int32))
