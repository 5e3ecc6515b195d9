"""A map is gone at once, and what it held is swept away without touching a map made anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from neo4j import Driver

from graph.errors import RevisionTaken, StoreUnavailable
from graph.maps.port import Deletion
from graph.stores import cypher_deleting, neo4j_sweep
from graph.stores.neo4j import Neo4jStore
from schemas.change import IdempotencyRecord
from tests.support.chronicle import Chronicle
from tests.support.nodes import argument, statement

BLOCKED = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN status"
LEFT = "MATCH (n {map: $map}) RETURN count(n) AS n"


@pytest.fixture
async def told(store: Neo4jStore) -> Chronicle:
    """A map with nodes, former nodes and a log."""
    told = Chronicle()
    changes = [
        told.next(*(statement(f"p{n}") for n in range(20)), argument("a", "p0", "p1")),
        told.next(gone=["a", "p19"]),
        told.next(statement("p0", "shells"), idempotency=IdempotencyRecord(f"key of {told.id}", "f", "{}")),
    ]
    await store.commit(told.header, changes)
    return told


@pytest.fixture
def cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the process "die" after the first batch of a sweep."""
    monkeypatch.setattr(neo4j_sweep, "_BATCH", 7)
    swept = neo4j_sweep._swept

    async def once(*arguments: Any, **meant: Any) -> int:
        await swept(*arguments, **meant)
        raise StoreUnavailable("the process died here")

    monkeypatch.setattr(neo4j_sweep, "_swept", once)


async def test_batches_sweep_everything(
    store: Neo4jStore, told: Chronicle, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_sweep, "_BATCH", 2)
    assert await store.drop(told.id)
    assert driver.execute_query(LEFT, map=told.id).records[0]["n"] == 0
    assert driver.execute_query("MATCH (d:Dropped) RETURN d").records == []


