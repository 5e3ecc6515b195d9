"""The answers of an evaluation: which conclusions stand, and how strongly."""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from schemas.vocabulary import Kind

Verdict = Literal["accepted", "rejected", "undecided"]
Cause = Literal["premise", "undercut", "outweighed", "opposed", "no_ground", "contested", "open"]
Standing = Literal["unchallenged", "upheld", "contested", "open", "defeated", "unsupported"]
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
    """Of a rejected argument a rejected `premise`, an accepted `undercut`, or that it is `outweighed` by what is on the
    other side; of a rejected statement or motive that it is `opposed` by an accepted argument, else `no_ground`; of an
    undecided one `contested` where an undecided argument opposes it, else `open`."""
    standing: Standing | UnsetType | None = UNSET
    """Of a statement or motive, for people: `unchallenged` (nothing opposes it), `upheld` (against objections),
    `contested`, `open`, `defeated` (`opposed`) or `unsupported` (`no_ground`); null of an argument."""
    weight: float | UnsetType | None = UNSET
    """What an argument or the own ground of a statement counts for; null of what has no own ground."""
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
    weights: dict[str, Any]
    """What grades count for: the table of this map."""
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
    """In the order of ids: those of this page."""
    total: int
    """Nodes on all pages."""
    next: str | None
    """The cursor behind the last one; null at the end."""
    complete: bool
    reason: Stopped | None = None
    """`limit`: there are more extensions; `budget`: stopped by time; `no_extension`: the semantics has none here."""
    extensions: tuple[tuple[str, ...], ...] | UnsetType = UNSET
    """Of a semantics with several labellings: the accepted statements and motives of each; a limit gives the first."""
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
