"""What holds where a map says nothing; every answer states it, so that it can be read alone."""

from graph.evaluation.labelling.labelling import Reading
from schemas.evaluation import Defaults

_CREDENCE = {"motive": 0.5, "statement": 0.5, "argument": 1.0}
_UNATTACKED: dict[Reading, str] = {
    "grounds": "accepted if asserted; rejected (no_ground) if constructed, as motives are",
    "deductive": "accepted",
    "necessary": "accepted",
}
_STRENGTH = "its credence"
_SENSITIVE = (
    "the labelling asked for, the grounded one or one of the four strengths accepts the node and another rejects it; "
    "a strength above 0.5 accepts, below 0.5 rejects, and says nothing where it does not settle"
)
LABELLED = "grounded"
WEIGHED = "quadratic-energy"
BOTH = f"{LABELLED}, {WEIGHED}"
"""The semantics of an answer that has verdicts and strengths."""


def of_labelling(reading: Reading = "grounds") -> Defaults:
    """The defaults of a verdict."""
    return Defaults(_UNATTACKED[reading], _CREDENCE, _SENSITIVE)


def of_strength() -> Defaults:
    """The defaults of a strength."""
    return Defaults(_STRENGTH, _CREDENCE, _SENSITIVE)


def of_both() -> Defaults:
    """The defaults of an answer that has verdicts and strengths."""
    return Defaults(f"{_UNATTACKED['grounds']}; its strength is {_STRENGTH}", _CREDENCE)
