"""The id of each request, on its answer and in every record about it, and the record of access."""

import logging
import re
import secrets
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("argumap.access")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NAME = b"x-request-id"


class RequestId:
    """Takes the client's `X-Request-Id` where it is a plain word, makes one elsewhere, and logs what was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _given(scope) or secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = number
        header = (_NAME, number.encode())
        started = perf_counter()
        status = 0

        async def labelled(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], header]
            await send(message)

        try:
            await self.app(scope, receive, labelled)
        finally:
            if _log.isEnabledFor(logging.INFO):
                took = (perf_counter() - started) * 1000
                _log.info("%s %s %r %s %.1f ms", number, scope["method"], scope["path"], status, took)


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == _NAME:
            word = value.decode("latin-1")
            return word if _GIVEN.fullmatch(word) else None
    return None
