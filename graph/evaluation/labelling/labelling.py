"""Which conclusions stand: the grounded labelling of a snapshot, with the cause of each rejection."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from graph.evaluation.labelling.closure import closed_gates
from graph.evaluation.labelling.core import Core, core_of
from graph.evaluation.labelling.gates import Gates, Labels, gates_of, least_labels
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, arrays_of
from graph.snapshot.columns import ARGUMENT
from schemas.evaluation import Cause, Verdict

Reading = Literal["grounds", "deductive", "necessary"]
CAUSES: tuple[Cause | None, ...] = (None, "opposed", "no_ground", "premise")
VERDICTS: dict[int, Verdict] = {1: "accepted", 0: "undecided", -1: "rejected"}


@dataclass(frozen=True, eq=False)
class Labelled:
    """A snapshot under one reading: its gates and their least labelling."""

    arrays: Arrays
    reading: Reading
    gates: Gates
    every: Labels
    """Labels of all gates, helpers too."""

    @property
    def labels(self) -> Labels:
        """Labels of the nodes, by compact number: 1 accepted, -1 rejected, 0 undecided."""
        return self.every[: len(self.arrays)]

    @cached_property
    def core(self) -> Core:
        """What is left undecided."""
        return core_of(self.gates, self.every)


def labels_key(reading: Reading) -> str:
    """Where a snapshot keeps its grounded labelling."""
    return f"labels {reading}"


def labels(graph: ArgumentGraph, reading: Reading = "grounds") -> Labelled:
    """The grounded labelling, kept with the snapshot; O(nodes + premises).

    It is the least in information among those that fulfil the conditions (Dung 1995; Caminada 2006), so what it
    decides, every complete labelling decides the same way.
    """
    key = labels_key(reading)
    found = graph.memo.get(key)
    if isinstance(found, Labelled):
        return found
    arrays = arrays_of(graph)
    gates = gates_of(arrays) if reading == "grounds" else closed_gates(arrays, deductive=reading == "deductive")
    found = Labelled(arrays, reading, gates, least_labels(gates))
    graph.memo[key] = found
    return found


def causes(arrays: Arrays, labels: Labels, reading: Reading = "grounds") -> list[Cause | None]:
    """Why each rejected node is rejected, None for the others; vectorised, O(nodes).

    An accepted argument against it comes first; else an argument fell with a premise, and a statement or motive
    has no ground, or, in the readings of the literature, is hit by an attack that support carries to it.
    """
    return [CAUSES[code] for code in cause_codes(arrays, labels, reading).tolist()]


def cause_codes(arrays: Arrays, labels: Labels, reading: Reading = "grounds") -> npt.NDArray[np.int8]:
    """The same as places in `CAUSES`."""
    argument = arrays.kinds == ARGUMENT
    other: Cause = "no_ground" if reading == "grounds" else "opposed"
    found = np.where(argument, CAUSES.index("premise"), CAUSES.index(other))
    found[opposed_by_accepted(arrays, labels)] = CAUSES.index("opposed")
    return np.where(labels < 0, found, 0).astype(np.int8)


def opposed_by_accepted(arrays: Arrays, labels: Labels) -> npt.NDArray[np.bool_]:
    """Whether an accepted argument opposes each node."""
    found = np.zeros(len(labels), dtype=np.bool_)
    found[arrays.target[(arrays.sign < 0) & (labels > 0)]] = True
    return found
