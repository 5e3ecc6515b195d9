"""Every store gives the same answers, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.port import Store
from graph.search_text import searchable
from tests.support.chronicle import Chronicle, loaded
from tests.support.neo4j import Neo4jAddress
from tests.support.stores import STORES, place_of
from tests.support.strategies import Nodes, whole_maps


@pytest.fixture(params=STORES)
def of_store(
    request: pytest.FixtureRequest, neo4j_of_version: Callable[[str], Neo4jAddress]
) -> Callable[[Path], Store]:
    """A store of the parameter's kind, compared with a SQLite file; with itself that tests the test."""
    return lambda folder: place_of(request.param, folder, neo4j_of_version).store()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(states=st.lists(whole_maps(), min_size=1, max_size=4))
def test_the_same_random_map_comes_out_of_every_store(of_store: Callable[[Path], Store], states: list[Nodes]) -> None:
    asyncio.run(_compare(of_store, states))


async def _compare(of_store: Callable[[Path], Store], states: list[Nodes]) -> None:
    with TemporaryDirectory() as folder:
        here = place_of("sqlite", Path(folder), _no_neo4j).store()
        there = of_store(Path(folder) / "other")
        for store in (here, there):
            await store.open()
        told = Chronicle()
        for nodes in states:
            changed = [node for node in nodes.values() if told.nodes.get(node.id) != node]
            change = told.next(*changed, gone=sorted(set(told.nodes) - set(nodes)))
            for store in (here, there):
                await store.commit(told.header, [change])
            assert await loaded(here, told.id) == await loaded(there, told.id) == told.rows
            assert await here.changes(told.id, 0, 99) == await there.changes(told.id, 0, 99) == told.changes
        for words in _questions(told):
            for limit in (1, 3, 99):
                one = await here.search(words, [told.id], [], limit)
                assert await there.search(words, [told.id], [], limit) == one, words
        ids = [f"{kind}{n}" for kind in "kspmax" for n in range(6)]
        assert await here.known(told.id, ids) == await there.known(told.id, ids)
        await there.drop(told.id)
        for store in (here, there):
            await store.close()


def _questions(told: Chronicle) -> list[str]:
    """Beginnings of words that stand in the map, and whole texts of it."""
    said = sorted({text for node in told.nodes.values() for text in searchable(node).split("\n")})
    return [text[:size] for text in said[:6] for size in (1, 2, 40)]


def _no_neo4j(version: str) -> Neo4jAddress:
    raise AssertionError(version)
