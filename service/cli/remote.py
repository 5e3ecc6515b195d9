"""The API over HTTP: a service that runs somewhere."""

from typing import TYPE_CHECKING, Self

from service.cli.api import Api, Reply
from service.cli.failure import Ending, Failure

if TYPE_CHECKING:
    from httpx2 import Client

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
            raise Failure(
                Ending.MISUSE, f"{self._url!r} is no address of a service; it looks like http://127.0.0.1:8000"
            )
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            self._client = Client(base_url=self._url, headers=headers, timeout=Timeout(_ANSWER, connect=_CONNECT))
        except InvalidURL as error:
            raise Failure(Ending.MISUSE, f"{self._url!r} is no address of a service: {error}") from error
        return self

    def __exit__(self, *error: object) -> None:
        if self._client is not None:
            self._client.close()

    def send(self, method: str, target: str, body: bytes | None) -> Reply:
        from httpx2 import TransportError  # noqa: PLC0415

        if self._client is None:
            raise RuntimeError("not entered")
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            answer = self._client.request(method, target, content=body, headers=headers)
        except TransportError as error:
            raise Failure(
                Ending.AWAY, f"no service answers at {self._url}: {str(error) or type(error).__name__}"
            ) from error
        return Reply(answer.status_code, answer.content)
