"""An answer: a status, headers and bytes that are ready to send."""

from collections.abc import Iterable, Mapping

import msgspec
from starlette.responses import Response
from starlette.types import Send

JSON = b"application/json"
PROBLEM = b"application/problem+json"
MARKDOWN = b"text/markdown; charset=utf-8"
HTML = b"text/html; charset=utf-8"
_NO_BODY = (204, 304)

encode = msgspec.json.Encoder().encode
"""Plain values and Structs as JSON."""


class Answer:
    """What is sent; an answer is never changed, so a kept one can be sent again."""

    __slots__ = ("body", "raw", "status")

    def __init__(
        self,
        body: bytes,
        *,
        status: int = 200,
        media: bytes = JSON,
        tag: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.body = body
        self.raw: list[tuple[bytes, bytes]] = []
        if status not in _NO_BODY:
            self.raw = [(b"content-type", media), (b"content-length", b"%d" % len(body))]
        if tag is not None:
            # A client may keep the answer and must ask before it uses it again.
            self.raw += [(b"etag", tag.encode("ascii")), (b"cache-control", b"no-cache")]
        self.raw += _encoded((headers or {}).items())

    @classmethod
    def of(cls, value: object, **more: "int | str | Mapping[str, str] | None") -> "Answer":
        """An answer of a value that JSON can hold."""
        return cls(encode(value), **more)  # type: ignore[arg-type]

    @classmethod
    def unchanged(cls, tag: str) -> "Answer":
        """The client has these bytes already."""
        return cls(b"", status=304, tag=tag)

    def response(self) -> Response:
        """The same for the framework's own layers."""
        made = Response(self.body, self.status)
        made.raw_headers = self.raw
        return made

    async def send(self, send: Send) -> None:
        """Send it whole."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.raw})
        await send({"type": "http.response.body", "body": self.body})


def _encoded(headers: Iterable[tuple[str, str]]) -> Iterable[tuple[bytes, bytes]]:
    return ((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)
