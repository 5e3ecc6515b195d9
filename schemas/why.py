"""The answer to why a node has its verdict and strength."""

import msgspec

from schemas.evaluation import Cause, Defaults, Stopped, Verdict


class Flip(msgspec.Struct, frozen=True):
    """The smallest set of nodes whose removal changes a verdict."""

    remove: tuple[str, ...]
    """Motives, statements and arguments; with a premise its arguments go."""
    to: Verdict


class WhyAnswer(msgspec.Struct, frozen=True):
    """Why a node stands as it does, under the grounded labelling and the default strength."""

    map: str
    revision: int
    id: str
    semantics: str
    """What the verdict and the strength are of."""
    defaults: Defaults
    verdict: Verdict
    cause: Cause | None
    strength: float
    deciding: tuple[str, ...]
    """The smallest set of arguments that gives the verdict whatever becomes of the others; empty where none is
    needed. Of an undecided node the arguments of the shortest way back into a circle that nothing decides."""
    flip: Flip | None
    """None where no removal changes the verdict, or none was found within the budget (`complete` says which)."""
    complete: bool
    reason: Stopped | None = None
