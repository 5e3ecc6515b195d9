"""Reads over HTTP against a bare ASGI app that sends the same bytes: requests per second of the server's CPU."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.http_server import Child

SEED = "/v1/maps/food-finance-firepower"
SMALL = f"{SEED}/paths?from=p-50&to=t-main&limit=4"
"""An answer of about two kilobytes."""
LARGE = "/v1/maps/large/graph?budget=880"
"""A drawing of about two hundred kilobytes."""
_CONNECTIONS = 16
_ROUNDS = 5
_LARGE_MAP = 1200


def figures() -> Iterator[Figure]:
    """A small read and a large document, as the service answers them again, and the large one computed anew."""
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder), "ours") as ours:
        asyncio.run(_fill(ours))
        yield from _against_bare("http kept answer", ours, SMALL, 4000, ">= 0.50", 0.50, folder)
        yield from _against_bare("http graph document", ours, LARGE, 1500, ">= 0.30", 0.30, folder)


def _against_bare(
    name: str, ours: Child, path: str, requests: int, goal: str, least: float, folder: str
) -> Iterator[Figure]:
    body = asyncio.run(ask(ours.port, "GET", path))
    file = Path(folder) / "body.json"
    file.write_bytes(body)
    with _running(Path(folder), "bare", str(file)) as bare:
        rates: dict[str, list[float]] = {"ours": [], "bare": []}
        for _ in range(_ROUNDS):  # in turn, so that what else the machine does falls on both
            for one, child in (("bare", bare), ("ours", ours)):
                rates[one].append(asyncio.run(_rate(child, path, requests, len(body))))
    rate = median(rates["ours"])
    ratio = median(a / b for a, b in zip(rates["ours"], rates["bare"], strict=True))
    label = f"{name} of {len(body) / 1000:.1f} kB, per CPU-second, against bare ASGI"
    yield Figure(label, rate, "1/s", ratio, goal, ratio >= least)


@contextmanager
def _running(folder: Path, kind: str, *more: str) -> Iterator[Child]:
    child = Child.start(kind, str(folder / "bench.db"), *more)
    try:
        yield child
    finally:
        child.end()


async def _rate(child: Child, path: str, requests: int, size: int) -> float:
    """Requests per second of the server's CPU, over several connections that are kept open."""
    await asyncio.gather(*(_repeat(child.port, path, 20, size) for _ in range(_CONNECTIONS)))
    before = child.cpu()
    share = requests // _CONNECTIONS
    await asyncio.gather(*(_repeat(child.port, path, share, size) for _ in range(_CONNECTIONS)))
    return share * _CONNECTIONS / (child.cpu() - before)


async def _repeat(port: int, path: str, times: int, size: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = request("GET", path)
    for _ in range(times):
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{path} answered {head[:80]!r}")
        await reader.readexactly(size)
    writer.close()
    await writer.wait_closed()


async def ask(port: int, method: str, path: str, body: bytes = b"") -> bytes:
    """The body of the answer; raises `RuntimeError` where it does not succeed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(method, path, body))
    head = await reader.readuntil(b"\r\n\r\n")
    size = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    said = await reader.readexactly(size)
    if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
        raise RuntimeError(f"{method} {path}: {said[:300]!r}")
    writer.close()
    await writer.wait_closed()
    return said


def request(method: str, path: str, body: bytes = b"", *, close: bool = False) -> bytes:
    """A request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    end = "Connection: close\r\n\r\n" if close else "\r\n"
    return f"{head}Content-Length: {len(body)}\r\n{end}".encode() + body


async def _fill(ours: Child) -> None:
    """A map whose drawing has the size that is measured."""
    await ask(ours.port, "POST", "/v1/maps", b'{"id": "large", "title": "large"}')
    text = "what this statement says of the matter in a sentence of ordinary length"
    operations = [_create("statement", f"s{n:04}", {"text": f"{n}: {text}"}) for n in range(_LARGE_MAP)]
    operations += [
        _create("argument", f"a{n:04}", {"premises": [f"s{n:04}"], "target": f"s{n // 3:04}", "stance": "supporting"})
        for n in range(1, _LARGE_MAP)
    ]
    await ask(ours.port, "POST", "/v1/maps/large/batch", json.dumps({"operations": operations}).encode())


def _create(kind: str, node_id: str, value: dict[str, object]) -> dict[str, object]:
    return {"op": "create", "kind": kind, "id": node_id, "value": value}
