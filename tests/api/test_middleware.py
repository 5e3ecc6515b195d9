"""Middleware of the ecosystem that is added to the assembly stands before every answer, kept ones too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.stores import open_store
from service.app import create_app
from service.settings import Settings
from tests.support.document import DOCUMENT
from tests.support.hostile import put
from tests.support.operations import reads

ORIGIN = "https://reader.example"
FAILING = [
    ("GET", "/v1/maps/nowhere"),
    ("GET", "/v1/maps/tame/statements/nobody"),
    ("GET", "/v1/maps/tame/statements?limit=none"),
    ("GET", "/no/such/address"),
    ("PUT", "/v1/maps"),
    ("POST", "/v1/maps/tame/statements"),
    ("DELETE", "/v1/maps/tame/statements/centre"),
    ("HEAD", "/v1/maps/tame"),
]


class Marking:
    """Plain ASGI: puts a header on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"x-marked", b"yes")]}
            await send(message)

        await self.app(scope, receive, marked)


class Refusing:
    """Lets nothing through, as one that asks for a key would."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or dict(scope["headers"]).get(b"x-key") == b"given":
            await self.app(scope, receive, send)
        else:
            await PlainTextResponse("no", status_code=401)(scope, receive, send)


@contextmanager
def client_with(add: Callable[[FastAPI], object]) -> Iterator[TestClient]:
    """A service with a small map and with what was added to its assembly."""
    store = open_store("sqlite::memory:")
    app = create_app(Settings(seed=False), store)
    add(app)
    with TestClient(app, raise_server_exceptions=False, base_url="http://localhost") as client:
        assert client.portal is not None
        client.portal.call(put, store, "tame")
        yield client


def asked(client: TestClient, **headers: str) -> Iterator[tuple[str, Any]]:
    """Every read twice, so that kept answers are among them, and requests that fail in each way."""
    for one in reads(DOCUMENT, "tame"):
        for time in ("first", "again"):
            yield f"{one.operation} {one.form} {time}", client.get(one.path, params=one.query, headers=headers)
    for method, path in (*FAILING, ("GET", "/")):
        yield f"{method} {path}", client.request(method, path, headers=headers)


def test_plain_middleware_sees_every_answer() -> None:
    with client_with(lambda app: app.add_middleware(Marking)) as client:
        answers = list(asked(client))
    assert len(answers) > 100
    assert [name for name, answer in answers if answer.headers.get("x-marked") != "yes"] == []


def test_a_function_as_middleware_sees_every_answer() -> None:
    def add(app: FastAPI) -> None:
        @app.middleware("http")
        async def mark(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
            answer = await go_on(request)
            answer.headers["x-marked"] = request.url.path
            return answer

    with client_with(add) as client:
        answers = list(asked(client))
    assert [name for name, answer in answers if answer.headers.get("x-marked") != answer.request.url.path] == []


def test_cors_is_granted_on_every_answer_and_asked_for_before() -> None:
    def add(app: FastAPI) -> None:
        app.add_middleware(CORSMiddleware, allow_origins=[ORIGIN], allow_methods=["*"], expose_headers=["ETag"])

    with client_with(add) as client:
        answers = list(asked(client, origin=ORIGIN))
        preflight = {"origin": ORIGIN, "access-control-request-method": "PATCH"}
        before = client.options("/v1/maps/tame/statements/centre", headers=preflight)
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, ORIGIN)
    assert "PATCH" in before.headers["access-control-allow-methods"]
    granted = [answer.headers.get("access-control-allow-origin") for _, answer in answers]
    assert [name for (name, _), origin in zip(answers, granted, strict=True) if origin != ORIGIN] == []


def test_answers_are_compressed() -> None:
    with client_with(lambda app: app.add_middleware(GZipMiddleware, minimum_size=1)) as client:
        large = [
            (name, answer)
            for name, answer in asked(client, **{"accept-encoding": "gzip"})
            if answer.content and "json" in answer.headers.get("content-type", "")
        ]
    assert len(large) > 100
    assert [name for name, answer in large if answer.headers.get("content-encoding") != "gzip"] == []


def test_what_middleware_refuses_is_not_answered_from_what_is_kept() -> None:
    with client_with(lambda app: app.add_middleware(Refusing)) as client:
        known = {"x-key": "given"}
        assert [client.get("/v1/maps/tame/graph", headers=known).status_code for _ in range(2)] == [200, 200]
        answers = list(asked(client))
    assert [name for name, answer in answers if answer.status_code != 401] == []
