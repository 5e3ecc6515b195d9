"""A load shows one revision, though Neo4j shows a transaction what others commit meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from graph.maps.port import MapRows
from graph.stores import cypher, neo4j_reading
from graph.stores.neo4j import Neo4jStore
from graph.stores.neo4j_calls import Talk
from tests.support.chronicle import Chronicle
from tests.support.nodes import argument, statement

Between = Callable[[], Awaitable[None]]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Between], None]:
    """Lets something happen once, after the first chunk was read and before the second."""
    monkeypatch.setattr(neo4j_reading, "_CHUNK", 4)

    def happen(between: Between) -> None:
        ask, happened = Talk.ask, []

        async def asked(talk: Talk, text: str, **parameters: object) -> list[list[object]]:
            records = await ask(talk, text, **parameters)
            if text == cypher.NODES_BY_AND_BY and not happened:
                happened.append(True)
                await between()
            return records

        monkeypatch.setattr(Talk, "ask", asked)

    return happen


async def test_what_is_committed_while_it_is_read_is_there_whole(
    store: Neo4jStore, meanwhile: Callable[[Between], None]
) -> None:
    told = Chronicle()
    first = told.next(*(statement(f"p{n}") for n in range(9)), argument("z", "p0", "p1"))
    await store.commit(told.header, [first])

    async def between() -> None:
        """Before and behind what was read: updates, a delete, nodes made, the map renamed."""
        changes = [
            told.next(statement("p0", "new"), statement("p8", "new"), statement("p00"), title="Renamed"),
            told.next(statement("p85"), gone=["z"]),
            told.next(statement("p1", "new"), gone=["p00", "p3"]),
        ]
        await store.commit(told.header, changes)

    meanwhile(between)
    assert await store.load(told.id) == told.rows
    assert told.revision == 4


async def test_a_map_made_anew_while_it_is_read_is_the_new_one(
    store: Neo4jStore, meanwhile: Callable[[Between], None]
) -> None:
    told = Chronicle()
    first = told.next(*(statement(f"p{n}") for n in range(9)))
    await store.commit(told.header, [first])
    anew = Chronicle(told.id, created_at="2026-02-02T00:00:00.000000Z")

    async def between() -> None:
        assert await store.drop(told.id)
        change = anew.next(*(statement(f"q{n}") for n in range(9)))
        await store.commit(anew.header, [change])

    meanwhile(between)
    assert await store.load(told.id) == anew.rows


async def test_a_map_deleted_while_it_is_read_is_none(store: Neo4jStore, meanwhile: Callable[[Between], None]) -> None:
    told = Chronicle()
    first = told.next(*(statement(f"p{n}") for n in range(9)))
    await store.commit(told.header, [first])

    async def between() -> None:
        assert await store.drop(told.id)

    meanwhile(between)
    assert await store.load(told.id) is None


@pytest.mark.slow
async def test_no_load_is_torn_while_others_write(
    store: Neo4jStore, store_there: Callable[[], Neo4jStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every change writes its number into all nodes: a load that mixes two would show it."""
    monkeypatch.setattr(neo4j_reading, "_CHUNK", 16)
    writer = store_there()
    await writer.open()
    told = Chronicle()
    change = told.next(*(statement(f"p{n:02}", "1") for n in range(60)))
    await store.commit(told.header, [change])
    written = asyncio.Event()

    async def write() -> None:
        for n in range(2, 60):
            change = told.next(*(statement(f"p{i:02}", str(n)) for i in range(60)))
            await writer.commit(told.header, [change])
        written.set()

    async def read() -> list[MapRows | None]:
        loads = []
        while not written.is_set():
            loads.append(await store.load(told.id))
        return loads

    _, loads, more = await asyncio.gather(write(), read(), read())
    revisions = set()
    for rows in [*loads, *more]:
        assert rows is not None
        revisions.add(rows.header.revision)
        texts = {document.split(b'"text":')[1] for document in rows.documents}
        assert texts == {f'"{rows.header.revision}"}}'.encode()}
    assert len(revisions) > 5, "the loads did not meet the writes"
    await writer.close()
    await store.drop(told.id)
