"""How much each node bears on a target's strength: by the slope at its weight, or by taking it out."""

from collections.abc import Collection, Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

import numpy as np
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import splu, spsolve_triangular

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.evaluation.asked import asked
from graph.evaluation.explanation.ancestors import upstream
from graph.evaluation.explanation.budget import EXPLAINING
from graph.evaluation.strength.network import ARRAYS, NUMBERS, SEMANTICS, Aggregate, Cells, Layers, moved
from graph.evaluation.strength.solver import Block, Side, Strengths, solve_cyclic, strength_of, strengths, stretches
from graph.evaluation.weights import of_strength
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Compact, Floats
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.relations import NONE
from schemas.evaluation import Stopped
from schemas.evaluation_query import InfluenceQuery
from schemas.influence import Influence, InfluenceAnswer
from schemas.vocabulary import KINDS as NODE_KINDS

_DIGITS = 12


def influence(graph: ArgumentGraph, query: InfluenceQuery, budget: StepBudget = EXPLAINING) -> InfluenceAnswer:
    """The influence of everything that bears on the target, largest first; a limit gives the first ones.

    By gradient O(ancestors and their links); by removal for each ancestor what taking it out reaches, at the cost of
    what differs and not of all that bears on a node. That is bounded by steps: nodes near the target come first, so
    that what is cut off is the farthest. Raises `Refused` for an unknown id.
    """
    number = asked(graph, query.target, "/target")
    found = strengths(graph, query.semantics)
    arrays = found.network.arrays
    at = arrays.place(number)
    values: dict[Compact, float] = {}
    reason: Stopped | None = None
    try:
        if query.method == "gradient":
            values = _gradient(found, at)
        else:
            _removal(found, at, Allowance(budget), values)
    except (OutOfSteps, Unsettled):
        reason = "budget"
    values.pop(at, None)
    rounded = {i: round(value, _DIGITS) + 0.0 for i, value in values.items()}
    ranked = sorted(rounded.items(), key=lambda item: (-abs(item[1]), item[0]))
    items = tuple(
        Influence(graph.id(arrays.number(i)), NODE_KINDS[int(arrays.kinds[i])], value)
        for i, value in ranked[: query.limit]
    )
    if reason is None and len(ranked) > query.limit:
        reason = "limit"
    return InfluenceAnswer(
        graph.map, graph.revision, query.target, query.method, query.semantics, of_strength(graph),
        round(found.of(number) or 0.0, _DIGITS), items, reason is None, reason,
    )  # fmt: skip


def _gradient(found: Strengths, at: Compact) -> dict[Compact, float]:
    arrays, position = found.network.arrays, found.network.position
    above = upstream(arrays, at)
    part = Part(found, above)
    cell, scale = int(position[at]), 1.0
    if cell == NONE:  # an argument that is its premise times its own weight
        cell, scale = int(position[int(arrays.premises.of(at)[0])]), float(found.network.weights[at])
    slopes = gradient(part, part.strength, int(part.local[cell]))
    return dict(zip(above, (scale * slopes[above]).tolist(), strict=True))


def _removal(found: Strengths, at: Compact, allowance: Allowance, values: dict[Compact, float]) -> None:
    above = upstream(found.network.arrays, at)
    without = Removal(found, above, at, allowance)
    base = without.base
    for i in above:  # in order of distance
        values[i] = base - without.strength(i)


class Part:
    """The cells of some nodes and of all that these depend on, in the order of the whole network."""

    def __init__(self, found: Strengths, nodes: Sequence[int]) -> None:
        """Take nodes by compact number, with all that they depend on among them."""
        whole, arrays = found.network, found.network.arrays
        self.network = whole
        self.semantics = SEMANTICS[found.semantics]
        position = whole.position[np.asarray(nodes, dtype=np.int64)]
        self.positions = np.sort(position[position != NONE])
        self.compact = whole.compact[self.positions]
        self.local = np.full(len(whole), NONE, dtype=np.intp)
        """The place of a cell of the whole network among those of the part, NONE where it is none of them."""
        self.local[self.positions] = np.arange(len(self.positions))
        cells = whole.cells
        starts, at = moved(cells.starts, self.positions)
        leads, led = moved(cells.leads, self.positions)
        self.cells = Cells(
            cells.base[self.positions], starts, self.local[cells.sources[at]], cells.signed[at],
            leads, self.local[cells.premises[led]],
        )  # fmt: skip
        _, rows = moved(arrays.incoming.starts, self.compact)
        self.steps = arrays.incoming.values[rows]
        """The argument of each input."""
        self.strength = found.whole[self.positions]
        self.layers = self._layers()

    def _layers(self) -> Layers:
        whole = self.network.layers
        levels, cyclic = (np.searchsorted(self.positions, b).astype(np.int32) for b in (whole.levels, whole.cyclic))
        # A component is in the part as a whole or not at all.
        there = self.local[whole.first] != NONE
        first = self.local[whole.first[there]].astype(np.int32)
        return Layers(self.positions, levels, cyclic, first, first + (whole.last - whole.first)[there])


