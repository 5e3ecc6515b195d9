"""Which conclusions stand: the least labelling of a snapshot under a reading of its attacks and supports."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from graph.evaluation.labelling.closure import closed_gates
from graph.evaluation.labelling.core import Core, core_of
from graph.evaluation.labelling.gates import Gates, Labels, gates_of, least_labels, ranks
from graph.evaluation.labelling.weighed import weighed_gates
from graph.evaluation.weights import weights_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, Floats, arrays_of
from schemas.evaluation import Verdict
from schemas.evaluation_query import Reading

VERDICTS: dict[int, Verdict] = {1: "accepted", 0: "undecided", -1: "rejected"}
_GATES: dict[Reading, Callable[[Arrays, Floats], Gates]] = {
    "weighed": weighed_gates,
    "grounds": lambda arrays, _: gates_of(arrays),
    "deductive": lambda arrays, _: closed_gates(arrays, deductive=True),
    "necessary": lambda arrays, _: closed_gates(arrays, deductive=False),
}


class ArrayViews(NamedTuple):
    """Arrays as views, which give plain numbers faster than arrays do."""

    places: Any
    """Compact numbers by the snapshot's."""
    labels: Any
    ranks: Any
    """By gate when it was decided."""
    weights: Any


@dataclass(frozen=True, eq=False)
class Labelled:
    """A snapshot under one reading: its gates and their least labelling."""

    arrays: Arrays
    weights: Floats
    """Those of arguments and own grounds, by compact number; only `weighed` asks for them."""
    reading: Reading
    gates: Gates
    every: Labels
    """Labels of all gates, helpers too."""

    @property
    def labels(self) -> Labels:
        """Labels of the nodes, by compact number: 1 accepted, -1 rejected, 0 undecided."""
        return self.every[: len(self.arrays)]

    @cached_property
    def views(self) -> "ArrayViews":
        """What is looked up node by node, worked out once for all the edits that follow."""
        arrays = self.arrays
        size = int(arrays.numbers.max(initial=-1)) + 1
        found = arrays.compact(size), self.labels, ranks(self.gates), self.weights
        return ArrayViews(*(np.ascontiguousarray(one).data for one in found))

    @cached_property
    def core(self) -> Core:
        """What is left undecided."""
        return core_of(self.gates, self.every)


def labels_key(reading: Reading) -> str:
    """Where a snapshot keeps its grounded labelling."""
    return f"labels {reading}"


def labels(graph: ArgumentGraph, reading: Reading = "weighed") -> Labelled:
    """The grounded labelling, kept with the snapshot; O(nodes + premises), but for sorting what is contested.

    It is the least in information among those that fulfil the conditions (Dung 1995; Caminada 2006), so what it
    decides, every complete labelling decides the same way.
    """
    key = labels_key(reading)
    found = graph.memo.get(key)
    if not isinstance(found, Labelled):
        arrays, weights = arrays_of(graph), weights_of(graph).own
        gates = _GATES[reading](arrays, weights)
        found = graph.memo[key] = Labelled(arrays, weights, reading, gates, least_labels(gates))
    return found
