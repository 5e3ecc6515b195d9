"""Why a node has its verdict, and how it stands in a word for people."""

import numpy as np
import numpy.typing as npt

from graph.evaluation.labelling.gates import Labels
from graph.evaluation.labelling.labelling import Labelled
from graph.snapshot.arrays import Arrays
from graph.snapshot.columns import ARGUMENT
from schemas.evaluation import Cause, Standing

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