# --- by gradient -----------------------------------------------------------------------------------


_DIRECT = 500
"""Cells of a cyclic part up to which its linear system is factorised; larger ones are too dense for that."""
_STEPS = (0.5, 0.1, 0.02)
"""Lengths of the steps of the iteration, each tried where the one before does not settle."""
_ROUNDS = 4_000
_CLOSE, _FAR = 1e-14, 1e12


class Unsettled(Exception):
    """The linear system of a large cyclic component does not settle."""


def gradient(part: Part, strength: Floats, target: int) -> Floats:
    """The derivative of a cell's strength by the weight of each node of the arrays, by compact number.

    Exact where the semantics is differentiable; at a kink the mean of both sides, for equal weakest premises the first
    by id. With J the slopes of each cell by its inputs, the pulls λ on the cells solve (I - Jᵀ) λ = e (Yin, Potyka &
    Toni 2023): one pass back, O(cells + links), where nothing depends on itself; in a cyclic component of more than
    `_DIRECT` cells that for each step of an iteration. May raise `Unsettled`.
    """
    block = Block(part.cells, part.semantics)
    least, weak = _weakest(block, strength)
    by_base, by_input = _slopes(block, strength)
    pull = _pulls(part, _jacobian(block, by_base, by_input, weak), target)
    network = part.network
    found = np.zeros(len(network.arrays))
    found[part.compact] = pull * by_base * least
    plain = network.position[part.steps] < 0
    by_step = pull[block.rows] * by_input * strength[part.cells.sources]
    found[part.steps[plain]] = by_step[plain]
    return found


def _weakest(block: Block, s: Floats) -> tuple[Floats, Any]:
    """Of each cell the strength of its weakest premise, 1 where it has none, and the first that is it, or -1."""
    cells, led = block.cells, block.led
    least, weak = np.ones(len(block)), np.full(len(block), -1)
    if len(led):
        least[led] = np.minimum.reduceat(s[cells.premises], cells.leads[led])
        rows = np.repeat(np.arange(len(block)), np.diff(cells.leads))
        at = np.flatnonzero(s[cells.premises] == least[rows])[::-1]
        weak[rows[at]] = cells.premises[at]  # the last one written is the first one
    return least, weak


def _slopes(block: Block, s: Floats) -> tuple[Floats, Floats]:
    """How fast each cell's strength grows with its base, and with the weighed strength of each input."""
    cells, semantics = block.cells, block.semantics
    by_base, by_aggregate = semantics.slopes(block.bases(s), block.aggregates(s), ARRAYS)
    by_input = by_aggregate[block.rows]
    if semantics.by_product:
        rests = 1.0 - abs(cells.signed * s[cells.sources])
        for side in block.sides:
            by_input[side.at] *= _others(block, side, rests[side.at])
    return np.where(block.borne, by_base, 1.0), np.where(np.signbit(cells.signed), -by_input, by_input)


def _others(block: Block, side: Side, rests: Floats) -> Floats:
    """For each input of a side the product of what the others leave, also where one of them leaves nothing."""
    none = rests == 0.0
    whole = block.product(side, np.where(none, 1.0, rests))[block.rows[side.at]]
    zeros = np.bincount(block.rows[side.at], none, minlength=len(block))[block.rows[side.at]]
    return np.where(zeros == none, whole / np.where(none, 1.0, rests), 0.0)


def _jacobian(block: Block, by_base: Floats, by_input: Floats, weak: Any) -> Any:
    cells, led = block.cells, block.led
    slopes = np.concatenate([by_input * abs(cells.signed), (by_base * cells.base)[led]])
    rows, columns = np.concatenate([block.rows, led]), np.concatenate([cells.sources, weak[led]])
    return csr_array((slopes, (rows, columns)), shape=(len(block), len(block)))


