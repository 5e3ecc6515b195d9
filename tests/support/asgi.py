"""Asks an ASGI application in this event loop, as a client that may go away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import FastAPI


class Answer(NamedTuple):
    """What came back; a status of 0 where nothing did."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[FastAPI]:
    """The application between its start and its end."""
    async with app.router.lifespan_context(app):
        yield app


async def ask(
    app: FastAPI,
    method: str,
    path: str,
    query: Mapping[str, Any] | None = None,
    *,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    stay: float | None = None,
) -> Answer:
    """Ask; the client goes away after `stay` seconds where given."""
    sent = b"" if body is None else json.dumps(body).encode()
    given = {"host": "localhost", **({"content-type": "application/json"} if sent else {}), **(headers or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
        "path": path, "raw_path": quote(path).encode(), "root_path": "",
        "query_string": urlencode(query or {}, doseq=True).encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1), "server": ("localhost", 80), "state": {},
    }  # fmt: skip
    gone = asyncio.Event()
    parts = iter([{"type": "http.request", "body": sent, "more_body": False}])
    status, said, chunks = 0, {}, []

    async def receive() -> Any:
        if (part := next(parts, None)) is not None:
            return part
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status, said
        if message["type"] == "http.response.start":
            status = message["status"]
            said = {name.decode().lower(): value.decode() for name, value in message.get("headers", ())}
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    leaving = None if stay is None else asyncio.get_running_loop().call_later(stay, gone.set)
    try:
        await app(scope, receive, send)
    finally:
        if leaving is not None:
            leaving.cancel()
    return Answer(status, said, b"".join(chunks))
