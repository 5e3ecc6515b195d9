"""Bytes: the headers of a request, answers that are encoded once, the cache of those, and their compression."""

import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import NamedTuple

import brotli
import msgspec
import zstandard
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.maps.port import MapVersion


def header(scope: Scope, name: bytes) -> str | None:
    """A header by its lower-case name; several lines of it count as one list."""
    found: bytes | None = None
    for given, value in scope["headers"]:
        if given == name:
            found = value if found is None else found + b", " + value
    return None if found is None else found.decode("latin-1")


def client_address(scope: Scope) -> str:
    """The address that a request comes from."""
    client = scope.get("client")
    return client[0] if client else ""


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


_LEAST = 1024
_BYTE = 0.02
"""Estimated microseconds that compressing a byte costs."""
_TYPES = (b"application/json", b"application/problem+json", b"text/", b"image/svg+xml", b"application/javascript")
_FORGET_AT = 200
_COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=3).compress(body),
    "br": lambda body: bytes(brotli.compress(body, quality=4)),
    "gzip": lambda body: gzip.compress(body, 5, mtime=0),
}
"""By coding, what is preferred first."""


class Compression:
    """Compresses answers of more than 1 KB whose type shrinks.

    The tag of a compressed answer has the coding behind it, because a strong tag is of one sequence of bytes.
    Compressed bytes are kept by address and tag, up to a bound, so that an answer that is kept is compressed once.
    """

    def __init__(self, app: ASGIApp, *, run: Callable[..., Awaitable[bytes]], memory: int) -> None:
        self.app = app
        self._run = run
        self._bound = memory
        self._bytes = 0
        self._held: OrderedDict[tuple[str, bytes, str, str], bytes] = OrderedDict()
        self._chosen: dict[str, str | None] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepted = header(scope, b"accept-encoding")
        coding = None if accepted is None else self._choice(accepted)
        await self.app(scope, receive, _Answer(self, scope, send, coding))

    def _choice(self, accepted: str) -> str | None:
        if accepted not in self._chosen:
            if len(self._chosen) >= _FORGET_AT:
                self._chosen.clear()
            self._chosen[accepted] = _preferred(accepted)
        return self._chosen[accepted]

    def holds(self, scope: Scope, tag: str, coding: str) -> bool:
        """Whether an answer of this tag was compressed before."""
        return (scope["path"], scope["query_string"], tag, coding) in self._held

    async def compressed(self, scope: Scope, tag: str | None, coding: str, body: bytes) -> bytes:
        """The body in a coding, from what is kept where its tag is known."""
        # An older revision is asked for rarely, and its bytes would push out those of the newest.
        older = b"as_of" in scope["query_string"]
        key = None if tag is None or older else (scope["path"], scope["query_string"], tag, coding)
        if key is not None and (found := self._held.get(key)) is not None:
            self._held.move_to_end(key)
            return found
        made = await self._run(lambda: _COMPRESS[coding](body), cost=len(body) * _BYTE, client=client_address(scope))
        if key is not None and len(made) * 8 <= self._bound and key not in self._held:
            self._held[key] = made
            self._bytes += len(made)
            while self._bytes > self._bound:
                self._bytes -= len(self._held.popitem(last=False)[1])
        return made


class _Answer:
    """Holds the head of an answer back until it is known whether the body is compressed."""

    __slots__ = ("_coding", "_middleware", "_scope", "_send", "_start")

    def __init__(self, middleware: Compression, scope: Scope, send: Send, coding: str | None) -> None:
        self._middleware = middleware
        self._scope = scope
        self._send = send
        self._coding = coding
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
            return
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            start, message = await self._finished(start, message)
        await self._send(start)
        await self._send(message)

    async def _finished(self, start: Message, message: Message) -> tuple[Message, Message]:
        body: bytes = message.get("body", b"")
        if start["status"] == 304:
            return self._unchanged(start), message
        if len(body) < _LEAST:
            return start, message
        headers = dict(start["headers"])
        if b"content-encoding" in headers or not headers.get(b"content-type", b"").startswith(_TYPES):
            return start, message
        added = [(b"vary", b"Accept-Encoding")]
        if self._coding is None:
            return {**start, "headers": [*start["headers"], *added]}, message
        tag = _text(headers.get(b"etag"))
        packed = await self._middleware.compressed(self._scope, tag, self._coding, body)
        kept = [pair for pair in start["headers"] if pair[0] not in (b"content-length", b"etag")]
        added += [(b"content-encoding", self._coding.encode()), (b"content-length", b"%d" % len(packed))]
        if tag is not None:
            added.append((b"etag", _coded(tag, self._coding)))
        return {**start, "headers": [*kept, *added]}, {**message, "body": packed}

    def _unchanged(self, start: Message) -> Message:
        """304 names the tag that the client has: with the coding, where it said so."""
        tag, condition = _text(dict(start["headers"]).get(b"etag")), header(self._scope, b"if-none-match")
        if tag is None or condition is None:
            return start
        added = [(b"vary", b"Accept-Encoding")]
        if self._coding is None or not (
            _coded(tag, self._coding).decode() in condition or self._middleware.holds(self._scope, tag, self._coding)
        ):
            return {**start, "headers": [*start["headers"], *added]}
        kept = [pair for pair in start["headers"] if pair[0] != b"etag"]
        return {**start, "headers": [*kept, *added, (b"etag", _coded(tag, self._coding))]}


def _coded(tag: str, coding: str) -> bytes:
    return f'{tag[:-1]}+{coding}"'.encode("latin-1")


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


def _preferred(accepted: str) -> str | None:
    """The coding that an Accept-Encoding takes, ours before theirs among those that it does not refuse."""
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, parameter = part.strip().partition(";")
        weights[name.strip().lower()] = _weight(parameter)
    rest = weights.get("*", 0.0)
    best = [(weights.get(coding, rest), -place, coding) for place, coding in enumerate(_COMPRESS)]
    weight, _, coding = max(best)
    return coding if weight > 0 and weight >= weights.get("identity", 0.0) else None


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
