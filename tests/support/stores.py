"""The stores that the contract is run on, and how another process reaches the same one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from graph.maps.port import Store
from graph.stores import open_store
from tests.support.neo4j import NEO4J_VERSIONS, Neo4jAddress

STORES = ("sqlite", *(f"neo4j-{version}" for version in NEO4J_VERSIONS))

PATIENCE = 60.0
"""Seconds that a server may take for an answer; tests of being patient have their own."""


@dataclass(frozen=True)
class Place:
    """Where a store is."""

    url: str
    user: str | None = None
    password: str | None = None

    def store(self) -> Store:
        """A store there, not opened; what is asked of it is not how fast a busy machine answers."""
        return open_store(self.url, user=self.user, password=self.password, patience=PATIENCE)

    def spelled(self) -> str:
        """The place as an argument for another process."""
        return msgspec.json.encode(asdict(self)).decode()

    @classmethod
    def read(cls, spelled: str) -> Place:
        return msgspec.json.decode(spelled, type=cls)


def place_of(name: str, folder: Path, neo4j_of_version: Callable[[str], Neo4jAddress]) -> Place:
    """The place of one of STORES; skips where it is not here."""
    if name == "sqlite":
        return Place(f"sqlite:{folder / 'store.db'}")
    address = neo4j_of_version(name.removeprefix("neo4j-"))
    return Place(address.uri, address.user, address.password)
