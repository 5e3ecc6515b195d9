"""The answer to what hypothetical edits would change."""

import msgspec
from msgspec import UNSET, UnsetType

from schemas.evaluation import Cause, Defaults, Standing, Verdict
from schemas.path import Path, PathReason


class Outcome(msgspec.Struct, frozen=True):
    """How a node stands."""

    verdict: Verdict
    cause: Cause | None
    standing: Standing | None
    """In a word for people; null of an argument."""
    strength: float


class ChangedOutcome(msgspec.Struct, frozen=True):
    """A node whose verdict, cause or strength differs; null where it is not there."""

    id: str
    before: Outcome | None
    after: Outcome | None


class EvaluationDifference(msgspec.Struct, frozen=True):
    """Differences of the grounded verdicts and of the default strengths, in the order of ids."""

    changed: tuple[ChangedOutcome, ...]


class PathsDifference(msgspec.Struct, frozen=True):
    """Argument paths that come and go; one whose polarity turns does both."""

    gained: tuple[Path, ...]
    lost: tuple[Path, ...]
    complete: bool
    """Whether these are all of them; what is given is sure in any case."""
    reason: PathReason | None = None


class RankedMotive(msgspec.Struct, frozen=True):
    """A motive's place by strength, 1 the strongest; null where it is not there. Equal strengths share a rank."""

    id: str
    rank_before: int | None
    rank_after: int | None
    strength_before: float | None
    strength_after: float | None
    separable: bool | None
    """Whether all four strengths order it alike with the one listed before it, after the edit; null of the first, and
    where it is not there."""


class WhatIfAnswer(msgspec.Struct, frozen=True):
    """The difference that hypothetical edits make, a part for each thing asked; nothing is stored."""

    map: str
    revision: int
    """What the edits were tried on; it stays."""
    semantics: str
    """What the verdicts, the strengths and the ranks are of."""
    defaults: Defaults
    orphaned: tuple[str, ...] = ()
    """Statements that the edits leave without an assertion."""
    complete: bool = True
    reason: PathReason | None = None
    evaluation: EvaluationDifference | UnsetType = UNSET
    paths: PathsDifference | UnsetType = UNSET
    motives: tuple[RankedMotive, ...] | UnsetType = UNSET
