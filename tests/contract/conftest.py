"""The store under test: every test of this folder runs once on each; tests stay apart by random map ids."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path

import pytest

from graph.maps.port import Store
from tests.support.neo4j import Neo4jAddress
from tests.support.stores import STORES, Place, place_of
from tests.support.watchdog import watching_over


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test in this folder fails where the event loop is held while it runs."""
    with watching_over(item) as dog:
        done = yield
    dog.check()
    return done


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path: Path, neo4j_of_version: Callable[[str], Neo4jAddress]) -> Place:
    return place_of(request.param, tmp_path, neo4j_of_version)


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    opened = place.store()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def another(place: Place) -> AsyncIterator[Store]:
    """A second store object on the same data, as another process has it."""
    opened = place.store()
    await opened.open()
    yield opened
    await opened.close()
