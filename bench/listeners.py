"""What a thousand event streams cost that nothing is told on, on each store: memory of the service, and its time.

The time is what the service uses more than for one alone; what connecting leaves behind is cleared away first.

And how soon one of them hears of what another process writes.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Iterator
from pathlib import Path

from bench.cypher import Address, served
from bench.figure import Figure
from bench.http_server import Child
from graph.editing.planning import plan
from graph.maps.commit_queue import WriteRequest
from graph.maps.port import Store
from graph.maps.workspace import Workspace
from graph.stores import open_store
from schemas.change import Command
from seed.articles import DEFAULT
from seed.loader import load

_LISTENERS, _AT_ONCE = 1000, 50
_WRITES, _LATEST = 12, 1.0
_HEARTBEATS = 2
"""Of one listener, which all the others have meanwhile too."""
_MOST_MB, _MOST_SHARE = 50.0, 1.0
_ASK = b"GET /v1/maps/food-finance-firepower/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"


def figures(address: Address | None = None) -> Iterator[Figure]:
    """Megabytes for all of them, and the share of a core that the service uses meanwhile.

    On SQLite, and on the given Neo4j or one started for it; raises `Unmeasurable` where none can be had.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:{Path(folder) / 'bench.db'}"
        asyncio.run(_fill(open_store(url)))
        yield from _listened("sqlite", {"store": url}, open_store(url))
    with served(address) as there:
        asyncio.run(_fill(there.store()))
        settings = {"store": there.uri, "neo4j_user": there.user, "neo4j_password": there.password}
        yield from _listened("neo4j", settings, there.store())
        asyncio.run(_emptied(there.store()))


def _listened(place: str, settings: dict[str, str], store: Store) -> Iterator[Figure]:
    child = Child.start("ours", **settings, port="0", seed="0")
    try:
        megabytes, share, latest = asyncio.run(_measured(child, store))
    finally:
        child.end()
    name = f"{place}: {_LISTENERS} idle event streams"
    yield Figure(f"{name}: memory", megabytes, "MB", None, "< 50 MB", megabytes < _MOST_MB)
    yield Figure(f"{name}: share of a core", share, "%", None, "< 1 %", share < _MOST_SHARE)
    name = f"{place}: heard of what another process wrote (latest of {_WRITES})"
    yield Figure(name, latest, "s", None, "< 1 s", latest < _LATEST)


async def _fill(store: Store) -> None:
    await store.open()
    await load(Workspace(store))
    await store.close()


async def _emptied(store: Store) -> None:
    await store.open()
    await store.drop(DEFAULT)
    await store.close()


async def _measured(child: Child, store: Store) -> tuple[float, float, float]:
    reader, first = await _listening(child.port)  # what the first of all makes is no listener's
    alone = await _share(child, _beats(reader, 1))
    before = child.memory()
    held = [first]
    for _ in range(0, _LISTENERS, _AT_ONCE):
        held += [one for _, one in await asyncio.gather(*(_listening(child.port) for _ in range(_AT_ONCE)))]
    megabytes = child.memory() - before
    await _beats(reader, 1)  # by then it is quiet
    share = await _share(child, _beats(reader, _HEARTBEATS)) - alone
    latest = await _heard_of(reader, store)
    for writer in held:
        writer.close()
    return megabytes, share, latest


async def _share(child: Child, meanwhile: Awaitable[object]) -> float:
    """The percentage of a core that the service uses meanwhile."""
    used, begin = child.cpu(), time.perf_counter()
    await meanwhile
    return 100 * (child.cpu() - used) / (time.perf_counter() - begin)


async def _beats(reader: asyncio.StreamReader, count: int) -> None:
    for _ in range(count):
        while not (await reader.readline()).startswith(b":"):
            pass


async def _heard_of(reader: asyncio.StreamReader, store: Store) -> float:
    """The longest time from an answer to a write, here, until the service over there has told of it."""
    await store.open()
    workspace, longest = Workspace(store), 0.0
    for n in range(_WRITES):
        note = Command(op="update", kind="statement", id="p-50", value={"note": f"looked at for the {n}th time"})
        request = WriteRequest(lambda graph, by, note=note: plan(graph, [note], by), "bench", lambda _: b"")  # type: ignore[misc]
        await workspace.write(DEFAULT, request)
        begin = time.perf_counter()
        while b"event: change" not in await reader.readline():
            pass
        longest = max(longest, time.perf_counter() - begin)
    await store.close()
    return longest


async def _listening(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_ASK)
    while b"ready" not in await reader.readline():
        pass
    return reader, writer
