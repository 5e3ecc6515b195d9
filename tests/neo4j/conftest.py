"""What the tests of the Neo4j store share: the store itself, and a driver of a user's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from neo4j import Driver

from graph.stores.neo4j import Neo4jStore
from tests.support.neo4j import Neo4jAddress, driver_of
from tests.support.stores import PATIENCE


@pytest.fixture
def store_there(neo4j_address: Neo4jAddress) -> Callable[..., Neo4jStore]:
    """Makes stores on the server, not opened yet."""

    def made(**options: object) -> Neo4jStore:
        known = {"user": neo4j_address.user, "password": neo4j_address.password, "patience": PATIENCE}
        given = {**known, **options}
        return Neo4jStore(str(given.pop("url", neo4j_address.uri)), **given)

    return made


@pytest.fixture
async def store(store_there: Callable[..., Neo4jStore]) -> AsyncIterator[Neo4jStore]:
    opened = store_there()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def driver(neo4j_address: Neo4jAddress) -> Iterator[Driver]:
    with driver_of(neo4j_address) as driver:
        yield driver
