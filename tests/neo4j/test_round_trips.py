"""How often a read and a write wait for Neo4j's answer: over a slow way to the server that is all that counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from httpx2 import ASGITransport, AsyncClient

from graph.stores.neo4j import Neo4jStore
from schemas.change import Change
from service.app import create_app
from service.settings import Settings
from tests.support.chronicle import Chronicle
from tests.support.neo4j import Neo4jAddress
from tests.support.nodes import actor, argument, assertion, motive, source, statement

Stores = Callable[..., Neo4jStore]


class Line:
    """A way to the server that counts how often something is sent after something was heard."""

    def __init__(self, address: Neo4jAddress) -> None:
        there = urlsplit(address.uri)
        self._host, self._port = there.hostname or "", there.port or 0
        self.trips = 0
        self.port = 0
        self._carried: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Line]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await asyncio.gather(*self._carried)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._carried.add(asyncio.ensure_future(self._carry(reader, writer)))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self._host, self._port)
        has_heard = True

        async def up() -> None:
            nonlocal has_heard
            while some := await reader.read(1 << 16):
                self.trips += has_heard
                has_heard = False
                to_server.write(some)
            to_server.close()

        async def down() -> None:
            nonlocal has_heard
            while some := await from_server.read(1 << 16):
                has_heard = True
                writer.write(some)
            writer.close()

        await asyncio.gather(up(), down(), return_exceptions=True)


async def trips(line: Line, work: Awaitable[object]) -> int:
    line.trips = 0
    await work
    return line.trips


async def test_a_map_s_revision_takes_one_and_a_write_of_any_sort_two(
    neo4j_address: Neo4jAddress, store_there: Stores
) -> None:
    told = Chronicle()
    told.next(actor("w"), motive("m", "w"), source("s"), statement("p"), statement("q"))
    told.next(argument("a", "p", "q"))  # made, with relationships
    told.next(assertion("x", of="p", source="s"))
    told.next(argument("a", ("p", "q"), "m", "opposing"))  # changed, with others
    told.next(statement("p", "Another text"))
    told.next(gone=["x"])
    async with Line(neo4j_address).opened() as line:
        store = store_there(url=f"bolt://127.0.0.1:{line.port}")
        await store.open()

        def commit(change: Change) -> Awaitable[None]:
            return store.commit(told.header.model_copy(update={"revision": change.revision}), [change])

        await commit(told.changes[0])
        assert [await trips(line, commit(change)) for change in told.changes[1:]] == [2, 2, 2, 2, 2]
        assert await trips(line, store.version(told.id)) == 1
        assert await trips(line, store.maps()) == 1
        await store.close()


async def test_a_request_that_reads_takes_one_beside_its_key_and_one_that_writes_four_in_all(
    neo4j_address: Neo4jAddress, store_there: Stores
) -> None:
    told = Chronicle()
    async with Line(neo4j_address).opened() as line:
        app = create_app(Settings(seed=False), store_there(url=f"bolt://127.0.0.1:{line.port}"))
        transport = ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=transport, base_url="http://localhost") as client,
        ):

            async def asked(method: str, path: str, body: object = None) -> int:
                line.trips = 0
                answer = await client.request(method, f"/v1/maps{path}", json=body)
                assert answer.status_code in (200, 201), answer.text
                return line.trips

            await asked("POST", "", {"id": told.id, "title": "A map"})
            made = {"id": "p", "text": "Rice is short in the north."}
            step = {"text": "Shells are sold for fuel.", "stance": "supporting", "target": "p"}
            assert await asked("POST", f"/{told.id}/statements", made) <= 4
            assert await asked("POST", f"/{told.id}/arguments", step) <= 4
            assert await asked("GET", f"/{told.id}/statements/p") <= 2
            assert await asked("GET", f"/{told.id}/evaluation") <= 2
