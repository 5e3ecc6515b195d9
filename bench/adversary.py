"""The longest silence of /healthz, and the peak of memory, while small hostile requests come in; the figures only fall.

Each request is sent alone to a service with default settings over the example map and the four hostile ones, and in the
end a write to a map that hundreds of streams listen to. Where other programs take the processors a silence lasts longer
than it is due to the service: how much of it the service computed is told beside it.
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from bench.figure import Figure
from bench.hostile_requests import requests, sent
from bench.http import request
from bench.http_server import Child
from bench.silence import fill_hostile

_GOAL, _MEMORY = 0.25, 600.0
"""Seconds of silence, and megabytes over the idle service."""
_LEAVE_AFTER = 10.0
_LISTENERS = 300


class Silence(NamedTuple):
    """How long /healthz was not answered."""

    seconds: float
    computed: float
    """Seconds of the processors' time that the service took meanwhile."""
    due: str
    """What was sent."""
    size: int


def figures() -> Iterator[Figure]:
    """The worst silence with the request that it was due to, and the worst peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        asyncio.run(fill_hostile(file))
        child = Child.start("ours", str(file))
        try:
            idle = child.peak()
            found = [_silence(child, name, raw) for name, raw in requests()]
            found.append(_silence_of_listeners(child))
            peak = child.peak() - idle
        finally:
            child.end()
    worst, own = max(found), max(found, key=lambda one: min(one.seconds, one.computed))
    yield _figure("longest silence of /healthz under hostile requests", worst, worst.seconds)
    yield _figure("the longest that the service itself was at work in", own, min(own.seconds, own.computed))
    yield Figure("peak of memory over the idle service meanwhile", peak, "MB", None, "< 600 MB", peak < _MEMORY)


def _figure(label: str, due: Silence, seconds: float) -> Figure:
    name = f"{label} ({due.due}, {due.size} bytes)"
    return Figure(name, 1000 * seconds, "ms", None, "< 250 ms", seconds < _GOAL)


def _silence_of_listeners(child: Child) -> Silence:
    """Of a write that hundreds of streams hear of, each of which follows the verdict of a node."""
    at = "/v1/maps/deep"
    head = "Host: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
    ask = f"GET {at}/changes?node=centre HTTP/1.1\r\n{head}".encode()
    with ExitStack() as open_streams:
        for _ in range(_LISTENERS):
            listener = open_streams.enter_context(socket.create_connection(("127.0.0.1", child.port)))
            listener.sendall(ask)
            listener.recv(1)
        write = sent("PATCH", f"{at}/statements/centre", b'{"note": "seen"}')
        return _silence(child, f"a write that {_LISTENERS} streams hear of", write)


def _silence(child: Child, name: str, raw: bytes) -> Silence:
    """The longest that /healthz took while a request was answered, or until its client left."""
    done = threading.Event()
    asking = threading.Thread(target=_put_and_wait, args=(child.port, raw, done))
    longest = Silence(0.0, 0.0, name, len(raw))
    with socket.create_connection(("127.0.0.1", child.port)) as connection:
        asking.start()
        while not done.is_set():
            begin, spent = perf_counter(), child.spent()
            connection.sendall(request("GET", "/healthz"))
            if not connection.recv(65536):
                raise RuntimeError("the service ended the connection of /healthz")
            took = perf_counter() - begin
            if took > longest.seconds:
                longest = longest._replace(seconds=took, computed=child.spent() - spent)
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
