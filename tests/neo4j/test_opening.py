"""What cannot be used is refused at opening, with a sentence that says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from neo4j import Driver

from graph.errors import StoreUnavailable, StoreUnusable
from graph.stores import open_store
from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_migrations import NEWEST, info
from tests.neo4j.test_processes_meet import empty
from tests.support.chronicle import Chronicle
from tests.support.nodes import statement
from tests.support.searches import found

Stores = Callable[..., Neo4jStore]
IN_TIME = 30.0
"""Seconds: for a busy machine; without an end a call would wait for ever, or as long as its patience."""


async def refused(store: Neo4jStore, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        await store.open()
    with pytest.raises(StoreUnavailable, match="not open"):
        await store.check()


async def test_a_wrong_password(store_there: Stores) -> None:
    # Not the real user: after three wrong passwords a server refuses the right one too for a while.
    await refused(store_there(user="stranger", password="wrong"), StoreUnavailable, "user name or password")


async def test_no_password_where_one_is_needed(store_there: Stores) -> None:
    await refused(store_there(user=None, password=None), StoreUnavailable, "user name or password")


async def test_a_database_that_is_not_there(store_there: Stores) -> None:
    await refused(store_there(database="nosuch"), StoreUnusable, "no database of this name")


async def test_a_database_by_its_name(store_there: Stores) -> None:
    named = store_there(database="neo4j")
    assert (await named.open()).schema == NEWEST
    await named.close()


async def test_routing_and_bookmarks(store_there: Stores, store: Neo4jStore) -> None:
    url = store._calls.where.replace("bolt://", "neo4j://")
    routed = store_there(url=url)
    assert await routed.open() == await store.check()
    assert await routed.maps() == await store.maps()
    await routed.close()


async def test_encryption_that_the_server_does_not_speak(store_there: Stores, store: Neo4jStore) -> None:
    await refused(store_there(url=store._calls.where.replace("bolt:", "bolt+ssc:")), StoreUnavailable, "encrypted")


async def test_data_of_someone_else(store_there: Stores, driver: Driver) -> None:
    empty(driver)
    driver.execute_query("CREATE (:Node {name: 'theirs'})")
    await refused(store_there(), StoreUnusable, "a database of its own")
    assert driver.execute_query("SHOW CONSTRAINTS").records == [], "nothing was changed there"
    driver.execute_query("MATCH (n:Node) DELETE n")


async def test_data_of_a_newer_argumap(store_there: Stores, store: Neo4jStore, driver: Driver) -> None:
    driver.execute_query("MATCH (s:Argumap) SET s.schema = 99")
    try:
        with pytest.raises(StoreUnusable, match="newer argumap"):
            await store_there().open()
    finally:
        driver.execute_query("MATCH (s:Argumap) SET s.schema = $schema", schema=NEWEST)


async def test_counts_that_were_a_list_in_the_order_of_the_kinds_get_their_names(
    store_there: Stores, store: Neo4jStore, driver: Driver
) -> None:
    told = Chronicle()
    told.next(statement("p"))
    await store.commit(told.header, told.changes)
    driver.execute_query(
        "MATCH (m:Map {id: $map}) SET m.counts = [1, 2, 30, 4, 0, 6] WITH m MATCH (s:Argumap) SET s.schema = 1",
        map=told.id,
    )
    later = store_there()
    assert (await later.open()).schema == NEWEST
    [header] = [header for header in await later.maps() if header.id == told.id]
    assert header.counts == {"actor": 1, "motive": 2, "statement": 30, "argument": 4, "source": 0, "assertion": 6}
    held = driver.execute_query("MATCH (m:Map {id: $map}) RETURN keys(m)", map=told.id).records[0][0]
    assert "counts" not in held
    told.next(statement("q"))
    counted = told.header.model_copy(update={"counts": {"statement": 2, "theorem": 9}})
    await later.commit(counted, told.changes[1:])
    assert (await later.load(told.id)).header == counted
    await later.close()


async def test_the_index_of_an_earlier_version_is_written_anew(
    store_there: Stores, store: Neo4jStore, driver: Driver
) -> None:
    told = Chronicle()
    told.next(*(statement(f"p{n:04}", f"Łódź and 部队, {n},000") for n in range(1, 700)))
    await store.commit(told.header, told.changes)
    questions = ("lodz", "部队", "699000")
    wanted = [await found(store, words, [told.id]) for words in questions]
    assert [len(some) for some in wanted] == [699, 699, 1]
    driver.execute_query(
        "MATCH (n:Node {map: $map}) SET n.words = 'stale' REMOVE n.width WITH DISTINCT 1 AS one "
        "MATCH (s:Argumap) SET s.schema = 3",
        map=told.id,
    )
    assert await found(store, "lodz", [told.id]) == []
    for _ in range(2):
        later = store_there()
        assert (await later.open()).schema == NEWEST
        assert [await found(later, words, [told.id]) for words in questions] == wanted
        await later.close()


@asynccontextmanager
async def something(answer: bytes | None) -> AsyncIterator[str]:
    """A server that is no Neo4j; without an answer it keeps the connection and says nothing."""
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        if answer is None:
            while await reader.read(1024):
                pass
        else:
            writer.write(answer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"bolt://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await asyncio.gather(*served)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", StoreUnusable, "speaks HTTP"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", StoreUnusable, "no Neo4j"),
        (b"", StoreUnavailable, "cannot be reached"),
    ],
)
async def test_what_is_no_neo4j(answer: bytes, kind: type[Exception], words: str) -> None:
    async with something(answer) as url:
        await refused(Neo4jStore(url, user="neo4j", password="x"), kind, words)


async def test_what_takes_the_connection_and_says_nothing() -> None:
    async with something(None) as url:
        async with asyncio.timeout(IN_TIME):
            store = Neo4jStore(url, user="neo4j", password="x", patience=1)
            await refused(store, StoreUnavailable, "cannot be reached")


async def test_nothing_there(unused_tcp_port: int) -> None:
    store = Neo4jStore(f"bolt://127.0.0.1:{unused_tcp_port}", patience=20 * IN_TIME)
    async with asyncio.timeout(IN_TIME):
        await refused(store, StoreUnavailable, "cannot be reached")


def test_an_address_without_sense() -> None:
    with pytest.raises(ValueError, match="Port"):
        open_store("bolt://localhost:door")


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("4.4.30", False),
        ("5.25.1", False),
        ("5.26.0", True),
        ("5.27-aura", True),
        ("2025.01.0", True),
        ("2026.08.1", True),
    ],
)
async def test_the_oldest_server_that_serves(version: str, good: bool) -> None:
    async def ask(*_: Any) -> list[list[Any]]:
        return [["Neo4j Kernel", version, 1]]

    calls: Any = SimpleNamespace(where="bolt://old", ask=ask)
    if good:
        assert (await info(calls)).version == version
    else:
        with pytest.raises(StoreUnusable, match=r"needs Neo4j 5\.26 or newer"):
            await info(calls)
