"""Bytes in and out: the headers of a request, answers that are encoded once, and the cache of answers."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graph.maps.port import MapVersion


def header(scope: Scope, name: bytes) -> str | None:
    """A header by its lower-case name; several lines of it count as one list."""
    found = [value for given, value in scope["headers"] if given == name]
    return b", ".join(found).decode("latin-1") if found else None


def wants_events(scope: Scope) -> bool:
    """Whether a request asks for a stream of events."""
    return any(name == b"accept" and b"text/event-stream" in value for name, value in scope["headers"])


JSON = b"application/json"
PROBLEM = b"application/problem+json"
MARKDOWN = b"text/markdown; charset=utf-8"
PLAIN = b"text/plain; charset=utf-8"
HTML = b"text/html; charset=utf-8"
_NO_BODY = (204, 304)

encode = msgspec.json.Encoder(decimal_format="number").encode
"""Plain values and Structs as JSON, decimals as numbers with all their digits."""


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


Key = tuple[str, bytes]
"""Path and raw query."""
_SHARE = 8
"""An answer that alone would take an eighth of the cache is not kept."""


class KeptAnswer(NamedTuple):
    """An answer, the map that it is about and where that map stood."""

    map: str
    version: MapVersion
    tag: str
    answer: Encoded
    unchanged: Encoded


class AnswerCache:
    """Keeps answers up to a bound of bytes, least recently used first out."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._held: OrderedDict[Key, KeptAnswer] = OrderedDict()
        self._bytes = 0

    @property
    def held(self) -> int:
        """Bytes that are kept."""
        return self._bytes

    def get(self, key: Key) -> KeptAnswer | None:
        """What is kept for a request; whether it still holds is for the caller to ask the store."""
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: Key, map_id: str, version: MapVersion, tag: str, answer: Encoded) -> None:
        """Keep an answer, unless it is too large a part of the bound."""
        size = _size(key, answer)
        if size * _SHARE > self._bound:
            return
        self.drop(key)
        self._held[key] = KeptAnswer(map_id, version, tag, answer, Encoded.unchanged(tag))
        self._bytes += size
        while self._bytes > self._bound:
            gone, kept = self._held.popitem(last=False)
            self._bytes -= _size(gone, kept.answer)

    def drop(self, key: Key) -> None:
        """Let go of what is kept for a request."""
        found = self._held.pop(key, None)
        if found is not None:
            self._bytes -= _size(key, found.answer)


def _size(key: Key, answer: Encoded) -> int:
    return len(answer.body) + len(key[0]) + len(key[1]) + 1000
