"""The part of a network that some nodes depend on, as a network of its own."""

from collections.abc import Sequence

import numpy as np

from graph.evaluation.components import Layers
from graph.evaluation.strength.formulas import SEMANTICS
from graph.evaluation.strength.network import Cells, moved
from graph.evaluation.strength.strength import Strengths
from graph.snapshot.columns import NONE


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
