"""An answer without an end, of the application in this process, part by part: a client's transport waits for an end."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Message


class Streamed:
    """One request whose answer is taken as it comes."""

    def __init__(self, app: ASGIApp, target: str, headers: Mapping[str, str]) -> None:
        path, _, query = target.partition("?")
        named = [(b"host", b"127.0.0.1"), *((n.lower().encode(), v.encode("latin-1")) for n, v in headers.items())]
        self._scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": named, "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 0), "state": {},
        }  # fmt: skip
        self._app = app
        self._parts: asyncio.Queue[bytes | None] = asyncio.Queue(1)
        self._left = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.status = 0
        """Of the answer; 0 until its first part."""

    async def start(self) -> None:
        """Send the request."""
        self._task = asyncio.create_task(self._answered())

    async def next(self) -> bytes | None:
        """The next part; None at the end."""
        return await self._parts.get()

    async def whole(self, part: bytes | None) -> bytes:
        """A part with all that come behind it."""
        found = b""
        while part is not None:
            found += part
            part = await self.next()
        return found

    async def stop(self) -> None:
        """Go away."""
        self._left.set()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _answered(self) -> None:
        with suppress(Exception):  # the application has logged it; what is left of the stream is asked for again
            await self._app(self._scope, self._receive, self._send)
        await self._parts.put(None)

    async def _receive(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message.get("body"):
            await self._parts.put(message["body"])
