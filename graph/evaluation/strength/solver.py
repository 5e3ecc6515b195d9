"""How strongly each node stands: gradual strengths of a snapshot, kept with it.

The base of a statement or motive is its weight, that of an argument its weight times its weakest premise; what is made
of it stands in `graph.evaluation.strength.network`. Cells by themselves are solved in one pass, layer by layer; those
that depend on themselves by sweeps until they settle, and by the continuous model where they do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.evaluation.strength.network import (
    ARRAYS,
    NUMBERS,
    SEMANTICS,
    Cells,
    GradualSemantics,
    Layers,
    Network,
    Places,
    moved,
    network_of,
)
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Floats
from graph.snapshot.relations import NONE, Ints, Number
from schemas.evaluation_query import Gradual

_NARROW = 24
"""Cells of a layer below which a loop is faster than arrays."""
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


@dataclass(frozen=True, eq=False)
class Strengths:
    """Strengths by the snapshot's numbers: those of the network that was solved whole, and what edits changed."""

    semantics: Gradual
    network: Network
    whole: Floats
    """By position in the network."""
    place: Ints
    """Compact number by the number of the snapshot that the network is of."""
    cyclic: dict[int, CyclicSolution]
    """How the cyclic components were solved, by their number."""
    changed: dict[Number, float | None] = field(default_factory=dict)
    """Strengths that differ from the network's; None where a node is gone."""
    moved: frozenset[Number] = frozenset()
    """Nodes whose links have differed from the network's at some time since."""
    reweighed: dict[Number, float] = field(default_factory=dict)
    """From where strengths start, of nodes whose weight may have changed since."""

    def of(self, number: Number) -> float | None:
        """A node's strength, None where it has none."""
        if number in self.changed:
            return self.changed[number]
        place, position, whole, weights, starts, premises = self._views
        at = place[number] if number < len(place) else NONE
        if at == NONE:
            return None
        if position[at] != NONE:
            return float(whole[position[at]])
        return float(weights[at] * whole[position[premises[starts[at]]]])

    @cached_property
    def _views(self) -> tuple[Any, ...]:
        """What one look-up needs, as views that give plain numbers ten times faster than arrays do."""
        arrays = self.network.arrays
        found = (
            self.place, self.network.position, self.whole, self.network.weights, arrays.premises.starts,
            arrays.premises.values,
        )  # fmt: skip
        return tuple(np.ascontiguousarray(a).data for a in found)

    def all(self) -> Floats:
        """Strengths by compact number of the network's arrays, without the changes; O(nodes), vectorised."""
        arrays, position = self.network.arrays, self.network.position
        found = np.empty(len(arrays))
        cells = position != NONE
        found[cells] = self.whole[position[cells]]
        plain = np.flatnonzero(~cells)
        found[plain] = self.network.weights[plain] * found[arrays.premises.values[arrays.premises.starts[plain]]]
        return found

    @property
    def converged(self) -> bool:
        """Whether every cyclic component settled."""
        return all(c.converged for c in self.cyclic.values())

    @property
    def iterations(self) -> int:
        """Most sweeps that a cyclic component took."""
        return max((c.iterations for c in self.cyclic.values()), default=1)

    @property
    def residual(self) -> float:
        """Largest change that another sweep would make."""
        return max((c.residual for c in self.cyclic.values()), default=0.0)

    @property
    def unique(self) -> bool:
        """Whether a contraction bound proves that there is no other solution."""
        return all(c.unique for c in self.cyclic.values())

    def envelopes(self) -> Iterator[tuple[Number, float, float]]:
        """Number, lowest and highest strength of the nodes that oscillate."""
        for c, solution in self.cyclic.items():
            first = int(self.network.layers.first[c])
            for i, (low, high) in enumerate(zip(solution.low, solution.high, strict=True)):
                yield self.network.arrays.number(self.network.compact[first + i]), low, high


def strengths(graph: ArgumentGraph, semantics: Gradual = "quadratic-energy") -> Strengths:
    """The strengths of a snapshot, kept with it; O(nodes + links), in cyclic components that for each sweep."""
    key = f"strength {semantics}"
    found = graph.memo.get(key)
    if isinstance(found, Strengths) and not found.changed:
        return found
    network = network_of(graph)
    solution = solve(network, semantics)
    place = network.arrays.compact(graph.size)
    found = graph.memo[key] = Strengths(semantics, network, solution.strength, place, solution.cyclic)
    return found


# --- layer by layer --------------------------------------------------------------------------------


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


# --- cells side by side ----------------------------------------------------------------------------


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


# --- cells that depend on themselves ---------------------------------------------------------------


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