async def test_what_is_left_of_a_map_is_seen_by_nobody(
    store: Neo4jStore, told: Chronicle, driver: Driver, cut_short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await store.drop(told.id)
    assert driver.execute_query(LEFT, map=told.id).records[0]["n"] > 10
    assert told.id not in {header.id for header in await store.maps()}
    assert await store.version(told.id) is None
    assert await store.load(told.id) is None
    assert await store.changes(told.id, 0, 9) == []
    assert await store.idempotency_record(f"key of {told.id}") is None
    assert await store.known(told.id, ["p0", "a"]) == set()
    assert await store.revision_at(told.id, "2027-01-01T00:00:00Z") is None
    assert (await store.search("shells", [told.id], [])).nodes == []
    monkeypatch.undo()
    assert not await store.drop(told.id)


async def test_what_a_dead_process_left_is_swept_by_who_makes_the_map_anew(
    store: Neo4jStore, told: Chronicle, cut_short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await store.drop(told.id)
    monkeypatch.undo()
    anew = Chronicle(told.id, created_at="2026-02-02T00:00:00.000000Z")
    change = anew.next(statement("p0"), idempotency=IdempotencyRecord(f"key of {told.id}", "f", "{}"))
    await store.commit(anew.header, [change])
    assert await store.load(told.id) == anew.rows
    assert await store.changes(told.id, 0, 9) == anew.changes
    assert await store.known(told.id, ["p0", "p1", "a"]) == {"p0"}


async def test_a_key_that_a_swept_map_had_is_free(
    store: Neo4jStore, told: Chronicle, cut_short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await store.drop(told.id)
    monkeypatch.undo()
    other = Chronicle()
    change = other.next(statement("p"), idempotency=IdempotencyRecord(f"key of {told.id}", "f", "{}"))
    await store.commit(other.header, [change])
    assert await store.idempotency_record(f"key of {told.id}") == change


@pytest.mark.parametrize("batches", range(8))
async def test_what_a_dead_process_left_half_aside_or_half_back_comes_back_whole(
    store: Neo4jStore, told: Chronicle, batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_sweep, "_BATCH", 7)
    swept = neo4j_sweep._swept
    left = batches

    async def some(*arguments: Any, **meant: Any) -> int:
        nonlocal left
        if left == 0:
            raise StoreUnavailable("the process died here")
        left -= 1
        return await swept(*arguments, **meant)

    monkeypatch.setattr(neo4j_sweep, "_swept", some)
    kept = Deletion("2026-02-01T00:00:00.000000Z", "ann", "2099-01-01T00:00:00.000000Z")
    assert await store.drop(told.id, kept=kept)
    assert await store.load(told.id) is None
    left = -1  # nothing dies while what was cut off is done
    await neo4j_sweep.sweep(store._calls)
    assert [one.deletion for one in await store.deleted() if one.header.id == told.id] == [kept]
    left = batches
    with pytest.raises(StoreUnavailable):
        await store.restore(told.id, kept.at)
    assert await store.load(told.id) is None
    left = -1
    assert await store.restore(told.id, kept.at)
    assert await store.load(told.id) == told.rows
    assert await store.changes(told.id, 0, 9) == told.changes
    assert await store.known(told.id, ["p0", "a", "p19"]) == {"p0", "a", "p19"}
    assert await store.idempotency_record(f"key of {told.id}") == told.changes[-1]
    assert await store.drop(told.id)


async def test_a_sweep_that_comes_late_leaves_the_new_map_alone(store: Neo4jStore, told: Chronicle) -> None:
    await store.drop(told.id)
    anew = Chronicle(told.id, created_at="2026-02-02T00:00:00.000000Z")
    change = anew.next(statement("p0"), statement("p1"))
    await store.commit(anew.header, [change])
    for text in (*neo4j_sweep._AWAY, *neo4j_sweep._ASIDE):
        assert await neo4j_sweep._swept(store._calls, text, map=told.id, created_at=told.created_at) == 0
    assert await store.load(told.id) == anew.rows
    assert await store.changes(told.id, 0, 9) == anew.changes


async def until_blocked(driver: Driver) -> None:
    """Wait until a transaction waits for a lock that another has."""
    while not (await asyncio.to_thread(driver.execute_query, BLOCKED)).records:
        pass


async def test_a_commit_that_waited_for_the_lock_of_a_drop_is_too_late(
    store: Neo4jStore, told: Chronicle, driver: Driver
) -> None:
    """The map's node is found before the lock is had: what counts is what it is after."""
    late = told.next(statement("late"))

    async def commit() -> None:
        with pytest.raises(RevisionTaken):
            await store.commit(told.header, [late])

    unlisted = asyncio.Event()

    async def unlist() -> None:
        async def work(talk: Any) -> None:
            at_any = {"revision": None, "created_at": None, "change": None}
            for_good = {"aside": None, "at": None, "by": None, "until": None}
            await talk.ask(cypher_deleting.UNLIST, map=told.id, **at_any, **for_good)
            unlisted.set()
            await until_blocked(driver)

        await store._calls.write(work)

    async def commit_then() -> None:
        await unlisted.wait()
        await commit()

    await asyncio.gather(unlist(), commit_then())
    assert await store.version(told.id) is None
    await neo4j_sweep.sweep(store._calls)


@pytest.mark.slow
async def test_makers_and_droppers_of_one_id_never_leave_half_a_map(
    store: Neo4jStore, store_there: Callable[[], Neo4jStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_sweep, "_BATCH", 5)
    map_id = Chronicle().id
    stores = [store, *(store_there() for _ in range(3))]
    for one in stores[1:]:
        await one.open()

    async def live(one: Neo4jStore, name: int) -> int:
        made = 0
        for n in range(20):
            told = Chronicle(map_id, created_at=f"2026-03-{name:02}T00:00:{n:02}.000000Z")
            change = told.next(*(statement(f"w{name}-{n}-{i}") for i in range(12)))
            try:
                await one.commit(told.header, [change])
            except RevisionTaken:
                await one.drop(map_id)
            else:
                made += 1
            rows = await one.load(map_id)
            if rows is not None:
                names = {i.rpartition("-")[0] for i in rows.ids}
                assert len(rows.ids) == 12
                assert len(names) == 1
        return made

    made = await asyncio.gather(*(live(one, n + 1) for n, one in enumerate(stores)))
    assert sum(made) > 4
    await store.drop(map_id)
    for one in stores[1:]:
        await one.close()
