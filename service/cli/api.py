"""The API as the commands use it: one way to ask, whether a service or a store of its own answers."""

import asyncio
import json
import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlencode

from service.cli.errors import CliError, ExitCode

Parameters = Sequence[tuple[str, str]]
Headers = Mapping[str, str]
_HELD = (409, 412, 428)


class ApiAnswer(NamedTuple):
    """An answer as it came."""

    status: int
    body: bytes
    tag: str | None = None
    """Its ETag, which a write may be held to."""

    @property
    def value(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.body)


class Api(ABC):
    """A service to ask; a context that holds the connection."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *error: object) -> None: ...

    @abstractmethod
    def send(self, method: str, target: str, body: bytes | None, headers: Headers | None = None) -> ApiAnswer:
        """Carry one request; `target` is path and query. Raises `CliError` where nobody answers."""

    def ask(
        self,
        method: str,
        path: str,
        parameters: Parameters = (),
        body: bytes | None = None,
        headers: Headers | None = None,
    ) -> ApiAnswer:
        """Carry a request of any sort; raises `CliError` with the problem where there is one."""
        return self._checked(self.send(method, _target(path, parameters), body, headers))

    @abstractmethod
    def stream(self, path: str, parameters: Parameters, headers: Headers) -> Generator[bytes, None, None]:
        """The parts of an answer without an end, as they come; raises `CliError`, with the problem if there is one."""

    def get(self, path: str, parameters: Parameters = ()) -> ApiAnswer:
        """Ask a question; raises `CliError` with the problem where there is one."""
        return self.ask("GET", path, parameters)

    def post(self, path: str, value: object, parameters: Parameters = ()) -> ApiAnswer:
        """Make something of a JSON value; raises `CliError`."""
        return self.ask("POST", path, parameters, json.dumps(value).encode())

    def patch(self, path: str, value: object, headers: Headers | None = None) -> ApiAnswer:
        """Change what stands there by a merge patch; raises `CliError`."""
        return self.ask("PATCH", path, (), json.dumps(value).encode(), headers)

    def put_text(self, path: str, text: bytes) -> ApiAnswer:
        """Put a plain text there; raises `CliError`."""
        return self.ask("PUT", path, (), text, {"Content-Type": "text/plain; charset=utf-8"})

    def delete(self, path: str) -> ApiAnswer:
        """Delete what stands there; raises `CliError`."""
        return self.ask("DELETE", path)

    def _checked(self, reply: ApiAnswer) -> ApiAnswer:
        if reply.status < 400:
            return reply
        raise _failure(reply)


def path(*steps: str) -> str:
    """A path of these steps; raises `CliError` for what can be no id, lest it lead elsewhere."""
    from schemas.base import ID_PATTERN  # noqa: PLC0415 - the help must come fast

    for step in steps:
        if not re.fullmatch(ID_PATTERN, step):
            raise CliError(ExitCode.MISUSE, f"{step!r} can be no id: letters, digits and . _ ~ - make one")
    return "".join(f"/{step}" for step in steps)


def _target(path: str, parameters: Parameters) -> str:
    return f"{path}?{urlencode(list(parameters))}" if parameters else path


def _headers(body: bytes | None, headers: Headers | None) -> dict[str, str]:
    return {**({"Content-Type": "application/json"} if body is not None else {}), **(headers or {})}


def _failure(reply: ApiAnswer) -> CliError:
    away = reply.status >= 500 and reply.status != 501  # 501: this store never can, however often it is asked
    ending = ExitCode.AWAY if away else ExitCode.NO if reply.status in _HELD else ExitCode.MISUSE
    try:
        problem = reply.value
        detail = str(problem["detail"])
    except (ValueError, TypeError, KeyError):
        return CliError(ExitCode.AWAY, f"what answers is no argumap service: status {reply.status}")
    faults = [fault for fault in problem.get("errors", []) if fault["detail"] not in detail]
    if reply.status == 401:
        detail = f"{detail.partition(';')[0].partition(':')[0]}; set ARGUMAP_KEY to a key of it"
    return CliError(ending, detail, *(f"{fault['pointer']}: {fault['detail']}" for fault in faults))


if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any, TypeVar

    from fastapi import FastAPI
    from httpx2 import AsyncClient

    from graph.maps.workspace import Workspace
    from service.http.context import Service
    from service.settings import Settings

    T = TypeVar("T")


class Embedded(Api):
    """Asks an application of its own; the same code answers as behind a server."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings
        self._runner: asyncio.Runner | None = None
        self._service: Service | None = None
        self._client: AsyncClient | None = None
        self._app: FastAPI | None = None

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        try:
            self._run(self._open())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        if self._runner is None:
            return
        if self._client is not None:
            self._run(self._client.aclose())
        if self._service is not None:
            self._run(self._service.close())
        self._runner.close()
        self._runner = None

    @property
    def workspace(self) -> "Workspace":
        """The doors to the store behind the application, for what the API has no address for."""
        if self._service is None:
            raise RuntimeError("not entered")
        return self._service.workspace

    def run(self, work: "Coroutine[Any, Any, T]") -> "T":
        """Run work on the loop that the store lives on; raises `CliError` where the store is away."""
        from graph.errors import GraphError, StoreError  # noqa: PLC0415 - the help must come fast

        try:
            return self._run(work)
        except StoreError as error:
            raise CliError(ExitCode.AWAY, error.detail) from error
        except GraphError as error:
            raise CliError(ExitCode.NO, error.detail) from error

    def send(self, method: str, target: str, body: bytes | None, headers: Headers | None = None) -> ApiAnswer:
        return self._run(self._send(method, target, body, headers))

    def stream(self, path: str, parameters: Parameters, headers: Headers) -> Generator[bytes, None, None]:

        if self._app is None:
            raise RuntimeError("not entered")
        streamed = Streamed(self._app, _target(path, parameters), headers)
        self._run(streamed.start())
        try:
            while True:
                part = self._run(streamed.next())
                if streamed.status >= 400:
                    raise _failure(ApiAnswer(streamed.status, self._run(streamed.whole(part))))
                if part is None:
                    return
                yield part
        finally:
            self._run(streamed.stop())

    def _run(self, work: "Coroutine[Any, Any, T]") -> "T":
        if self._runner is None:
            raise RuntimeError("not entered")
        return self._runner.run(work)

    async def _open(self) -> None:
        from httpx2 import ASGITransport, AsyncClient  # noqa: PLC0415

        from graph.errors import StoreError  # noqa: PLC0415
        from service.app import create_app  # noqa: PLC0415

        try:
            app = create_app(self._settings, trusting=True)
        except ValueError as error:
            raise CliError(ExitCode.MISUSE, str(error)) from error
        service: Service = app.state.service
        try:
            await service.open()
        except StoreError as error:
            await service.close()
            raise CliError(ExitCode.AWAY, error.detail) from error
        self._service, self._app = service, app
        logging.getLogger("argumap").addHandler(logging.NullHandler())
        transport = ASGITransport(app, raise_app_exceptions=False)
        self._client = AsyncClient(transport=transport, base_url="http://127.0.0.1", follow_redirects=True)

    async def _send(self, method: str, target: str, body: bytes | None, headers: Headers | None) -> ApiAnswer:
        if self._client is None:
            raise RuntimeError("not entered")
        answer = await self._client.request(method, target, content=body, headers=_headers(body, headers))
        return ApiAnswer(answer.status_code, answer.content, answer.headers.get("ETag"))


