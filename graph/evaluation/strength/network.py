"""A snapshot as strength sees it: cells with weighted inputs, in layers in which a pass can go once through them.

Last come the formulas of the gradual semantics: what each makes of a cell and its inputs.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import copysign, frexp, fsum, ldexp
from typing import Any, NamedTuple, NewType

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.evaluation.weights import weights_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, Csr, Floats, arrays_of
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.relations import NONE, Ints
from schemas.evaluation_query import Gradual

KEY = "network"
Position = NewType("Position", int)
"""The number of a cell in a network: layer after layer."""
Places = npt.NDArray[np.intp]
_NARROW = 48
"""Nodes that wait to be looked at below which a loop is faster than a step in arrays."""


# --- layers ----------------------------------------------------------------------------------------


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


# --- cells -----------------------------------------------------------------------------------------


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


# --- formulas --------------------------------------------------------------------------------------


# Every formula stands once and is read two ways: over arrays, and over single numbers where a call of numpy for each
# would cost ten times the work. Both ways give the same bits: IEEE 754 fixes + - * / for either, and `exp` is numpy's
# in both (that of the C library differs in the last digit).


@dataclass(frozen=True, slots=True)
class Maths:
    """The functions that formulas need beside + - * /, over arrays or over single numbers."""

    where: Callable[[Any, Any, Any], Any]
    exp: Callable[[Any], Any]
    clip: Callable[[Any, float, float], Any]


ARRAYS = Maths(np.where, np.exp, np.clip)
NUMBERS = Maths(
    where=lambda condition, so, otherwise: so if condition else otherwise,
    exp=lambda x: float(np.exp(x)),
    clip=lambda x, least, most: min(max(x, least), most),
)


@dataclass(frozen=True, slots=True)
class GradualSemantics:
    """One semantics: an influence of a base strength w under an aggregate g of what bears on a node."""

    by_product: bool
    """Whether g is what the opposing leave less what the supporting leave, each by a product; else it is the sum."""
    influence: Callable[[Any, Any, Maths], Any]
    """The strength that w and g give, in [0, 1]."""
    slopes: Callable[[Any, Any, Maths], tuple[Any, Any]]
    """How fast the influence grows with w and with g; at a kink the mean of both sides."""
    steepest: Callable[[Any, Any, Maths], Any]
    """A Lipschitz bound of the influence in g, for a base w or, where the second argument says so, for any base."""
    base_is_bounded: bool
    """Whether the influence is Lipschitz in w with bound 1, whatever g is."""


def _quadratic_influence(w: Any, g: Any, maths: Maths) -> Any:
    h = g * g / (1.0 + g * g)
    return maths.where(g > 0.0, w + (1.0 - w) * h, w - w * h)


def _quadratic_slopes(w: Any, g: Any, maths: Maths) -> tuple[Any, Any]:
    scale = 1.0 + g * g
    return 1.0 / scale, maths.where(g > 0.0, 1.0 - w, w) * 2.0 * abs(g) / (scale * scale)


def _farther_end(w: Any, moves: Any, maths: Maths) -> Any:
    """How far a strength can get from its base."""
    return maths.where(moves, 1.0, maths.where(w < 0.5, 1.0 - w, w))


def _linear_influence(w: Any, g: Any, maths: Maths) -> Any:
    return w + maths.where(g >= 0.0, 1.0 - w, w) * g


def _linear_slopes(w: Any, g: Any, maths: Maths) -> tuple[Any, Any]:
    return 1.0 - abs(g), maths.where(g > 0.0, 1.0 - w, maths.where(g < 0.0, w, 0.5))


def _euler_influence(w: Any, g: Any, maths: Maths) -> Any:
    return 1.0 - (1.0 - w * w) / (1.0 + w * maths.exp(maths.clip(g, -700.0, 700.0)))


def _euler_slopes(w: Any, g: Any, maths: Maths) -> tuple[Any, Any]:
    e = maths.exp(maths.clip(g, -300.0, 300.0))
    scale = (1.0 + w * e) * (1.0 + w * e)
    return (2.0 * w + e * (1.0 + w * w)) / scale, (1.0 - w * w) * w * e / scale


def _logistic_influence(w: Any, g: Any, maths: Maths) -> Any:
    inside = maths.where(w > 0.0, w, 1.0)
    found = 1.0 / (1.0 + (1.0 - inside) / inside * maths.exp(maths.clip(-g, -700.0, 700.0)))
    return maths.where((w <= 0.0) | (w >= 1.0), w, found)


def _logistic_slopes(w: Any, g: Any, maths: Maths) -> tuple[Any, Any]:
    fixed = (w <= 0.0) | (w >= 1.0)
    inside = maths.where(fixed, 0.5, w)
    strength = 1.0 / (1.0 + (1.0 - inside) / inside / maths.exp(maths.clip(g, -300.0, 300.0)))
    by_sum = strength * (1.0 - strength)
    return maths.where(fixed, 1.0, by_sum / (inside * (1.0 - inside))), maths.where(fixed, 0.0, by_sum)


SEMANTICS: dict[Gradual, GradualSemantics] = {
    # Potyka 2018: with h(g) = g² / (1 + g²), w + (1 - w) h above zero and w - w h below; h' is at most 3√3 / 8.
    "quadratic-energy": GradualSemantics(
        by_product=False, influence=_quadratic_influence, slopes=_quadratic_slopes,
        steepest=lambda w, moves, maths: 0.6495190528383290 * _farther_end(w, moves, maths), base_is_bounded=True,
    ),
    # Rago, Toni, Aurisicchio & Baroni 2016: w + (1 - w) g above zero and w + w g below, g in [-1, 1].
    "df-quad": GradualSemantics(
        by_product=True, influence=_linear_influence, slopes=_linear_slopes, steepest=_farther_end,
        base_is_bounded=True,
    ),
    # Amgoud & Ben-Naim 2018: 1 - (1 - w²) / (1 + w e^g); x / (1 + x)² is at most 1/4.
    "euler": GradualSemantics(
        by_product=False, influence=_euler_influence, slopes=_euler_slopes,
        steepest=lambda w, moves, maths: maths.where(moves, 0.25, 0.25 * (1.0 - w * w)), base_is_bounded=False,
    ),
    # Potyka 2021: the logistic function of logit(w) + g; bases of 0 and 1 stay what they are.
    "mlp": GradualSemantics(
        by_product=False, influence=_logistic_influence, slopes=_logistic_slopes,
        steepest=lambda w, moves, maths: maths.where(moves | ((w > 0.0) & (w < 1.0)), 0.25, 0.0),
        base_is_bounded=False,
    ),
}  # fmt: skip


class Aggregate:
    """What bears on a cell as one number, or as one for each side; where a few inputs differ, at their cost.

    A sum is kept in parts that make it exact, so that it does not matter which of equal inputs is left out; a product
    as its mantissa and exponent, and how often it is nought.
    """

    def __init__(self, inputs: dict[int, float], by_product: bool) -> None:
        self.inputs = inputs
        self._by_product = by_product
        values = list(inputs.values())
        self._parts: list[float] = []
        for _ in range(3):
            self._parts.append(fsum([*values, *(-part for part in self._parts)]))
        sides = ([x for x in values if _opposes(x)], [x for x in values if not _opposes(x)])
        self._sides = tuple(_multiplied((1.0, 0, 0), side, 1) for side in sides) if by_product else ()

    def where(self, differs: Mapping[int, float | None]) -> tuple[float, ...]:
        """The sum, or what the opposing leave and what the supporting leave; None stands for an input that is gone."""
        gone = [self.inputs[k] for k in differs]
        new = [x for x in differs.values() if x is not None]
        if not self._by_product:
            return (fsum([*self._parts, *(-x for x in gone), *new]),)
        found = []
        for side, opposes in zip(self._sides, (True, False), strict=True):
            rest = _multiplied(side, [x for x in gone if _opposes(x) == opposes], -1)
            mantissa, exponent, noughts = _multiplied(rest, [x for x in new if _opposes(x) == opposes], 1)
            found.append(0.0 if noughts else ldexp(mantissa, exponent))
        return tuple(found)


def _opposes(signed: float) -> bool:
    return copysign(1.0, signed) < 0.0


def _multiplied(product: tuple[float, int, int], inputs: Iterable[float], way: int) -> tuple[float, int, int]:
    """A product with what some inputs leave, or (-1) without it."""
    mantissa, exponent, noughts = product
    for x in inputs:
        rest = 1.0 - abs(x)
        if rest == 0.0:
            noughts += way
            continue
        mantissa, more = frexp(mantissa * rest if way > 0 else mantissa / rest)
        exponent += more
    return mantissa, exponent, noughts
