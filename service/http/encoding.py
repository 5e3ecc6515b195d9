"""Answers as bytes that are ready to send: encoded once, never by the framework."""

from collections.abc import Iterable, Mapping

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

JSON = b"application/json"
PROBLEM = b"application/problem+json"
MARKDOWN = b"text/markdown; charset=utf-8"
HTML = b"text/html; charset=utf-8"
_NO_BODY = (204, 304)

encode = msgspec.json.Encoder().encode
"""Plain values and Structs as JSON."""


class Encoded(Response):
    """A response whose body and headers are bytes already; it is never changed, so a kept one is sent again."""

    def __init__(
        self,
        body: bytes,
        *,
        status: int = 200,
        media: bytes = JSON,
        tag: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.body = body
        self.status_code = status
        self.background = None
        self.raw_headers = []
        if status not in _NO_BODY:
            self.raw_headers = [(b"content-type", media), (b"content-length", b"%d" % len(body))]
        if tag is not None:
            # A client may keep the answer and must ask before it uses it again.
            self.raw_headers += [(b"etag", tag.encode("ascii")), (b"cache-control", b"no-cache")]
        self.raw_headers += _raw((headers or {}).items())

    @classmethod
    def of(cls, value: object, *, tag: str | None = None, headers: Mapping[str, str] | None = None) -> "Encoded":
        """A value that JSON can hold."""
        return cls(encode(value), tag=tag, headers=headers)

    @classmethod
    def unchanged(cls, tag: str) -> "Encoded":
        """304: the client has these bytes already."""
        return cls(b"", status=304, tag=tag)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it whole; middleware gets headers of its own to change."""
        headers = list(self.raw_headers)
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def _raw(headers: Iterable[tuple[str, str]]) -> Iterable[tuple[bytes, bytes]]:
    return ((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)
