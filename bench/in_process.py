"""The service in this process: asks it without a socket, and sees how long callbacks hold the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time, thread_time
from types import TracebackType
from typing import Any, Self

from service.app import create_app
from service.settings import Settings


class Client:
    """Asks one service; used as a context it opens the store and closes it."""

    def __init__(self, store: str, **settings: Any) -> None:
        self.app = create_app(Settings(**{"store": store, "seed": False, **settings}))
        self._life = self.app.router.lifespan_context(self.app)

    async def __aenter__(self) -> Self:
        await self._life.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self._life.__aexit__(kind, error, where)

    async def get(self, path: str) -> bytes:
        """The body of a read; raises `RuntimeError` where it does not succeed."""
        return await self.send(scope_of(path))

    async def send(self, scope: dict[str, Any]) -> bytes:
        """The same with a scope made before."""
        chunks: list[bytes] = []
        status = 0

        async def send(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                chunks.append(message.get("body", b""))

        parts = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> Any:
            if not parts:  # the client stays
                await asyncio.Event().wait()
            return parts.pop()

        await self.app(dict(scope), receive, send)
        if status != 200:
            raise RuntimeError(f"{scope['path']} answered {status}: {chunks}")
        return b"".join(chunks)


def scope_of(path: str) -> dict[str, Any]:
    """What a server says of a request."""
    address, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http",
        "method": "GET",
        "path": address,
        "raw_path": address.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1"), (b"accept", b"*/*")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


async def microseconds(ask: Callable[[int], Any], times: int, rounds: int = 7) -> float:
    """CPU of one request, the least of several rounds; `ask` is given its number."""
    found = []
    for number in range(rounds):
        begin = process_time()
        for n in range(times):
            await ask(number * times + n)
        found.append((process_time() - begin) / times)
    return min(found) * 1e6


@contextmanager
def held_at_most() -> Iterator[Callable[[], float]]:
    """Gives the most CPU, in seconds, that one callback of an event loop has taken meanwhile."""
    run = asyncio.Handle._run  # type: ignore[attr-defined]
    longest = 0.0

    def timed(handle: asyncio.Handle) -> None:
        nonlocal begin
        begin = thread_time()
        try:
            run(handle)
        finally:
            note()

    def note() -> None:
        nonlocal longest, begin
        longest = max(longest, thread_time() - begin)
        begin = thread_time()

    begin = thread_time()
    asyncio.Handle._run = timed  # type: ignore[attr-defined]
    try:
        yield lambda: longest
    finally:
        asyncio.Handle._run = run  # type: ignore[attr-defined]
        note()
