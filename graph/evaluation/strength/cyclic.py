"""Cells that depend on themselves: sweeps in arrays until they settle, and the continuous model where they do not."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.evaluation.strength.block import Block
from graph.evaluation.strength.formulas import ARRAYS, GradualSemantics
from graph.evaluation.strength.network import Cells, Places, moved
from graph.snapshot.arrays import Floats

CLOSE = 1e-14
"""A sweep that changes no strength by more ends the sweeps."""
GOOD = 1e-11
"""A residual that counts as settled where rounding keeps the sweeps from `CLOSE`."""
_SWEEPS, _PATIENCE = 2_000, 50
"""Sweeps at most, and those within which the change must halve."""
_FLOW_STEP, _FLOW_STEPS, _FLOW_LAST = 0.1, 6_000, 2_000
_FLOW_WORK = 25_000_000
"""Links that the continuous model visits at most; a component too large to settle within them is said not to."""
_ROUNDS_OF_BOUND = 6


class CyclicSolution(NamedTuple):
    """How a component that depends on itself was solved."""

    iterations: int
    residual: float
    converged: bool
    unique: bool
    """Whether a contraction bound proves that there is no other solution."""
    low: tuple[float, ...] = ()
    """By cell of the component, only where it oscillates."""
    high: tuple[float, ...] = ()


def solve_cyclic(
    cells: Cells, starts: Places, semantics: GradualSemantics, s: Floats, first: int
) -> list[CyclicSolution]:
    """Solve components that do not depend on each other, all at once and each as if it were alone.

    The cells of component c stand in `s` from `first + starts[c]` on. Where a contraction bound proves one solution,
    full sweeps find it; elsewhere half steps from the weights go where the continuous model goes (Potyka 2018), and
    treat equal cells alike. What these do not settle is followed by Runge-Kutta; what still moves oscillates.
    """
    ends = np.append(starts[1:], len(cells.base))
    unique = contracts(cells, starts, semantics, first)
    s[first : first + len(cells.base)] = cells.base
    iterations, residual = _sweep(cells, starts, semantics, s, first, unique)
    found = []
    for c in range(len(starts)):
        done = CyclicSolution(int(iterations[c]), float(residual[c]), True, bool(unique[c]))
        if done.residual > GOOD:
            a, b = int(starts[c]), int(ends[c])
            done = _flow(Block(cells.between(a, b), semantics), s, first + a, done)
        found.append(done)
    return found


def contracts(cells: Cells, starts: Places, semantics: GradualSemantics, first: int) -> npt.NDArray[np.bool_]:
    """Of each component whether some sweeps bring any two solutions closer, so that there is only one.

    Row by row the Lipschitz bounds of influence and aggregate (Mossakowski & Neuhaus 2018; Potyka 2019), applied a few
    times over; inputs from outside of the component are constants.
    """
    n, w = len(cells.base), cells.base
    rows = np.repeat(np.arange(n), np.diff(cells.starts))
    lead_rows = np.repeat(np.arange(n), np.diff(cells.leads))
    sources, premises = cells.sources - first, cells.premises - first
    near, led = (sources >= 0) & (sources < n), (premises >= 0) & (premises < n)
    moves = np.diff(cells.leads) > 0  # the base moves with the premises: anything from 0 to the weight
    steepest = semantics.steepest(w, moves, ARRAYS)
    weights = abs(cells.signed[near])
    size = np.ones(n)
    proven, hopeless = np.zeros(len(starts), dtype=np.bool_), np.zeros(len(starts), dtype=np.bool_)
    for _ in range(_ROUNDS_OF_BOUND):
        inside = np.bincount(rows[near], weights * size[sources[near]], minlength=n)
        leading = np.bincount(lead_rows[led], w[lead_rows[led]] * size[premises[led]], minlength=n)
        size = steepest * inside + leading
        if not semantics.base_is_bounded:
            size[(leading > 0.0) & (np.diff(cells.starts) > 0)] = np.inf
        most = np.maximum.reduceat(size, starts)
        proven |= (most < 1.0) & ~hopeless
        hopeless |= ~proven & (most > 8.0)
        if np.all(proven | hopeless):
            break
    return proven


class _Sweep:
    """The components that have not settled yet, packed side by side."""

    def __init__(self, cells: Cells, starts: Places, semantics: GradualSemantics, at: Places, full: Any) -> None:
        self.block = Block(cells, semantics)
        self.starts = starts
        self.at = at
        """Where each cell stands in the list of all strengths."""
        widths = np.diff(starts, append=len(cells.base))
        self.member = np.repeat(np.arange(len(starts)), widths)
        self.full = full
        """Of each component whether it takes full steps."""
        self.reach = np.where(full, 1.0, 0.5)[self.member]

    def without(self, settled: npt.NDArray[np.bool_]) -> "_Sweep":
        stays = np.flatnonzero(~settled[self.member])
        cells = self.block.cells
        starts, inputs = moved(cells.starts, stays)
        leads, premises = moved(cells.leads, stays)
        rest = Cells(
            cells.base[stays], starts, cells.sources[inputs], cells.signed[inputs], leads, cells.premises[premises]
        )
        widths = np.bincount(self.member, minlength=len(settled))[~settled]
        firsts = np.cumsum(widths) - widths
        return _Sweep(rest, firsts, self.block.semantics, self.at[stays], self.full[~settled])


def _sweep(
    cells: Cells, starts: Places, semantics: GradualSemantics, s: Floats, first: int, full: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Sweep until each component has settled, or its change has not halved for long; sweeps and last changes."""
    n = len(starts)
    iterations, residual = np.zeros(n, dtype=np.int64), np.zeros(n)
    mark, since = np.full(n, 2.0), np.zeros(n, dtype=np.int64)
    names = np.arange(n)
    now = _Sweep(cells, starts, semantics, np.arange(first, first + len(cells.base)), full)
    for t in range(1, _SWEEPS + 1):
        old = s[now.at]
        step = now.block.values(s) - old
        change = np.maximum.reduceat(abs(step), now.starts)
        s[now.at] = old + now.reach * step
        since[names] += 1
        halved = change <= 0.5 * mark[names]
        mark[names[halved]], since[names[halved]] = change[halved], 0
        done = (change <= CLOSE) | (since[names] >= _PATIENCE) | (t == _SWEEPS)
        if np.any(done):
            iterations[names[done]], residual[names[done]] = t, change[done]
            if np.all(done):
                break
            names = names[~done]
            now = now.without(done)
    return iterations, residual


