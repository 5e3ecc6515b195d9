"""The answer to what a conclusion rests on."""

import msgspec

from schemas.evaluation import Defaults, Stopped, Verdict


class Cut(msgspec.Struct, frozen=True):
    """One smallest set without which the conclusion loses its ground."""

    members: tuple[str, ...]


class SingleCrux(msgspec.Struct, frozen=True):
    """One item whose removal changes the verdict."""

    id: str
    before: Verdict
    after: Verdict | None
    """None where the conclusion itself falls out of the view."""


class CruxesAnswer(msgspec.Struct, frozen=True):
    """What a conclusion rests on, under the grounded labelling."""

    map: str
    revision: int
    target: str
    over: str
    semantics: str
    """What the verdicts are of."""
    defaults: Defaults
    verdict: Verdict
    cuts: tuple[Cut, ...]
    """All cuts of the smallest size; none where the conclusion has no ground, or none that can be taken from it."""
    single: tuple[SingleCrux, ...]
    complete: bool
    reason: Stopped | None = None
