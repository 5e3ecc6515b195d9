"""How strongly each node stands: gradual strengths of a snapshot, kept with it and carried over small edits.

Four semantics, each an influence of a base strength w under an aggregate g of the strengths that bear on a node:

- quadratic energy (Potyka 2018): g is supporting less opposing strength, h(g) = g² / (1 + g²), and the strength
  is w + (1 - w) h(g) above zero and w - w h(g) below;
- DF-QuAD (Rago, Toni, Aurisicchio & Baroni 2016): g is the product of what the opposing leave less that of what the
  supporting leave, and the strength w + (1 - w) g or w + w g;
- Euler-based (Amgoud & Ben-Naim 2018): 1 - (1 - w²) / (1 + w e^g), g the same sum as first;
- MLP-based (Potyka 2021): the logistic function of logit(w) + g.

The base of a statement or motive is its credence, that of an argument its credence times its weakest premise.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from graph.evaluation.labelling.gates import Engine
from graph.evaluation.strength.network import Network, network_of
from graph.evaluation.strength.solver import Circle, solve
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Floats, Ints
from graph.snapshot.columns import NONE
from schemas.evaluation_query import Gradual


@dataclass(frozen=True, eq=False)
class Strengths:
    """Strengths by the snapshot's numbers: those of the network that was solved whole, and what edits changed."""

    semantics: Gradual
    network: Network
    whole: Floats
    """By position in the network."""
    place: Ints
    """Compact number by the number of the snapshot that the network is of."""
    circles: dict[int, Circle]
    """By the number of the component."""
    changed: dict[int, float | None] = field(default_factory=dict)
    """Strengths that differ from the network's; None where a node is gone."""

    def of(self, number: int) -> float | None:
        """A node's strength, None where it has none."""
        if number in self.changed:
            return self.changed[number]
        place, position, whole, credence, starts, premises = self._views
        at = place[number] if number < len(place) else NONE
        if at == NONE:
            return None
        if position[at] != NONE:
            return float(whole[position[at]])
        return float(credence[at] * whole[position[premises[starts[at]]]])

    @cached_property
    def _views(self) -> tuple[Any, ...]:
        """What one look-up needs, as views that give plain numbers ten times faster than arrays do."""
        arrays = self.network.arrays
        found = (
            self.place, self.network.position, self.whole, arrays.credence, arrays.premises.starts,
            arrays.premises.values,
        )  # fmt: skip
        return tuple(np.ascontiguousarray(a).data for a in found)

    def component(self, number: int) -> int | None:
        """The number of the component that a node's cell is in, None where it has no cell."""
        place, position, *_ = self._views
        at = place[number] if number < len(place) else NONE
        cell = NONE if at == NONE else position[at]
        if cell == NONE:
            return None
        return bisect_right(self.network.bounds.data, cell) - 1 if self.circles else cell

    def all(self) -> Floats:
        """Strengths by compact number of the network's arrays, without the changes; O(nodes), vectorised."""
        arrays, position = self.network.arrays, self.network.position
        found = np.empty(len(arrays))
        cells = position != NONE
        found[cells] = self.whole[position[cells]]
        plain = np.flatnonzero(~cells)
        found[plain] = arrays.credence[plain] * found[arrays.premises.values[arrays.premises.starts[plain]]]
        return found

    @property
    def converged(self) -> bool:
        """Whether every circle settled."""
        return all(c.converged for c in self.circles.values())

    @property
    def iterations(self) -> int:
        """Most rounds that a circle took."""
        return max((c.iterations for c in self.circles.values()), default=1)

    @property
    def residual(self) -> float:
        """Largest change that another round would make."""
        return max((c.residual for c in self.circles.values()), default=0.0)

    @property
    def unique(self) -> bool:
        """Whether a contraction bound proves that there is no other solution."""
        return all(c.unique for c in self.circles.values())

    def envelopes(self) -> Iterator[tuple[int, float, float]]:
        """Number, lowest and highest strength of the nodes that oscillate."""
        for c, circle in self.circles.items():
            first = int(self.network.bounds[c])
            for i, (low, high) in enumerate(zip(circle.low, circle.high, strict=True)):
                yield int(self.network.arrays.numbers[self.network.compact[first + i]]), low, high


def strengths(graph: ArgumentGraph, semantics: Gradual = "quadratic-energy", *, engine: Engine = "auto") -> Strengths:
    """The strengths of a snapshot, kept with it; O(nodes + links) without circles, else that per sweep."""
    key = f"strength {semantics}"
    found = graph.memo.get(key)
    if isinstance(found, Strengths) and not found.changed and engine == "auto":
        return found
    network = network_of(graph)
    solution = solve(network, semantics, engine)
    place = network.arrays.compact(graph.size)
    found = Strengths(semantics, network, solution.strength, place, solution.circles)
    graph.memo[key] = found
    return found