def _flow(block: Block, s: Floats, first: int, before: CyclicSolution) -> CyclicSolution:
    """The continuous model ds/dt = f(s) - s (Potyka 2018) by classical Runge-Kutta, as far as it settles."""
    inside = slice(first, first + len(block))
    s[inside] = block.cells.base
    low = high = s[inside].copy()
    done, speed = before.iterations, 0.0
    most = max(100, _FLOW_WORK // (len(block) + len(block.rows)))
    for steps in (min(_FLOW_STEPS, most), min(_FLOW_LAST, most)):
        low = high = s[inside].copy()
        for _ in range(steps):
            speed = _follow(block, s, inside)
            low, high = np.minimum(low, s[inside]), np.maximum(high, s[inside])
            if speed <= 0.01 * GOOD:
                break
        done += steps
        if speed <= GOOD:
            return CyclicSolution(done, speed, True, before.unique)
    s[inside] = 0.5 * (low + high)
    return CyclicSolution(done, speed, False, False, tuple(low.tolist()), tuple(high.tolist()))


def _follow(block: Block, s: Floats, inside: slice) -> float:
    """One step of Runge-Kutta; the speed at its beginning."""
    before = s[inside].copy()
    slopes = []
    for reach in (0.5, 0.5, 1.0, 0.0):
        slopes.append(block.values(s) - s[inside])
        s[inside] = before + reach * _FLOW_STEP * slopes[-1]
    k1, k2, k3, k4 = slopes
    s[inside] = before + _FLOW_STEP / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return float(np.max(np.abs(k1)))
