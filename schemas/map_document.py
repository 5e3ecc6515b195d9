"""A map as one document: what it is exported as and read back from."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType


class MapOfDocument(msgspec.Struct, frozen=True):
    """What the map says of itself."""

    id: str
    title: str
    question: str
    description: str
    weights: dict[str, Any] | UnsetType = UNSET
    """What grades count for in this map, as far as that differs."""


class MapDocument(msgspec.Struct, frozen=True):
    """A whole map, or a view of one, without its history."""

    format: str
    """`argumap`."""
    version: int
    """Version of this format."""
    map: MapOfDocument
    nodes: dict[str, list[dict[str, Any]]]
    """Under the plural of each kind its nodes, with the fields that a create takes."""
