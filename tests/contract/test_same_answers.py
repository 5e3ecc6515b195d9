"""Every store gives the same answers, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.maps.port import Store
from graph.search.words import fields
from tests.support.chronicle import Chronicle, loaded
from tests.support.neo4j import Neo4jAddress
from tests.support.searches import found
from tests.support.stores import STORES, Place, place_of
from tests.support.strategies import Nodes, whole_maps


@dataclass
class Pair:
    """A SQLite file and the store of the test's parameter; a second file beside the first tests the test."""

    here: Store
    there: Store
    runner: asyncio.Runner


@pytest.fixture(params=STORES)
def pair(
    request: pytest.FixtureRequest, tmp_path: Path, neo4j_of_version: Callable[[str], Neo4jAddress]
) -> Iterator[Pair]:
    here = Place(f"sqlite:{tmp_path / 'here.db'}").store()
    there = place_of(request.param, tmp_path, neo4j_of_version).store()
    with asyncio.Runner() as runner:
        for store in (here, there):
            runner.run(store.open())
        yield Pair(here, there, runner)
        for store in (here, there):
            runner.run(store.close())


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(states=st.lists(whole_maps(), min_size=1, max_size=4))
def test_the_same_random_map_comes_out_of_every_store(pair: Pair, states: list[Nodes]) -> None:
    pair.runner.run(_compare(pair.here, pair.there, states))


async def _compare(here: Store, there: Store, states: list[Nodes]) -> None:
    told = Chronicle()
    for nodes in states:
        changed = [node for node in nodes.values() if told.nodes.get(node.id) != node]
        change = told.next(*changed, gone=sorted(set(told.nodes) - set(nodes)))
        for store in (here, there):
            await store.commit(told.header, [change])
        assert await loaded(here, told.id) == await loaded(there, told.id) == told.rows
    assert await here.changes(told.id, 0, 99) == await there.changes(told.id, 0, 99) == told.changes
    ids = [f"{kind}{n}" for kind in "kspmax" for n in range(6)]
    assert await here.known(told.id, ids) == await there.known(told.id, ids)
    for words in _questions(told):
        one, other = await here.search(words, [told.id], []), await there.search(words, [told.id], [])
        assert sorted(one.nodes) == sorted(other.nodes), words
        assert one.whole == other.whole is True
        assert await found(here, words, [told.id]) == await found(there, words, [told.id])
    for store in (here, there):
        assert await store.drop(told.id)


def _questions(told: Chronicle) -> list[str]:
    """Beginnings of words that stand in the map, and whole texts of it."""
    said = sorted({text for node in told.nodes.values() for field in fields(node) for text in field.texts})
    return [text[:size] for text in said[:5] for size in (1, 40)]
