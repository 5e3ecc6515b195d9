"""An actor: a state, organisation, outlet, person or group that acts or speaks."""

from typing import Literal

from pydantic import Field

from schemas.base import Id, Line, Node, Text
from schemas.vocabulary import ActorKind


class Actor(Node):
    """Who acts or speaks (STIX identity, PROV agent, AIF participant)."""

    kind: Literal["actor"] = "actor"
    name: Line
    """What people call the actor."""
    actor_kind: ActorKind
    aliases: tuple[Line, ...] = ()
    """Other names that the sources use."""
    role: Text | None = None
    """What part the actor plays in the question of the map."""
    affiliations: tuple[Id, ...] = ()
    """Actors that this one belongs to."""
    external_ids: dict[str, str] = Field(default_factory=dict)
    """Ids elsewhere by the name of the register, for example `{"wikidata": "Q423"}`."""
    same_as: tuple[Id, ...] = ()
    """Actors that are probably the same."""
