"""Which conclusions stand: the least labelling of a snapshot under a reading of its attacks and supports, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.evaluation.labelling.core import Core, core_of
from graph.evaluation.labelling.gates import Gates, Labels, closed_gates, gates_of, least_labels, ranks, weighed_gates
from graph.evaluation.weights import weights_of
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Arrays, Floats, arrays_of
from graph.snapshot.columns import ARGUMENT
from schemas.evaluation import Cause, Standing, Verdict
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


# --- causes and standings --------------------------------------------------------------------------


CAUSES: tuple[Cause | None, ...] = (
    None, "premise", "undercut", "outweighed", "opposed", "no_ground", "contested", "open",
)  # fmt: skip
STANDINGS: tuple[Standing | None, ...] = (
    None, "unchallenged", "upheld", "contested", "open", "defeated", "unsupported",
)  # fmt: skip
_BY_CAUSE: dict[Cause, Standing] = {
    "opposed": "defeated", "no_ground": "unsupported", "contested": "contested", "open": "open",
}  # fmt: skip
Codes = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]


def causes(labelled: Labelled, labels: Labels) -> list[Cause | None]:
    """Why each node is rejected or undecided, None for the others; vectorised, O(nodes + premises)."""
    return [CAUSES[code] for code in cause_codes(labelled, labels).tolist()]


def standings(labelled: Labelled, labels: Labels) -> list[Standing | None]:
    """How each statement and motive stands, None for arguments; vectorised, O(nodes + premises)."""
    return [STANDINGS[code] for code in standing_codes(labelled, labels).tolist()]


def standing_codes(labelled: Labelled, labels: Labels) -> Codes:
    """The standings as places in `STANDINGS`."""
    arrays, codes = labelled.arrays, cause_codes(labelled, labels)
    opposed = np.zeros(len(labels), dtype=np.bool_)
    opposed[arrays.target[arrays.sign < 0]] = True
    by_cause = np.asarray([STANDINGS.index(_BY_CAUSE.get(cause)) if cause else 0 for cause in CAUSES])
    accepted = np.where(opposed, STANDINGS.index("upheld"), STANDINGS.index("unchallenged"))
    found = np.where(labels > 0, accepted, by_cause[codes])
    return np.where(arrays.kinds == ARGUMENT, 0, found).astype(np.int8)


def standing_of(label: int, cause: Cause | None, *, is_opposed: bool) -> Standing:
    """How one statement or motive stands."""
    if label > 0:
        return "upheld" if is_opposed else "unchallenged"
    return "open" if cause is None else _BY_CAUSE.get(cause, "open")


def cause_codes(labelled: Labelled, labels: Labels) -> Codes:
    """The causes as places in `CAUSES`."""
    arrays = labelled.arrays
    conclusions = np.where(_opposed_by(arrays, labels > 0), CAUSES.index("opposed"), CAUSES.index("no_ground"))
    waiting = np.where(_opposed_by(arrays, labels == 0), CAUSES.index("contested"), CAUSES.index("open"))
    if labelled.reading in ("deductive", "necessary"):
        conclusions[:] = CAUSES.index("opposed")  # by an attack that support carries to it, where by no other
    found = np.where(labels < 0, conclusions, np.where(labels == 0, waiting, 0))
    argument = arrays.kinds == ARGUMENT
    found[argument] = np.where(labels < 0, _of_arguments(labelled, labels), 0)[argument]
    return found.astype(np.int8)


def _of_arguments(labelled: Labelled, labels: Labels) -> npt.NDArray[np.int64]:
    arrays, weights = labelled.arrays, labelled.weights
    if labelled.reading != "weighed":
        return np.where(_opposed_by(arrays, labels > 0), CAUSES.index("opposed"), CAUSES.index("premise"))
    fallen = np.zeros(len(labels), dtype=np.bool_)
    fallen[arrays.premises.keys()[labels[arrays.premises.values] < 0]] = True
    undercut = _opposed_by(arrays, (labels > 0) & (weights >= weights[arrays.target]))
    other = np.where(undercut, CAUSES.index("undercut"), CAUSES.index("outweighed"))
    return np.where(fallen, CAUSES.index("premise"), other)


def _opposed_by(arrays: Arrays, chosen: Mask) -> Mask:
    """Whether one of the chosen arguments opposes each node."""
    found = np.zeros(len(chosen), dtype=np.bool_)
    found[arrays.target[(arrays.sign < 0) & chosen]] = True
    return found