def _pulls(part: Part, jacobian: Any, target: int) -> Floats:
    pull = np.zeros(len(part.compact))
    pull[target] = 1.0
    for how, first, last in reversed(list(stretches(part.layers))):
        rows = jacobian[first:last]
        inside = eye_array(last - first, format="csr") - rows[:, first:last]
        if how != "cyclic":
            solved = spsolve_triangular(inside.T.tocsr(), pull[first:last], lower=False, unit_diagonal=True)
        elif last - first <= _DIRECT:
            solved = splu(inside.T.tocsc()).solve(pull[first:last])
        else:
            solved = _iterated(inside.T.tocsr(), pull[first:last])
        pull[first:last] = solved
        pull[:first] += rows[:, :first].T @ solved
    return pull


def _iterated(matrix: Any, wanted: Floats) -> Floats:
    """The solution by steps towards it, stable where the same steps led to the strengths."""
    for step in _STEPS:
        found = wanted.copy()
        for _ in range(_ROUNDS):
            change = wanted - matrix @ found
            found += step * change
            most = float(np.max(np.abs(found)))
            if float(np.max(np.abs(change))) <= _CLOSE * most:
                return found
            if most > _FAR:
                break
    raise Unsettled


# --- by removal ------------------------------------------------------------------------------------


_WIDE = 32
"""Inputs and premises of a cell from which on they are summed up once, and not again for each node taken out."""
_Nodes = set[Compact]
_Places = dict[int, set[int]]
"""By cell which of its inputs, or inverted (~) of its premises, may differ."""


