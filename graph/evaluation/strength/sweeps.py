"""Rounds over many cells at once, in arrays: what takes the place of the loops where there is no compiler."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from graph.evaluation.strength.network import Network, moved
from graph.evaluation.strength.strength_kernels import DF_QUAD, EULER, QUADRATIC
from graph.snapshot.arrays import Floats, Ints

Parts = tuple[Any, Any, Any, Any, Any, Any]
"""Starts, entries, weights, base, leads and premises, as a network has them."""
_WIDE = 60
"""Cells of a level from which a round in arrays is faster than a loop."""


class Block:
    """Some cells with their inputs; their values follow from the strengths of all cells."""

    def __init__(self, parts: Parts, kind: int, cells: Ints) -> None:
        starts, entries, weights, base, leads, premises = parts
        self.kind = kind
        self.cells = cells
        self.base: Floats = base[cells]
        self.starts, at = moved(starts, cells)
        self.rows = np.repeat(np.arange(len(cells)), np.diff(self.starts))
        self.borne = np.diff(self.starts) > 0
        self.sources = entries[at] >> 1
        self.opposing = (entries[at] & 1).astype(bool)
        self.weights: Floats = weights[at]
        self.leads, at = moved(leads, cells)
        self.led = np.flatnonzero(np.diff(self.leads))
        self.premises = premises[at]

    @classmethod
    def between(cls, net: Parts, kind: int, first: int, last: int) -> "Block":
        """The cells from one position up to another, of a network in arrays or in lists."""
        starts, leads = (np.asarray(rows[first : last + 1], dtype=np.int32) for rows in (net[0], net[4]))
        entries, premises = net[1][starts[0] : starts[-1]], net[5][leads[0] : leads[-1]]
        parts = (
            starts - starts[0], np.asarray(entries, dtype=np.int32), np.asarray(net[2][starts[0] : starts[-1]]),
            np.asarray(net[3][first:last]), leads - leads[0], np.asarray(premises, dtype=np.int32),
        )  # fmt: skip
        return cls(parts, kind, np.arange(last - first, dtype=np.int32))

    @property
    def parts(self) -> Parts:
        """The block as a network of its own rows."""
        entries = self.sources * 2 + self.opposing
        return self.starts, entries, self.weights, self.base, self.leads, self.premises

    def values(self, s: Floats) -> Floats:
        """What the inputs of the cells make of them."""
        w = self.base
        if len(self.led):
            w = w.copy()
            w[self.led] *= np.minimum.reduceat(s[self.premises], self.leads[self.led])
        x = self.weights * s[self.sources]
        if self.kind == DF_QUAD:
            g = self._left(x, self.opposing) - self._left(x, ~self.opposing)
        else:
            g = _sums(self.rows, np.where(self.opposing, -x, x), len(w))
        return np.where(self.borne, _influence(self.kind, w, g), w)

    def _left(self, x: Floats, chosen: Any) -> Floats:
        """What the chosen inputs leave, by a product."""
        found = np.ones(len(self.base))
        borne = np.flatnonzero(self.borne)
        if len(borne):
            found[borne] = np.multiply.reduceat(np.where(chosen, 1.0 - x, 1.0), self.starts[borne])
        return found


def _sums(rows: Any, values: Floats, size: int) -> Floats:
    """The sum of the values of each row, added up in their order as a loop does."""
    return np.bincount(rows, values, minlength=size).astype(np.float64, copy=False)


def _influence(kind: int, w: Floats, g: Floats) -> Floats:
    if kind == QUADRATIC:
        h = g * g / (1.0 + g * g)
        return np.where(g > 0.0, w + (1.0 - w) * h, w - w * h)
    if kind == DF_QUAD:
        return np.where(g >= 0.0, w + (1.0 - w) * g, w + w * g)
    bounded = np.clip(g, -700.0, 700.0)
    if kind == EULER:
        return 1.0 - (1.0 - w * w) / (1.0 + w * np.exp(bounded))
    inside = np.clip(w, 1e-300, 1.0)
    found = 1.0 / (1.0 + (1.0 - inside) / inside * np.exp(-bounded))
    return np.where((w <= 0.0) | (w >= 1.0), w, found)


def without_circles(network: Network, kind: int, rounds: int) -> Floats | None:
    """All cells at once until nothing moves: as many rounds as the map is deep; None where they are too few."""
    block = Block.between(network.parts, kind, 0, len(network))
    s = network.base.copy()
    for _ in range(rounds):
        new = block.values(s)
        if np.array_equal(new, s):
            return s
        s = new
    return None


# --- circles: the same steps as `graph.evaluation.strength.solver_kernels` takes cell by cell -----------------


def circle(net: Parts, kind: int, s: Floats, first: int, last: int, close: float) -> tuple[int, float, bool] | None:
    """Solve one component in place: rounds, the last change, and whether there is one solution only.

    None where a loop is faster: where cells hang in a long row, of which each sees the one before it.
    """
    block = Block.between(net, kind, first, last)
    s[first:last] = block.base
    if bound(block, first) >= 1.0:
        return *_until_settled(_relaxed(block, s, first, last), close), False
    levels = _levels(block, first)
    if (levels.max() + 1) * _WIDE > last - first:
        return None
    order = np.argsort(levels, kind="stable").astype(np.int32)
    ends = np.cumsum(np.bincount(levels))
    blocks = [Block(block.parts, kind, cells) for cells in np.split(order, ends[:-1])]
    return *_until_settled(_swept(blocks, s, first), close), True


def _until_settled(changes: Iterator[float], close: float, rounds: int = 2000) -> tuple[int, float]:
    """Rounds and the last change; gives up when that has not halved in 50 rounds."""
    mark, since, change = 2.0, 0, 0.0
    for t in range(rounds):
        change = next(changes)
        since += 1
        if change <= close:
            return t + 1, change
        if change <= 0.5 * mark:
            mark, since = change, 0
        elif since >= 50:
            return t + 1, change
    return rounds, change


def _relaxed(block: Block, s: Floats, first: int, last: int) -> Iterator[float]:
    """Rounds half way to where the inputs send the cells; gives how far that is."""
    while True:
        now = s[first:last]
        new = block.values(s)
        change = float(np.max(np.abs(new - now)))
        s[first:last] = 0.5 * now + 0.5 * new
        yield change


def _swept(levels: list[Block], s: Floats, first: int) -> Iterator[float]:
    """Sweeps by Gauss-Seidel, level by level; gives the largest change."""
    while True:
        change = 0.0
        for block in levels:
            at = block.cells + first
            new = block.values(s)
            change = max(change, float(np.max(np.abs(new - s[at]))))
            s[at] = new
        yield change


def _levels(block: Block, first: int) -> Ints:
    """How many cells of the component must come before each, one after another, in the order of positions."""
    starts, sources = block.starts.tolist(), (block.sources - first).tolist()
    leads, premises = block.leads.tolist(), (block.premises - first).tolist()
    found = [0] * len(block.base)
    for v in range(len(found)):
        inputs = (*sources[starts[v] : starts[v + 1]], *premises[leads[v] : leads[v + 1]])
        found[v] = max((found[u] + 1 for u in inputs if 0 <= u < v), default=0)
    return np.asarray(found, dtype=np.int32)


def bound(block: Block, first: int) -> float:
    """As `graph.evaluation.strength.strength_kernels.bound`."""
    n, w, kind = len(block.base), block.base, block.kind
    sources, premises = block.sources - first, block.premises - first
    lead_rows = np.repeat(np.arange(n), np.diff(block.leads))
    near, led = (sources >= 0) & (sources < n), (premises >= 0) & (premises < n)
    moves = np.diff(block.leads) > 0
    size, most = np.ones(n), 0.0
    for _ in range(6):
        inside = _steepest(kind, w, moves) * _sums(block.rows[near], block.weights[near] * size[sources[near]], n)
        leading = _sums(lead_rows[led], w[lead_rows[led]] * size[premises[led]], n)
        if kind >= EULER and np.any((leading > 0.0) & block.borne):
            return np.inf  # the influence of these two is not Lipschitz in the base
        size = inside + leading
        most = float(size.max(initial=0.0))
        if most < 1.0 or most > 8.0:
            break
    return most


def _steepest(kind: int, w: Floats, moves: Any) -> Floats:
    """The Lipschitz bound of the influence, by cell."""
    top = np.where(moves, 1.0, np.maximum(w, 1.0 - w))
    if kind == QUADRATIC:
        return 0.6495190528383290 * top
    if kind == DF_QUAD:
        return top
    if kind == EULER:
        return np.where(moves, 0.25, 0.25 * (1.0 - w * w))
    return np.where(moves | ((w > 0.0) & (w < 1.0)), 0.25, 0.0)


def flow(
    net: Parts, kind: int, s: Floats, first: int, last: int, step: float, steps: int, low: Floats, high: Floats,
    slope: Floats,
) -> float:  # fmt: skip
    """As `graph.evaluation.strength.solver_kernels.flow`, without need of the scratch."""
    del slope
    block = Block.between(net, kind, first, last)
    low[:] = high[:] = s[first:last]
    speed = 0.0
    for _ in range(steps):
        before = s[first:last].copy()
        slopes = []
        for reach in (0.5 * step, 0.5 * step, step, 0.0):
            slopes.append(block.values(s) - s[first:last])
            s[first:last] = before + reach * slopes[-1]
        k1, k2, k3, k4 = slopes
        speed = float(np.max(np.abs(k1)))
        s[first:last] = before + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        np.minimum(low, s[first:last], out=low)
        np.maximum(high, s[first:last], out=high)
        if speed <= 1e-13:
            break
    return speed
