"""The service on Neo4j against a bare driver and SQLite: writers of many maps, bulk, a page of maps, small reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from httpx2 import ASGITransport, AsyncClient
from neo4j import AsyncDriver, AsyncGraphDatabase

from bench.cypher import Address, served
from bench.figure import Figure, Times
from graph.stores import open_store
from graph.stores.neo4j_properties import header_properties, node_row
from schemas.base import now
from schemas.map import MapHeader
from schemas.node import Statement
from service.app import create_app
from service.settings import Settings

WRITERS = 8
EACH = 25
MAPS = 20_000
READS = 200
NODES, TOGETHER = 8_000, 1_000
_ROWS = """
    MATCH (m:Map {id: $map})
    UNWIND $rows AS row
    CREATE (n:Node:Statement)-[:IN_MAP]->(m) SET n = row
"""
_BARE_WRITE = """
    MATCH (m:Map {id: $map}) SET m.lock = 0
    CREATE (n:Node:Statement {map: $map, id: $id, text: $text, doc: $text})-[:IN_MAP]->(m)
    CREATE (:Change {map: $map, revision: $n, doc: $text})-[:CHANGE_OF]->(m)
"""
_MANY_MAPS = "UNWIND $rows AS row CREATE (m:Map) SET m = row"
_SWEPT = "MATCH (m:Map) WHERE m.id STARTS WITH 'bench' CALL (m) { MATCH (n)-[:IN_MAP|CHANGE_OF]->(m) DETACH DELETE n }"
_GONE = "MATCH (m:Map) WHERE m.id STARTS WITH 'bench' DETACH DELETE m"


def figures(address: Address | None = None) -> Iterator[Figure]:
    """On the given server, or on one started for it; raises `Unmeasurable` where none can be had."""
    with served(address) as there:
        yield from asyncio.run(_measured(there))


async def _measured(there: Address) -> list[Figure]:
    driver = AsyncGraphDatabase.driver(
        there.uri, auth=(there.user, there.password), notifications_disabled_classifications=["UNRECOGNIZED"]
    )
    with TemporaryDirectory() as folder:
        async with driver, _asked(there) as service, _asked(None, Path(folder) / "small.db") as embedded:
            try:
                return [
                    *await _small_reads(service, embedded),
                    *await _writers(service, driver),
                    *await _bulk(service, driver),
                    *await _page(service, driver),
                ]
            finally:
                await driver.execute_query(_SWEPT)
                await driver.execute_query(_GONE)


@asynccontextmanager
async def _asked(there: Address | None, file: Path | None = None) -> AsyncIterator[AsyncClient]:
    """A client of the service over a store, in this process."""
    store = there.store() if there is not None else open_store(f"sqlite:{file}")
    app = create_app(Settings(seed=False), store)
    transport = ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://localhost", timeout=120) as client,
    ):
        yield client


async def _sent(client: AsyncClient, path: str, body: object) -> None:
    answer = await client.post(path, json=body)
    if answer.status_code not in (200, 201):
        raise RuntimeError(f"{path} answered {answer.status_code}: {answer.text[:300]}")


async def _timed(work: Callable[[int], Awaitable[object]], count: int) -> Times:
    seconds = []
    for n in range(count):
        begin = perf_counter()
        await work(n)
        seconds.append(perf_counter() - begin)
    return Times(tuple(seconds))


def _statement(n: int) -> dict[str, str]:
    return {"id": f"p-{n}", "text": f"Number {n} says that shells were sold in the north"}


async def _small_reads(service: AsyncClient, embedded: AsyncClient) -> list[Figure]:
    medians = []
    for client in (embedded, service):
        await _sent(client, "/v1/maps", {"id": "bench-small", "title": "Small"})
        for n in range(20):
            await _sent(client, "/v1/maps/bench-small/statements", _statement(n))

        async def read(n: int, client: AsyncClient = client) -> None:
            answer = await client.get("/v1/maps/bench-small/statements", params={"limit": 1 + n % 15})
            assert answer.status_code == 200

        await _timed(read, 20)
        medians.append((await _timed(read, READS)).median)
    more = 1000 * (medians[1] - medians[0])
    return [
        Figure("neo4j: a warm small read on SQLite", 1000 * medians[0], "ms"),
        Figure("neo4j: a warm small read on Neo4j, more than on SQLite", more, "ms", None, "<= 2.5 ms", more <= 2.5),
    ]


async def _writers(service: AsyncClient, driver: AsyncDriver) -> list[Figure]:
    for n in range(WRITERS):
        await _sent(service, "/v1/maps", {"id": f"bench-w{n}", "title": "Written"})
        await _sent(service, f"/v1/maps/bench-w{n}/statements", _statement(9_999))

    async def over_http(writer: int, n: int) -> None:
        await _sent(service, f"/v1/maps/bench-w{writer}/statements", _statement(n))

    async def bare(writer: int, n: int) -> None:
        told = {"map": f"bench-w{writer}", "id": f"b-{n}", "text": "Says that shells were sold", "n": -1 - n}
        async with driver.session() as session:
            await session.execute_write(lambda transaction: _consumed(transaction, told))

    async def _rate(write: Callable[[int, int], Awaitable[None]]) -> float:
        async def one(writer: int) -> None:
            for n in range(EACH):
                await write(writer, n)

        begin = perf_counter()
        await asyncio.gather(*(one(writer) for writer in range(WRITERS)))
        return WRITERS * EACH / (perf_counter() - begin)

    theirs, ours = await _rate(bare), await _rate(over_http)
    alone_bare = (await _timed(lambda n: bare(0, 1_000 + n), 40)).median
    alone = (await _timed(lambda n: over_http(0, 1_000 + n), 40)).median
    name = f"neo4j: {WRITERS} writers on as many maps"
    ratio = alone / alone_bare
    return [
        Figure(f"{name}, bare driver", theirs, "/s"),
        Figure(f"{name}, over HTTP", ours, "/s", ours / theirs, ">= 135 /s", ours >= 135),
        Figure("neo4j: a bare transaction of a like write", 1000 * alone_bare, "ms"),
        Figure("neo4j: a durable write over HTTP", 1000 * alone, "ms", ratio, "<= 3", ratio <= 3),
    ]


async def _consumed(transaction: object, told: dict[str, object]) -> None:
    await (await transaction.run(_BARE_WRITE, told)).consume()  # type: ignore[attr-defined]


async def _bulk(service: AsyncClient, driver: AsyncDriver) -> list[Figure]:
    statements = [Statement(**_statement(n)) for n in range(NODES)]
    parts = [statements[start : start + TOGETHER] for start in range(0, NODES, TOGETHER)]
    for name in ("bench-bare", "bench-bulk"):
        await _sent(service, "/v1/maps", {"id": name, "title": "Bulk"})
    begin = perf_counter()
    for part in parts:
        rows = [node_row("bench-bare", node, node.dense().decode())["properties"] for node in part]
        await driver.execute_query(_ROWS, map="bench-bare", rows=rows)
    theirs = perf_counter() - begin
    begin = perf_counter()
    for part in parts:
        made = [{"op": "create", "kind": "statement", "id": s.id, "value": {"text": s.text}} for s in part]
        await _sent(service, "/v1/maps/bench-bulk/batch", {"operations": made})
    ours = perf_counter() - begin
    ratio = ours / theirs
    return [
        Figure(f"neo4j: {NODES:,} statements, bare driver", theirs, "s"),
        Figure(f"neo4j: {NODES:,} statements, in batches over HTTP", ours, "s", ratio, "<= 2", ratio <= 2),
    ]


async def _page(service: AsyncClient, driver: AsyncDriver) -> list[Figure]:
    at = now()
    for start in range(0, MAPS, 2_000):
        headers = [
            MapHeader(id=f"bench-{n:06}", title=f"Map {n}", revision=1, created_at=at, created_by="bench",
                      updated_at=at, updated_by="bench", change=f"change-{n}", counts={"statement": 0})
            for n in range(start, start + 2_000)
        ]  # fmt: skip
        await driver.execute_query(_MANY_MAPS, rows=[header_properties(header) for header in headers])

    async def page(_: int) -> None:
        answer = await service.get("/v1/maps", params={"limit": 10})
        assert answer.status_code == 200

    await _timed(page, 5)
    took = 1000 * (await _timed(page, 30)).median
    return [Figure(f"neo4j: a page of 10 of {MAPS:,} maps, over HTTP", took, "ms", None, "< 30 ms", took < 30)]
