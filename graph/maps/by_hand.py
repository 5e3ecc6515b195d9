"""The port to what people change in a database by hand, beside the service."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graph.maps.expected import Expected
from schemas.change import Change, JsonObject
from schemas.map import MapHeader
from schemas.vocabulary import Kind


class HandEdit(NamedTuple):
    """A node as somebody's hand left it."""

    id: str
    kind: Kind
    fields: JsonObject | None
    """Its own fields as they are in the database now; None where it was deleted."""
    element: str | None = None
    """What the database calls it, of a node that no change has made."""


class HandConflict(NamedTuple):
    """What a hand did that a map cannot take in, and what there is to do about it."""

    node: str | None
    detail: str


class Sight(NamedTuple):
    """A node as it was seen, in the store's own words: two are equal where nobody has changed it between them."""

    element: str
    """What the database calls it."""
    told: str


@dataclass(frozen=True)
class HandWork:
    """All that was changed by hand in a map."""

    edits: list[HandEdit]
    conflicts: list[HandConflict]
    header: JsonObject
    """A merge patch (RFC 7396) of what the map says of itself."""
    seen: Mapping[str, Sight] = field(default_factory=dict)
    """By id every node that there was; those that the history has and that are not among them were not there."""
    head: str = ""
    """What the map said of itself, in the store's own words."""


class Taken(NamedTuple):
    """What of a look is to become a revision."""

    work: HandWork
    nodes: Collection[str]
    """The nodes whose edits are taken in."""
    expected: Expected
    """The map as its history gives it with the change that takes them in."""


class HandStore(ABC):
    """A store that people write into beside the service, as a graph database is."""

    @abstractmethod
    async def look(self, expected: Expected) -> HandWork:
        """What is not as the history says, as edits of nodes; reads all of the map. Changes nothing."""

    @abstractmethod
    async def commit(self, header: MapHeader, change: Change, made: Mapping[str, str], taken: Taken) -> None:
        """As `Store.commit`, and make what is stored of the nodes that it is about as the history says then.

        Some of the nodes that the change makes are there already: `made` names them. It is one transaction, in which
        nobody else changes these nodes. Raises `RevisionTaken` where one of them, or what the map says of itself, is
        not as it was looked at any more; then nothing has happened, and what a hand did meanwhile is there for the
        next look.
        """
