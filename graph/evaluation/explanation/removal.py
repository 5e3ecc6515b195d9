"""The strength of a target with one node taken out: only what that reaches is computed anew."""

from heapq import heappop, heappush
from typing import Any

import numpy as np

from graph.budgets import Allowance
from graph.evaluation.strength.block import strength_of
from graph.evaluation.strength.cyclic import solve_cyclic
from graph.evaluation.strength.network import Cells
from graph.evaluation.strength.part import Part
from graph.evaluation.strength.strength import Strengths
from graph.snapshot.arrays import Floats
from graph.snapshot.columns import ARGUMENT, NONE


class Removal:
    """A target and all that its strength depends on, from which one node after another is taken out."""

    def __init__(self, found: Strengths, above: list[int], target: int, allowance: Allowance) -> None:
        """`above` are the nodes that the target depends on, itself among them, by compact number."""
        self.part = Part(found, above)
        self._arrays, self._network, self._allowance = found.network.arrays, found.network, allowance
        self._target = target
        cells = self.part.cells
        self._base, self._starts, self._sources, self._signed, self._leads, self._premises = map(_plain, cells)
        self._known: list[float] = self.part.strength.tolist()
        self._steps: list[int] = self.part.steps.tolist()
        self._after = self._dependents()
        first, last = self.part.layers.first.tolist(), self.part.layers.last.tolist()
        self._component = {cell: c for c, (a, b) in enumerate(zip(first, last, strict=True)) for cell in range(a, b)}
        """The cyclic component of each cell that is in one."""
        self._bounds = list(zip(first, last, strict=True))

    @property
    def base(self) -> float:
        """The target's strength with nothing taken out."""
        return self._of_target({})

    def strength(self, gone: int) -> float:
        """The target's strength without a node: what needs it weighs nothing any more. May raise `OutOfSteps`."""
        arrays = self._arrays
        dead = {gone}
        if arrays.kinds[gone] != ARGUMENT:
            dead.update(arrays.outgoing.of(gone).tolist())
        if self._target in dead:
            return 0.0
        changed: dict[int, float] = {}
        waiting: list[int] = []
        open_: set[int] = set()
        for argument in dead:
            target = int(arrays.target[argument]) if arrays.kinds[argument] == ARGUMENT else NONE
            cell = NONE if target == NONE else int(self._network.position[target])
            if cell != NONE and self.part.local[cell] != NONE:
                self._wait(int(self.part.local[cell]), waiting, open_)
        while waiting:
            cell = heappop(waiting)
            open_.discard(cell)
            for other, value in self._solved(cell, changed, dead):
                if value != changed.get(other, self._known[other]):
                    changed[other] = value
                    for after in self._after[other]:
                        if self._component.get(after, NONE) != self._component.get(other, NONE - 1):
                            self._wait(after, waiting, open_)
        return self._of_target(changed)

    def _wait(self, cell: int, waiting: list[int], open_: set[int]) -> None:
        component = self._component.get(cell)
        cell = cell if component is None else self._bounds[component][0]
        if cell not in open_:
            open_.add(cell)
            heappush(waiting, cell)

    def _solved(self, cell: int, changed: dict[int, float], dead: set[int]) -> list[tuple[int, float]]:
        """The new strength of a cell, or of all cells of its component."""
        component = self._component.get(cell)
        if component is not None:
            return self._component_solved(component, changed, dead)
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

    def _component_solved(self, component: int, changed: dict[int, float], dead: set[int]) -> list[tuple[int, float]]:
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

    def _of_target(self, changed: dict[int, float]) -> float:
        position = int(self._network.position[self._target])
        scale = 1.0
        if position == NONE:  # an argument that is its premise times its own weight
            position = int(self._network.position[int(self._arrays.premises.of(self._target)[0])])
            scale = float(self._network.weights[self._target])
        cell = int(self.part.local[position])
        return scale * changed.get(cell, self._known[cell])

    def _dependents(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self._base]
        for starts, values in ((self._starts, self._sources), (self._leads, self._premises)):
            for cell in range(len(self._base)):
                for other in values[starts[cell] : starts[cell + 1]]:
                    found[other].append(cell)
        return found


def _plain(part: Any) -> Any:
    return part.tolist()
