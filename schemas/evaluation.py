"""The answers of an evaluation: which conclusions stand, and how strongly."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from schemas.vocabulary import Kind

Verdict = Literal["accepted", "rejected", "undecided"]
Cause = Literal["opposed", "no_ground", "premise"]
Semantics = Literal[
    "grounded", "complete", "preferred", "stable", "semi-stable", "ideal", "quadratic-energy", "df-quad", "euler", "mlp"
]
Stopped = Literal["limit", "budget", "no_extension"]


class Evaluated(msgspec.Struct, frozen=True):
    """One node under a semantics: a verdict under a labelling, a strength under a gradual one."""

    id: str
    kind: Kind
    verdict: Verdict | UnsetType = UNSET
    """What every labelling of the semantics says of it; `undecided` where they differ or do not decide."""
    cause: Cause | UnsetType | None = UNSET
    """Of a rejected node: `opposed` by an accepted argument, `no_ground`, or of an argument a rejected `premise`."""
    strength: float | UnsetType = UNSET
    """Between 0 and 1; in an oscillation the middle of the envelope."""
    low: float | UnsetType = UNSET
    """Only in an oscillation: the lowest strength of the last rounds."""
    high: float | UnsetType = UNSET
    """Only in an oscillation: the highest strength of the last rounds."""
    method_sensitive: bool = False
    """Whether one method accepts the node and another rejects it; a strength accepts above 0.5."""


class Defaults(msgspec.Struct, frozen=True):
    """What holds where nothing is said: part of every answer, so that it can be read alone."""

    unattacked: str
    """The verdict of a node that nothing bears on."""
    credence: dict[str, float]
    """Initial strength by kind where the map gives none."""
    method_sensitive: str | UnsetType = UNSET
    """When a node is marked so, in the answers that mark nodes."""


class EvaluationAnswer(msgspec.Struct, frozen=True):
    """A map under one semantics."""

    map: str
    revision: int
    semantics: Semantics
    reading: str
    defaults: Defaults
    nodes: tuple[Evaluated, ...]
    complete: bool
    reason: Stopped | None = None
    """`limit`: there are more extensions; `budget`: stopped by time; `no_extension`: the semantics has none here."""
    extensions: tuple[tuple[str, ...], ...] | UnsetType = UNSET
    """Of a semantics with several: ids of the accepted statements and motives, sorted; a limit gives the first ones."""
    converged: bool | UnsetType = UNSET
    """Of a strength: whether every circle of the map settled."""
    iterations: int | UnsetType = UNSET
    """Most rounds that a circle took; 1 without circles."""
    residual: float | UnsetType = UNSET
    """Largest change that one more round would make."""
    unique: bool | UnsetType = UNSET
    """Whether a contraction bound proves that there is no other solution."""
    oscillating: tuple[str, ...] | UnsetType = UNSET
    """Nodes that never settle; their strengths are the middle of an envelope."""


class AcceptanceAnswer(msgspec.Struct, frozen=True):
    """Whether a node is accepted in some (credulous) or in every (sceptical) labelling of a semantics."""

    map: str
    revision: int
    id: str
    semantics: Semantics
    mode: Literal["credulous", "sceptical"]
    reading: str
    defaults: Defaults
    accepted: bool | None
    """None where the budget ended before it was known."""
    complete: bool
    reason: Stopped | None = None
    """`no_extension`: there is no labelling at all, so every node is sceptically accepted."""
