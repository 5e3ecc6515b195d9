"""What a thousand event streams cost that nothing is told on: memory of the service, and its time."""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from bench.http_server import Child
from graph.maps.workspace import Workspace
from graph.stores import open_store
from seed.loader import load

_LISTENERS, _AT_ONCE = 1000, 50
_HEARTBEATS = 2
"""Of one listener, which all the others have meanwhile too."""
_MOST_MB, _MOST_SHARE = 50.0, 1.0
_ASK = b"GET /v1/maps/food-finance-firepower/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"


def figures() -> Iterator[Figure]:
    """Megabytes for all of them, and the share of a core that the service uses meanwhile."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        asyncio.run(_fill(file))
        child = Child.start("ours", str(file))
        try:
            megabytes, share = asyncio.run(_measured(child))
        finally:
            child.end()
    name = f"{_LISTENERS} idle event streams"
    yield Figure(f"{name}: memory", megabytes, "MB", None, "< 50 MB", megabytes < _MOST_MB)
    yield Figure(f"{name}: share of a core", share, "%", None, "< 1 %", share < _MOST_SHARE)


async def _fill(file: Path) -> None:
    store = open_store(f"sqlite:{file}")
    await store.open()
    await load(Workspace(store))
    await store.close()


async def _measured(child: Child) -> tuple[float, float]:
    reader, first = await _listening(child.port)  # what the first of all makes is no listener's
    before = child.memory()
    held = [first]
    for _ in range(0, _LISTENERS, _AT_ONCE):
        held += [one for _, one in await asyncio.gather(*(_listening(child.port) for _ in range(_AT_ONCE)))]
    megabytes = child.memory() - before
    used, begin = child.cpu(), time.perf_counter()
    heard = 0
    while heard < _HEARTBEATS:
        heard += (await reader.readline()).startswith(b":")
    share = 100 * (child.cpu() - used) / (time.perf_counter() - begin)
    for writer in held:
        writer.close()
    return megabytes, share


async def _listening(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_ASK)
    while b"ready" not in await reader.readline():
        pass
    return reader, writer
