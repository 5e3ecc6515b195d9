"""How long the service is silent while hard questions are worked on: /healthz asked without pause meanwhile."""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, urlencode

from bench.figure import Figure
from bench.http import ask, request
from bench.http_server import Child
from graph.stores import open_store
from tests.support.hostile import HOSTILE, put
from tests.support.operations import Read, reads

_LEAVE_AFTER = 1.0
"""Seconds after which the client of a hard question goes away."""
_FORMS = ("plain", "narrowed", "widest")
_GOAL = 0.25


def figures() -> Iterator[Figure]:
    """The longest silence on each of the four hostile maps, with the question that it was due to."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        asyncio.run(fill_hostile(file))
        for name in HOSTILE:
            child = Child.start("ours", str(file))
            try:
                silence, due = asyncio.run(_longest(child.port, name))
            finally:
                child.end()
            label = f"longest silence while any read runs, {name} map ({due})"
            yield Figure(label, 1000 * silence, "ms", None, "< 250 ms", silence < _GOAL)


async def fill_hostile(file: Path) -> None:
    """Put the four hostile maps into a new store."""
    store = open_store(f"sqlite:{file}")
    await store.open()
    for name in HOSTILE:
        await put(store, name)
    await store.close()


async def _longest(port: int, name: str) -> tuple[float, str]:
    document = json.loads(await ask(port, "GET", "/openapi.json"))
    worst = (0.0, "none")
    for one in reads(document, name):
        if one.form in _FORMS:
            worst = max(worst, (await _silence(port, one), f"{one.operation}, {one.form}"))
    return worst


async def _silence(port: int, one: Read) -> float:
    """The longest that /healthz took while the question was worked on."""
    done = threading.Event()
    asking = threading.Thread(target=_put_and_leave, args=(port, one, done))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asking.start()
    longest = 0.0
    while not done.is_set():
        begin = perf_counter()
        writer.write(request("GET", "/healthz"))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length[15:]))
        longest = max(longest, perf_counter() - begin)
    writer.close()
    await writer.wait_closed()
    asking.join()
    return longest


def _put_and_leave(port: int, one: Read, done: threading.Event) -> None:
    """Ask as a client that has patience for a moment only; what comes is thrown away."""
    path = quote(one.path) + ("?" + urlencode(one.query, doseq=True) if one.query else "")
    end = perf_counter() + _LEAVE_AFTER
    with socket.create_connection(("127.0.0.1", port)) as connection, suppress(TimeoutError):
        connection.sendall(request("GET", path, close=True))
        while (left := end - perf_counter()) > 0:
            connection.settimeout(left)
            if not connection.recv(1 << 20):
                break
    done.set()
