"""The answer to how much each node moves the strength of another."""

import msgspec

from schemas.evaluation import Defaults, Semantics, Stopped
from schemas.vocabulary import Kind


class Influence(msgspec.Struct, frozen=True):
    """What one node does to the target."""

    id: str
    kind: Kind
    value: float
    """By `removal` the target's strength with the node less that without it; by `gradient` how fast the target's
    strength grows with the node's weight."""


class InfluenceAnswer(msgspec.Struct, frozen=True):
    """Influences, largest effect first."""

    map: str
    revision: int
    target: str
    method: str
    semantics: Semantics
    defaults: Defaults
    strength: float
    """The target's own."""
    items: tuple[Influence, ...]
    complete: bool
    reason: Stopped | None = None
