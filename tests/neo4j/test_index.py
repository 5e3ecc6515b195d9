"""The full-text index follows the commits: a search finds what was written before it, by whomever and however fast."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from neo4j import Driver
from neo4j.exceptions import ServiceUnavailable

from graph.errors import StoreUnavailable
from graph.maps.doctor import examine, repair_map
from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_migrations import NEWEST
from tests.support.chronicle import Chronicle
from tests.support.nodes import actor, statement
from tests.support.searches import found

Stores = Callable[..., Neo4jStore]
CONFIG = """
    SHOW INDEXES YIELD name, state, options WHERE name = 'argumap_words'
    RETURN options.indexConfig['fulltext.eventually_consistent'] AS follows, state
"""
MADE = """
    CREATE FULLTEXT INDEX argumap_words FOR (n:Node) ON EACH [n.words, n.map, n.kind]
    OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: true}}
"""


async def test_each_search_finds_what_was_written_just_before_it(store: Neo4jStore) -> None:
    async def one(name: str) -> None:
        told = Chronicle()
        for n in range(8):
            told.next(statement(f"p{n}", f"Word{n} of {name}"))
            await store.commit(told.header, told.changes[-1:])
            assert [match.rank.id for match in await found(store, f"word{n} {name}", [told.id])] == [f"p{n}"]
            told.next(statement(f"p{n}", f"Other{n} of {name}"))
            await store.commit(told.header, told.changes[-1:])
            assert await found(store, f"word{n} {name}", [told.id]) == []

    await asyncio.gather(*(one(f"writer{n}") for n in range(4)))


async def test_another_process_finds_it_too(store: Neo4jStore, store_there: Stores) -> None:
    other = store_there()
    await other.open()
    told = Chronicle()
    for n in range(8):
        told.next(statement(f"p{n}", f"Word{n} of a kind"))
        await store.commit(told.header, told.changes[-1:])
        assert [match.rank.id for match in await found(other, f"word{n}", [told.id])] == [f"p{n}"]
    await other.close()


async def test_an_index_that_was_written_within_the_commits_is_made_anew(
    store: Neo4jStore, store_there: Stores, driver: Driver
) -> None:
    told = Chronicle()
    told.next(*(statement(f"p{n}", f"Word{n} and more") for n in range(30)))
    await store.commit(told.header, told.changes)
    driver.execute_query("DROP INDEX argumap_words")
    driver.execute_query(MADE.replace("true", "false"))
    driver.execute_query("MATCH (s:Argumap) SET s.schema = 10")
    later = store_there()
    assert (await later.open()).schema == NEWEST
    [made] = driver.execute_query(CONFIG).records
    assert (made["follows"], made["state"]) == (True, "ONLINE")
    assert len(await found(later, "more", [told.id])) == 30
    await later.close()


async def test_what_the_index_lost_is_told_and_written_again(store: Neo4jStore, driver: Driver) -> None:
    told = Chronicle()
    told.next(actor("w", "Rice board"), statement("p", "Rice is short"))
    await store.commit(told.header, told.changes)
    assert await examine(store, told.id) == []
    _index_only(driver, ":Actor")  # one that has lost whatever is no actor
    assert [match.rank.id for match in await found(store, "rice", [told.id])] == ["w"]
    assert [(finding.part, finding.node) for finding in await examine(store, told.id)] == [("index", "p")]
    written = _words(driver, told.id)
    await repair_map(store, told.id)
    assert _words(driver, told.id) == written
    _index_only(driver, ":Node")
    assert await examine(store, told.id) == []
    assert {match.rank.id for match in await found(store, "rice", [told.id])} == {"w", "p"}


async def test_what_failed_or_lost_nodes_is_made_anew_when_a_service_starts(
    store: Neo4jStore, store_there: Stores, driver: Driver
) -> None:
    told = Chronicle()
    told.next(actor("w", "Rice board"), statement("p", "Rice is short"))
    await store.commit(told.header, told.changes)
    driver.execute_query("DROP INDEX argumap_words")
    driver.execute_query(MADE.replace(":Node", ":Actor"))
    driver.execute_query("DROP INDEX argumap_statement_key")
    driver.execute_query("MATCH (n:Statement) SET n.key = $long", long="x" * 40_000)  # more than an index takes
    driver.execute_query("CREATE INDEX argumap_statement_key FOR (n:Statement) ON (n.key)")
    driver.execute_query("MATCH (n:Statement) SET n.key = n.map + '/' + n.id")
    later = store_there()
    await later.open()
    states = "SHOW INDEXES YIELD name, state WHERE name STARTS WITH 'argumap_' AND state <> 'ONLINE' RETURN name"
    assert driver.execute_query(states).records == []
    await later.close()
    again = store_there()
    await again.open()
    assert {match.rank.id for match in await found(again, "rice", [told.id])} == {"w", "p"}
    await again.close()


async def test_what_the_index_holds_too_much_does_not_hide_what_it_lacks(
    store: Neo4jStore, store_there: Stores, driver: Driver
) -> None:
    """A crash leaves entries of nodes that are gone, under numbers that others have by now."""
    told = Chronicle()
    told.next(statement("p", "Rice is short"))
    await store.commit(told.header, told.changes)
    _index_only(driver, ":Change|Map")
    later = store_there()
    await later.open()
    assert [match.rank.id for match in await found(later, "rice", [told.id])] == ["p"]
    await later.close()


async def test_a_service_that_outlives_its_server_has_the_index_made_anew_before_it_searches(
    store: Neo4jStore, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Chronicle()
    told.next(statement("p", "Rice is short"))
    await store.commit(told.header, told.changes)
    _index_only(driver, ":Actor")
    assert await found(store, "rice", [told.id]) == []

    async def lost(*_: Any) -> None:
        raise ServiceUnavailable("gone")

    with pytest.raises(StoreUnavailable):
        await store._calls.read(lost)
    assert await found(store, "rice", [told.id]) == [], "it was the network: the server is the same"
    monkeypatch.setattr(store._words, "_started", 0)
    with pytest.raises(StoreUnavailable):
        await store._calls.read(lost)
    many = await asyncio.gather(*(found(store, "rice", [told.id]) for _ in range(5)))
    assert [[match.rank.id for match in one] for one in many] == [["p"]] * 5


def _index_only(driver: Driver, labels: str) -> None:
    """Have a full-text index of these labels in the place of the one that there is."""
    driver.execute_query("DROP INDEX argumap_words")
    driver.execute_query(MADE.replace(":Node", labels))
    driver.execute_query("CALL db.awaitIndexes(60)")


def _words(driver: Driver, map_id: str) -> list[str]:
    text = "MATCH (n:Node {map: $map}) RETURN n.words AS words ORDER BY n.id"
    return [record["words"] for record in driver.execute_query(text, map=map_id).records]
