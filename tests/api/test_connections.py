"""Connections: bounded in number, in time and in what is held for those who do not read; the process always ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.api.serving import Served
from tests.support.waiting import until

BOUNDS = {
    "ARGUMAP_CONNECTIONS": "16",
    "ARGUMAP_HEAD_TIMEOUT": "1",
    "ARGUMAP_BODY_TIMEOUT": "1",
    "ARGUMAP_SEND_TIMEOUT": "1",
}
_PATIENCE = 30.0


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service whose clients have a second."""
    folder = tmp_path_factory.mktemp("bounded")
    with Served(folder, {"ARGUMAP_STORE": f"sqlite:{folder / 'store.db'}", **BOUNDS}) as served:
        yield served


def _connection(served: Served) -> socket.socket:
    place = urlsplit(served.url)
    return socket.create_connection((place.hostname, place.port), timeout=_PATIENCE)


def _rest(connection: socket.socket) -> bytes:
    """What comes until the other side ends it."""
    said = b""
    try:
        while part := connection.recv(65536):
            said += part
    except ConnectionError:
        pass
    return said


def test_a_client_that_says_nothing_is_left(bounded: Served) -> None:
    with _connection(bounded) as silent:
        assert _rest(silent) == b""


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /v1/maps HTTP/1.1\r\nHost: 127",
        b"POST /v1/maps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    ],
)
def test_a_request_that_does_not_come_to_its_end_is_answered_with_408(bounded: Served, begun: bytes) -> None:
    with _connection(bounded) as slow:
        slow.sendall(begun)
        head, _, body = _rest(slow).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"x-content-type-options: nosniff" in head.lower()
    assert json.loads(body)["code"] == "too_slow"


def test_half_open_connections_shut_nobody_out(bounded: Served) -> None:
    held = [_connection(bounded) for _ in range(60)]
    for one in held[::2]:
        one.sendall(b"GET /v1/maps HTTP/1.1\r\n")
    for _ in range(20):
        assert httpx2.get(f"{bounded.url}/healthz", timeout=_PATIENCE).status_code == 200
    for one in held:
        one.close()


def test_a_client_that_does_not_read_is_cut_off(bounded: Served) -> None:
    large = {"operations": [{"op": "create", "kind": "statement", "value": {"text": "x" * 15_000}}] * 200}
    made = httpx2.post(f"{bounded.url}/v1/maps", json={"id": "fat", "title": "Fat"}, timeout=_PATIENCE)
    assert made.status_code == 201
    assert httpx2.post(f"{bounded.url}/v1/maps/fat/batch", json=large, timeout=_PATIENCE).status_code == 200
    with _connection(bounded) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall(b"GET /v1/maps/fat/export HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 4)
        _wait_for(lambda: _is_cut(deaf))
        assert len(_rest(deaf)) < 10_000_000
    whole = httpx2.get(f"{bounded.url}/v1/maps/fat/export", timeout=_PATIENCE)
    assert len(whole.content) > 2_000_000
    assert whole.json()


def _is_cut(connection: socket.socket) -> bool:
    try:
        connection.sendall(b" ")
    except OSError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_the_process_whatever_it_waits_for(tmp_path: Path, number: int) -> None:
    settings = {"ARGUMAP_STORE": f"sqlite:{tmp_path / 'store.db'}", "ARGUMAP_SHUTDOWN_TIMEOUT": "600"}
    with Served(tmp_path, settings) as served, _connection(served) as waiting:
        head = (
            "POST /v1/maps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
        )
        waiting.sendall(head.encode() + b"{")
        assert httpx2.get(f"{served.url}/healthz", timeout=_PATIENCE).status_code == 200
        os.kill(served.process.pid, number)
        _wait_for(lambda: _refuses(served))
        assert served.process.poll() is None, "the request that is under way is waited for"
        os.kill(served.process.pid, number)
        assert served.process.wait(timeout=_PATIENCE) == -number


def _refuses(served: Served) -> bool:
    try:
        _connection(served).close()
    except OSError:
        return True
    return False


def _wait_for(holds: Callable[[], bool]) -> None:
    async def waiting() -> None:
        await until(holds)

    asyncio.run(waiting())