class Removal:
    """A target and all that its strength depends on, from which one node after another is taken out.

    Only what a node reaches is computed anew; at a cell with many inputs, or a component that is borne on from many
    sides, in proportion to what differs there.
    """

    def __init__(self, found: Strengths, above: list[Compact], target: Compact, allowance: Allowance) -> None:
        """`above` are the nodes that the target depends on, itself among them, by compact number."""
        self.part = Part(found, above)
        self._arrays, self._network, self._allowance = found.network.arrays, found.network, allowance
        self._target = target
        cells = self.part.cells
        self._base, self._starts, self._sources, self._signed, self._leads, self._premises = map(_plain, cells)
        self._known: list[float] = self.part.strength.tolist()
        self._steps: list[int] = self.part.steps.tolist()
        self._input_of = {step: k for k, step in enumerate(self._steps)}
        self._after = self._dependents()
        first, last = self.part.layers.first.tolist(), self.part.layers.last.tolist()
        self._component = {cell: c for c, (a, b) in enumerate(zip(first, last, strict=True)) for cell in range(a, b)}
        """The cyclic component of each cell that is in one."""
        self._bounds = list(zip(first, last, strict=True))
        self._outside = [self._from_outside(cell) for cell in range(len(self._base))]
        self._wide = {cell for cell, links in enumerate(self._outside) if sum(map(len, links)) > _WIDE}
        self._borne = {self._component[cell] for cell in self._wide if cell in self._component}
        """The components that have a wide cell."""
        self._aggregates: dict[int, Aggregate] = {}
        self._weakest: dict[int, list[int]] = {}
        self._solutions: dict[object, list[float]] = {}
        for cell, value in self._wave({}, set(), sorted(self._wide)).items():
            self._known[cell] = self.part.strength[cell] = value  # summed up as where something is gone
        for kept in (self._aggregates, self._weakest, self._solutions):
            kept.clear()  # they are of what was known before

    @property
    def base(self) -> float:
        """The target's strength with nothing taken out."""
        return self._of_target({})

    def strength(self, gone: Compact) -> float:
        """The target's strength without a node: what needs it weighs nothing any more. May raise `OutOfSteps`."""
        arrays = self._arrays
        dead = {gone}
        if arrays.kinds[gone] != ARGUMENT:
            dead.update(arrays.outgoing.of(gone).tolist())
        if self._target in dead:
            return 0.0
        touched: _Places = {}
        for argument in dead:
            target = int(arrays.target[argument]) if arrays.kinds[argument] == ARGUMENT else NONE
            cell = NONE if target == NONE else int(self._network.position[target])
            if cell != NONE and self.part.local[cell] != NONE:
                touched.setdefault(int(self.part.local[cell]), set()).add(self._input_of[argument])
        return self._of_target(self._wave(touched, dead, list(touched)))

    def _wave(self, touched: _Places, dead: _Nodes, begin: Iterable[int]) -> dict[int, float]:
        """What differs where some cells are computed anew, and those behind them."""
        changed: dict[int, float] = {}
        waiting: list[int] = []
        open_: set[int] = set()
        for cell in begin:
            self._wait(cell, waiting, open_)
        while waiting:
            cell = heappop(waiting)
            open_.discard(cell)
            for other, value in self._solved(cell, changed, dead, touched):
                if value != changed.get(other, self._known[other]):
                    changed[other] = value
                    for after, place in self._after[other]:
                        if self._component.get(after, NONE) != self._component.get(other, NONE - 1):
                            touched.setdefault(after, set()).add(place)
                            self._wait(after, waiting, open_)
        return changed

    def _wait(self, cell: int, waiting: list[int], open_: set[int]) -> None:
        component = self._component.get(cell)
        cell = cell if component is None else self._bounds[component][0]
        if cell not in open_:
            open_.add(cell)
            heappush(waiting, cell)

    def _solved(
        self, cell: int, changed: dict[int, float], dead: _Nodes, touched: _Places
    ) -> Iterable[tuple[int, float]]:
        """The new strength of a cell, or of all cells of its component."""
        component = self._component.get(cell)
        if component is not None:
            if component in self._borne:
                return enumerate(self._borne_solved(component, changed, dead, touched), self._bounds[component][0])
            return self._component_solved(component, changed, dead)
        if cell in self._wide:
            return [(cell, self._wide_solved(cell, changed, dead, touched))]
        a, b = self._starts[cell], self._starts[cell + 1]
        self._allowance.spend(1 + b - a)
        known = self._known
        inputs = [
            self._signed[k] * changed.get(source := self._sources[k], known[source])
            for k in range(a, b)
            if self._steps[k] not in dead
        ]
        led = self._premises[self._leads[cell] : self._leads[cell + 1]]
        premises = [changed.get(p, known[p]) for p in led]
        return [(cell, strength_of(self._base[cell], premises, inputs, self.part.semantics))]

    # --- many inputs ------------------------------------------------------------------------------

    def _from_outside(self, cell: int) -> tuple[list[int], list[int]]:
        """The inputs of a cell, and its premises, that are not of its own component."""
        own = self._component.get(cell, NONE)
        links = ((self._starts, self._sources), (self._leads, self._premises))
        inputs, premises = (
            [k for k in range(at[cell], at[cell + 1]) if own == NONE or self._component.get(of[k], NONE) != own]
            for at, of in links
        )
        return inputs, premises

    def _wide_solved(self, cell: int, changed: dict[int, float], dead: _Nodes, touched: _Places) -> float:
        w = self._base[cell] * self._least(cell, changed, touched)
        inputs = self._outside[cell][0]
        places = [k for k in touched.get(cell, ()) if k >= 0]
        if not inputs or (len(places) == len(inputs) and all(self._steps[k] in dead for k in places)):
            return float(w)
        sides = self._borne_by(cell, changed, dead, touched)
        g = sides[0] - sides[1] if len(sides) > 1 else sides[0]
        value: float = self.part.semantics.influence(w, g, NUMBERS)
        return value

    def _borne_by(self, cell: int, changed: dict[int, float], dead: _Nodes, touched: _Places) -> tuple[float, ...]:
        """What bears on a cell from outside of its component."""
        aggregate = self._aggregates.get(cell)
        if aggregate is None:
            known = {k: self._signed[k] * self._known[self._sources[k]] for k in self._outside[cell][0]}
            aggregate = self._aggregates[cell] = Aggregate(known, self.part.semantics.by_product)
        places = [k for k in touched.get(cell, ()) if k in aggregate.inputs]
        self._allowance.spend(1 + len(places))
        return aggregate.where(
            {
                k: None if self._steps[k] in dead else self._signed[k] * self._now(self._sources[k], changed)
                for k in places
            }
        )

    def _least(self, cell: int, changed: dict[int, float], touched: _Places) -> float:
        """The strength of a cell's weakest premise outside of its component; 1 where it has none."""
        premises = self._outside[cell][1]
        if not premises:
            return 1.0
        order = self._weakest.get(cell)
        if order is None:
            order = self._weakest[cell] = sorted(premises, key=lambda p: self._known[self._premises[p]])
        moved = {~place for place in touched.get(cell, ()) if place < 0}
        self._allowance.spend(1 + len(moved))
        values = [self._now(self._premises[p], changed) for p in moved]
        still = next((self._known[self._premises[p]] for p in order if p not in moved), 1.0)
        weakest: float = min([still, *values])
        return weakest

    def _now(self, cell: int, changed: dict[int, float]) -> float:
        return changed.get(cell, self._known[cell])

    # --- components -------------------------------------------------------------------------------

    def _component_solved(self, component: int, changed: dict[int, float], dead: _Nodes) -> list[tuple[int, float]]:
        first, last = self._bounds[component]
        whole, cells = self.part.cells, self.part.cells.between(first, last)
        self._allowance.spend(20 * (last - first + len(cells.sources)))
        s: Floats = self.part.strength.copy()
        s[list(changed)] = list(changed.values())
        steps = self.part.steps[int(whole.starts[first]) : int(whole.starts[last])]
        signed = np.where(np.isin(steps, list(dead)), 0.0, cells.signed)
        alone = Cells(cells.base, cells.starts, cells.sources, signed, cells.leads, cells.premises)
        solve_cyclic(alone, np.zeros(1, dtype=np.intp), self.part.semantics, s, first)
        return list(enumerate(s[first:last].tolist(), first))

    def _borne_solved(self, component: int, changed: dict[int, float], dead: _Nodes, touched: _Places) -> list[float]:
        """The strengths of a component to which all that bears on a cell from outside is one input for each side.

        Kept by what comes from outside: without one of many equal grounds it is the same whichever that is.
        """
        first, last = self._bounds[component]
        cells = range(first, last)
        outer = tuple(self._borne_by(cell, changed, dead, touched) for cell in cells)
        least = tuple(self._least(cell, changed, touched) for cell in cells)
        lost = frozenset(k for cell in cells for k in touched.get(cell, ()) if k >= 0 and self._steps[k] in dead)
        inner = lost.difference(*(self._aggregates[cell].inputs for cell in cells))
        key = (component, outer, least, inner)
        found = self._solutions.get(key)
        if found is None:
            found = self._solutions[key] = self._swept(first, last, outer, least, inner)
        return found

    def _swept(
        self, first: int, last: int, outer: Sequence[tuple[float, ...]], least: Sequence[float], gone: Collection[int]
    ) -> list[float]:
        """The component's cells with places behind them: one of strength 1 for inputs, then the weakest premises."""
        size = last - first
        starts, leads = [0], [0]
        sources: list[int] = []
        signed: list[float] = []
        premises: list[int] = []
        for i, cell in enumerate(range(first, last)):
            outside, led = map(set, self._outside[cell])
            inside = [k for k in range(self._starts[cell], self._starts[cell + 1]) if k not in outside]
            sources += [self._sources[k] - first for k in inside] + [size] * len(outer[i])
            signed += [0.0 if k in gone else self._signed[k] for k in inside]
            signed += [-(1.0 - outer[i][0]), 1.0 - outer[i][1]] if len(outer[i]) > 1 else outer[i]
            starts.append(len(sources))
            inner = [p for p in range(self._leads[cell], self._leads[cell + 1]) if p not in led]
            premises += [self._premises[p] - first for p in inner] + ([size + 1 + i] if led else [])
            leads.append(len(premises))
        self._allowance.spend(20 * (size + len(sources)))
        s = np.asarray([0.0] * size + [1.0, *least])
        places = (np.asarray(one, dtype=np.intp) for one in (starts, sources, leads, premises))
        begin, at, lead, led_by = places
        cells = Cells(np.asarray(self._base[first:last]), begin, at, np.asarray(signed), lead, led_by)
        solve_cyclic(cells, np.zeros(1, dtype=np.intp), self.part.semantics, s, 0)
        found: list[float] = s[:size].tolist()
        return found

    def _of_target(self, changed: dict[int, float]) -> float:
        position = int(self._network.position[self._target])
        scale = 1.0
        if position == NONE:  # an argument that is its premise times its own weight
            position = int(self._network.position[int(self._arrays.premises.of(self._target)[0])])
            scale = float(self._network.weights[self._target])
        return scale * self._now(int(self.part.local[position]), changed)

    def _dependents(self) -> list[list[tuple[int, int]]]:
        """The cells that need each cell, with the place of it among their inputs, or inverted among their premises."""
        found: list[list[tuple[int, int]]] = [[] for _ in self._base]
        for cell in range(len(self._base)):
            for k in range(self._starts[cell], self._starts[cell + 1]):
                found[self._sources[k]].append((cell, k))
            for p in range(self._leads[cell], self._leads[cell + 1]):
                found[self._premises[p]].append((cell, ~p))
        return found


def _plain(part: Any) -> Any:
    return part.tolist()
