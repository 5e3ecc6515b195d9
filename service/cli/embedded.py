"""The API without a server: the application itself, in this process, over a store."""

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from service.cli.api import Api, Reply
from service.cli.failure import Ending, Failure

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any, TypeVar

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
        """Run work on the loop that the store lives on; raises `Failure` where the store is away."""
        from graph.errors import GraphError, StoreError  # noqa: PLC0415 - the help must come fast

        try:
            return self._run(work)
        except StoreError as error:
            raise Failure(Ending.AWAY, error.detail) from error
        except GraphError as error:
            raise Failure(Ending.NO, error.detail) from error

    def send(self, method: str, target: str, body: bytes | None) -> Reply:
        return self._run(self._send(method, target, body))

    def _run(self, work: "Coroutine[Any, Any, T]") -> "T":
        if self._runner is None:
            raise RuntimeError("not entered")
        return self._runner.run(work)

    async def _open(self) -> None:
        from httpx2 import ASGITransport, AsyncClient  # noqa: PLC0415

        from graph.errors import StoreError  # noqa: PLC0415
        from service.app import create_app  # noqa: PLC0415

        try:
            app = create_app(self._settings)
        except ValueError as error:
            raise Failure(Ending.MISUSE, str(error)) from error
        service: Service = app.state.service
        try:
            await service.open()
        except StoreError as error:
            await service.close()
            raise Failure(Ending.AWAY, error.detail) from error
        self._service = service
        logging.getLogger("argumap").addHandler(logging.NullHandler())
        transport = ASGITransport(app, raise_app_exceptions=False)
        self._client = AsyncClient(transport=transport, base_url="http://127.0.0.1")

    async def _send(self, method: str, target: str, body: bytes | None) -> Reply:
        if self._client is None:
            raise RuntimeError("not entered")
        headers = {"Content-Type": "application/json"} if body is not None else {}
        answer = await self._client.request(method, target, content=body, headers=headers)
        return Reply(answer.status_code, answer.content)
