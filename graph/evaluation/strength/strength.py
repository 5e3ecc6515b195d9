"""How strongly each node stands: gradual strengths of a snapshot, kept with it.

The base of a statement or motive is its weight, that of an argument its weight times its weakest premise; what is made
of it stands in `graph.evaluation.strength.formulas`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from graph.evaluation.strength.cyclic import CyclicSolution
from graph.evaluation.strength.network import Network, network_of
from graph.evaluation.strength.solver import solve
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
    cyclic: dict[int, CyclicSolution]
    """How the cyclic components were solved, by their number."""
    changed: dict[int, float | None] = field(default_factory=dict)
    """Strengths that differ from the network's; None where a node is gone."""
    moved: frozenset[int] = frozenset()
    """Nodes whose links have differed from the network's at some time since."""
    reweighed: dict[int, float] = field(default_factory=dict)
    """From where strengths start, of nodes whose weight may have changed since."""

    def of(self, number: int) -> float | None:
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

    def envelopes(self) -> Iterator[tuple[int, float, float]]:
        """Number, lowest and highest strength of the nodes that oscillate."""
        for c, solution in self.cyclic.items():
            first = int(self.network.layers.first[c])
            for i, (low, high) in enumerate(zip(solution.low, solution.high, strict=True)):
                yield int(self.network.arrays.numbers[self.network.compact[first + i]]), low, high


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