if TYPE_CHECKING:
    from httpx2 import Client
    from starlette.types import ASGIApp, Message

_CONNECT, _ANSWER = 5.0, 300.0
"""Seconds to wait for a connection, and for an answer."""


class Remote(Api):
    """Asks a running service."""

    def __init__(self, url: str, key: str | None) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._client: Client | None = None

    def __enter__(self) -> Self:
        from httpx2 import Client, InvalidURL, Timeout  # noqa: PLC0415 - the help must come fast

        if not self._url.startswith(("http://", "https://")):
            raise CliError(
                ExitCode.MISUSE, f"{self._url!r} is no address of a service; it looks like http://127.0.0.1:8000"
            )
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            timeout = Timeout(_ANSWER, connect=_CONNECT)
            # Of a node that was merged into another the address leads on, for writes too.
            self._client = Client(base_url=self._url, headers=headers, timeout=timeout, follow_redirects=True)
        except InvalidURL as error:
            raise CliError(ExitCode.MISUSE, f"{self._url!r} is no address of a service: {error}") from error
        return self

    def __exit__(self, *error: object) -> None:
        if self._client is not None:
            self._client.close()

    def send(self, method: str, target: str, body: bytes | None, headers: Headers | None = None) -> ApiAnswer:
        from httpx2 import TransportError  # noqa: PLC0415

        if self._client is None:
            raise RuntimeError("not entered")
        try:
            answer = self._client.request(method, target, content=body, headers=_headers(body, headers))
        except TransportError as error:
            raise CliError(
                ExitCode.AWAY, f"no service answers at {self._url}: {str(error) or type(error).__name__}"
            ) from error
        return ApiAnswer(answer.status_code, answer.content, answer.headers.get("ETag"))

    def stream(self, path: str, parameters: Parameters, headers: Headers) -> Generator[bytes, None, None]:
        from httpx2 import Timeout, TransportError  # noqa: PLC0415

        if self._client is None:
            raise RuntimeError("not entered")
        silence = Timeout(_ANSWER, connect=_CONNECT)  # a stream shows that it lives far more often
        try:
            with self._client.stream(
                "GET", _target(path, parameters), headers=dict(headers), timeout=silence
            ) as answer:
                if answer.status_code >= 400:
                    raise _failure(ApiAnswer(answer.status_code, answer.read()))
                yield from answer.iter_bytes()
        except TransportError as error:
            raise CliError(
                ExitCode.AWAY, f"no service answers at {self._url}: {str(error) or type(error).__name__}"
            ) from error


class Streamed:
    """One request whose answer is taken as it comes."""

    def __init__(self, app: "ASGIApp", target: str, headers: Mapping[str, str]) -> None:
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

    async def _receive(self) -> "Message":
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: "Message") -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message.get("body"):
            await self._parts.put(message["body"])
