"""The answer to what a conclusion rests on."""

import msgspec

from schemas.evaluation import Defaults, Stopped, Verdict


class Cut(msgspec.Struct, frozen=True):
    """One smallest set without which the conclusion loses its ground, or, of a rejected one, is no longer rejected."""

    members: tuple[str, ...]


class SingleCrux(msgspec.Struct, frozen=True):
    """One item whose removal changes the verdict."""

    id: str
    before: Verdict
    after: Verdict | None
    """None where the conclusion itself falls out of the view."""


class ContestedPair(msgspec.Struct, frozen=True):
    """Two that contradict each other, of which nothing decides which one stands, and on which the conclusion turns."""

    pair: tuple[str, str]
    """Statements or motives; where several premises are linked, or the step itself is challenged, the argument."""
    arguments: tuple[str, ...]
    """The steps between them, in either direction."""
    settles: tuple[str, ...]
    """The statements and motives whose verdict follows once it is known which of the two stands."""


class CruxesAnswer(msgspec.Struct, frozen=True):
    """What a conclusion rests on, under the grounded labelling of the reading `weighed`."""

    map: str
    revision: int
    target: str
    over: str
    semantics: str
    """What the verdicts are of."""
    reading: str
    defaults: Defaults
    verdict: Verdict
    cuts: tuple[Cut, ...]
    """Cuts of the smallest size; none where it has no ground, or none that can be taken from it."""
    at_least: int
    """How many members any cut has: proven. 0 where there is none."""
    single: tuple[SingleCrux, ...]
    contested: tuple[ContestedPair, ...]
    """The pairs that it turns on, those first that settle it."""
    rejected_by: tuple[str, ...]
    """Of a rejected one what rejects it: accepted arguments that oppose it or outweigh it, or its rejected premises."""
    complete: bool
    reason: Stopped | None = None
