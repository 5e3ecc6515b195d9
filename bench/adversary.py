"""The longest silence of /healthz, and the peak of memory, while small hostile requests come in; the figures only fall.

Each request is sent alone to a service with default settings over the example map and the four hostile ones; what it
costs is told for each byte sent too, since an attack is cheap that needs few.
"""

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

from bench.figure import Figure
from bench.http import request
from bench.http_server import Child
from graph.stores import open_store
from tests.support.hostile import HOSTILE, put
from tests.support.writes import WRITES

_GOAL, _MEMORY = 0.25, 600.0
"""Seconds of silence, and megabytes over the idle service."""
_LEAVE_AFTER = 10.0
_N = 500_000


def figures() -> Iterator[Figure]:
    """The worst silence with the request that it was due to, and the worst peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        asyncio.run(_fill(file))
        child = Child.start("ours", str(file))
        try:
            idle = child.peak()
            worst = max((_silence(child.port, raw), name, len(raw)) for name, raw in _requests())
            peak = child.peak() - idle
        finally:
            child.end()
    silence, name, size = worst
    label = f"longest silence of /healthz under hostile requests ({name}, {size} bytes)"
    yield Figure(label, 1000 * silence, "ms", None, "< 250 ms", silence < _GOAL)
    yield Figure("peak of memory over the idle service meanwhile", peak, "MB", None, "< 600 MB", peak < _MEMORY)


async def _fill(file: Path) -> None:
    store = open_store(f"sqlite:{file}")
    await store.open()
    for name in HOSTILE:
        await put(store, name)
    await store.close()


def _requests() -> Iterator[tuple[str, bytes]]:
    at = "/v1/maps/hub"
    for field in ("tags", "aliases", "text", "premises"):
        for part in ("1", "{}", '"x"'):
            body = f'{{"text": "x", "{field}": [{",".join([part] * _N)}]}}'.encode()[: (4 << 20) - 2]
            yield f"a list of {part} for {field}", _post(f"{at}/statements", body)
            yield f"a list of {part} for {field} of an argument", _post(f"{at}/arguments", body)
    for field, place in (("operations", "batch"), ("edits", "what-if")):
        for part in ("1", "{}", '{"op": "create"}'):
            whole = f'{{"{field}": [{",".join([part] * min(_N, (4 << 20) // (len(part) + 1) - 20))}]}}'.encode()
            yield f"{part} for {field}", _post(f"{at}/{place}", whole)
    names = ",".join(f'"a{n}": 1' for n in range(300_000))
    yield "names nobody knows", _post(f"{at}/statements", f'{{"text": "x", {names}}}'.encode())
    yield "nesting", _post(f"{at}/statements", b'{"text":' + b"[" * 4_000_000)
    yield "escapes", _post(f"{at}/statements", b'{"text":"' + b"\\u0041" * 600_000 + b'"}')
    for name in ("If-None-Match", "If-Match", "Accept-Encoding", "Origin", "Authorization", "Idempotency-Key"):
        for value in ("x" + " " * 40_000 + "x", '"' * 40_000, "a;q=1," * 9_000):
            yield f"{name} of {value[:6]!r}…", _sent("GET", at, b"", f"{name}: {value}\r\n")
    for map_id in HOSTILE:
        yield f"a search in {map_id}", request("GET", f"/v1/maps/{map_id}/statements?q=matter+said+what+is+x")
        for name, made in WRITES.items():
            write = made(map_id)
            if "dry" in name or "what-if" in name or "refused" in name:
                query = "&".join(f"{one}={value}" for one, value in write.query.items())
                target = f"{write.path}?{query}" if query else write.path
                body = b"" if write.body is None else json.dumps(write.body).encode()
                yield f"{name} on {map_id}", _sent(write.method, target, body)


def _post(target: str, body: bytes) -> bytes:
    return _sent("POST", target, body)


def _sent(method: str, target: str, body: bytes, more: str = "") -> bytes:
    head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{more}"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def _silence(port: int, raw: bytes) -> float:
    """The longest that /healthz took while a request was answered, or until its client left."""
    done = threading.Event()
    asking = threading.Thread(target=_put_and_wait, args=(port, raw, done))
    longest = 0.0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        asking.start()
        while not done.is_set():
            begin = perf_counter()
            connection.sendall(request("GET", "/healthz"))
            if not connection.recv(65536):
                raise RuntimeError("the service ended the connection of /healthz")
            longest = max(longest, perf_counter() - begin)
            done.wait(0.002)
    asking.join()
    return longest


def _put_and_wait(port: int, raw: bytes, done: threading.Event) -> None:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=_LEAVE_AFTER) as connection:
        connection.sendall(raw)
        begin = perf_counter()
        while perf_counter() - begin < _LEAVE_AFTER and connection.recv(1 << 16):
            pass
    done.set()
