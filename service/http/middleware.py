"""What stands before every answer, in the order of `service.app`: pure ASGI, each its own thought."""

import gzip
import logging
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from time import perf_counter

import brotli
import zstandard
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.errors import GraphError
from service.auth.principal import Principal
from service.http.conditions import is_fresh
from service.http.context import Service, admit, client_address
from service.http.encoding import KeptAnswer, header, wants_events
from service.http.errors import ForeignOrigin, OtherHost, ServiceError, UrlTooLong
from service.http.headers import guarded_headers
from service.http.problems import answer_of
from service.http.work import WorkQueue
from service.logs import REQUEST, tell

_log = logging.getLogger("argumap.access")
_audit = logging.getLogger("argumap.audit")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NAME = b"x-request-id"
_PART = 256 << 10
"""Bytes of a body that are sent at once."""


class RequestId:
    """Takes the client's `X-Request-Id` where it is a plain word and makes one elsewhere; what is answered is counted
    and recorded, and carries the headers of the table.
    """

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self.app = app
        self._metrics = service.metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _given(scope) or secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = number
        token = REQUEST.set(number)
        header = (_NAME, number.encode())
        encrypted = scope.get("scheme") == "https"
        started = perf_counter()
        status = 0

        async def labelled(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*guarded_headers(message["headers"], encrypted=encrypted), header]
            elif len(message.get("body", b"")) > _PART:
                await _in_parts(message, send)
                return
            await send(message)

        try:
            await self.app(scope, receive, labelled)
        finally:
            took = perf_counter() - started
            route = scope.get("route")
            unrouted = "kept" if status < HTTPStatus.BAD_REQUEST else "none"
            self._metrics.note(getattr(route, "name", None) or unrouted, status, took)
            if scope["method"] not in _SAFE:
                _record(_audit, scope, status, took)
            if _log.isEnabledFor(logging.INFO):
                _record(_log, scope, status, took)
            REQUEST.reset(token)


def _record(logger: logging.Logger, scope: Scope, status: int, took: float) -> None:
    """Who asked for what, and what came of it; never what was said."""
    asking: Principal | None = scope["state"].get("principal")
    route = scope.get("route")
    tell(
        logger,
        logging.INFO,
        "answered",
        method=scope["method"],
        path=scope["path"],
        operation=getattr(route, "name", None),
        status=status,
        principal=asking.name if asking is not None else None,
        key=asking.key if asking is not None else None,
        client=client_address(scope),
        milliseconds=round(took * 1000, 1),
    )


async def _in_parts(message: Message, send: Send) -> None:
    """Send a body in parts: the next when the client has taken the last, so that nothing is held for it twice."""
    body = memoryview(message["body"])
    for start in range(0, len(body), _PART):
        more = start + _PART < len(body) or message.get("more_body", False)
        await send({"type": "http.response.body", "body": bytes(body[start : start + _PART]), "more_body": more})


def _given(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == _NAME:
            word = value.decode("latin-1")
            return word if _GIVEN.fullmatch(word) else None
    return None


class Head:
    """Asks the application as GET and keeps the body back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
            await send(message)

        # A stream has no end to be waited for: what is told is the head of the answer that has one.
        headers = (
            [pair for pair in scope["headers"] if pair[0] != b"accept"] if wants_events(scope) else scope["headers"]
        )
        await self.app({**scope, "method": "GET", "headers": headers}, receive, without_body)


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FOREIGN_SITES = frozenset({b"cross-site", b"same-site"})
"""What a browser says of a request that a page of another origin makes; another port is another origin too."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ANY = "*"


class Hosts:
    """Refuses a Host that is none of ours (421), a write from another origin's page (403), a long address (414).

    A browser that a foreign name leads to this machine says that name in `Host`; a page of another site says
    itself in `Origin`. Programs send neither and are not concerned.
    """

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        settings = service.settings
        self.app = app
        self._service = service
        hosts = (*settings.hosts, settings.host)
        self._hosts = _LOOPBACK | {host.lower() for host in hosts}
        self._origins = frozenset(settings.cors_origins)
        self._limit = settings.url_limit
        self._known: dict[bytes, bool] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if isinstance(refused, OtherHost) and not self._service.settings.hosts and await self._asks_for_keys():
            refused = self._refusal(scope, any_host=True)  # no name leads a page of others to a key
        if refused is None:
            await self.app(scope, receive, send)
        else:
            await answer_of(refused, scope)(scope, receive, send)

    async def _asks_for_keys(self) -> bool:
        try:
            return await self._service.guard.is_set_up()
        except GraphError:
            return False

    def _refusal(self, scope: Scope, *, any_host: bool = False) -> ServiceError | None:
        host, origin, site, mode = b"", None, b"", b""
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"origin":
                origin = value
            elif name == b"sec-fetch-site":
                site = value
            elif name == b"sec-fetch-mode":
                mode = value
        if host and not any_host and not self._is_ours(host):
            return OtherHost(
                f"this service does not answer to the name {host[:100].decode('latin-1')!r}; call it by localhost or "
                "127.0.0.1, or name it in ARGUMAP_HOSTS"
            )
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > self._limit:
            return UrlTooLong(
                f"the address is longer than {self._limit} characters (setting ARGUMAP_URL_LIMIT); "
                "ask with fewer parameters"
            )
        if site in _FOREIGN_SITES and mode != b"navigate" and not self._is_named(origin):
            return ForeignOrigin(
                "a page of another origin may not load this; ARGUMAP_CORS_ORIGINS names the origins that may"
            )
        if scope["method"] not in _SAFE and not self._may_write(host, origin, site):
            return ForeignOrigin(
                "a page of another origin may not write here; ARGUMAP_CORS_ORIGINS names the origins that may"
            )
        return None

    def _is_ours(self, host: bytes) -> bool:
        if ANY in self._hosts:
            return True
        known = self._known.get(host)
        if known is None:
            known = _name(host) in self._hosts
            if len(self._known) < 100:
                self._known[host] = known
        return known

    def _is_named(self, origin: bytes | None) -> bool:
        return ANY in self._origins or (origin is not None and origin.decode("latin-1") in self._origins)

    def _may_write(self, host: bytes, origin: bytes | None, site: bytes) -> bool:
        if origin is None:
            return site in (b"", b"same-origin", b"none")
        said, ours = origin.decode("latin-1"), host.decode("latin-1").lower()
        if self._is_named(origin):
            return True
        return said.lower() in (f"http://{ours}", f"https://{ours}")


def _name(host: bytes) -> str:
    """A Host without its port."""
    text = host.decode("latin-1").lower()
    if text.startswith("["):
        return text[: text.find("]") + 1]
    return text.partition(":")[0].rstrip(".")


_LEAST = 1024
_BYTE = 0.02
"""Estimated microseconds that compressing a byte costs."""
_TYPES = ("application/json", "application/problem+json", "text/", "image/svg+xml", "application/javascript")
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

    def __init__(self, app: ASGIApp, *, work: WorkQueue, memory: int) -> None:
        self.app = app
        self._work = work
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
        made = await self._work.run(
            lambda: _COMPRESS[coding](body), cost=len(body) * _BYTE, client=client_address(scope)
        )
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
        headers = Headers(raw=start["headers"])
        body: bytes = message.get("body", b"")
        if start["status"] == 304:
            return self._unchanged(start, headers), message
        if len(body) < _LEAST or "content-encoding" in headers or not _shrinks(headers.get("content-type", "")):
            return start, message
        added = [(b"vary", b"Accept-Encoding")]
        if self._coding is None:
            return {**start, "headers": [*start["headers"], *added]}, message
        tag = headers.get("etag")
        packed = await self._middleware.compressed(self._scope, tag, self._coding, body)
        kept = [pair for pair in start["headers"] if pair[0] not in (b"content-length", b"etag")]
        added += [(b"content-encoding", self._coding.encode()), (b"content-length", b"%d" % len(packed))]
        if tag is not None:
            added.append((b"etag", _coded(tag, self._coding)))
        return {**start, "headers": [*kept, *added]}, {**message, "body": packed}

    def _unchanged(self, start: Message, headers: Headers) -> Message:
        """304 names the tag that the client has: with the coding, where it said so."""
        tag, condition = headers.get("etag"), header(self._scope, b"if-none-match")
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


def _shrinks(media: str) -> bool:
    return media.startswith(_TYPES)


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


class KeptAnswers:
    """Asks the store only whether the map has changed since."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self.app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and not wants_events(scope):
            found = self._service.answers.get((scope["path"], scope["query_string"]))
            if found is not None and await self._may_be_sent(found, scope):
                known = is_fresh(header(scope, b"if-none-match"), found.tag)
                await (found.unchanged if known else found.answer)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _may_be_sent(self, found: KeptAnswer, scope: Scope) -> bool:
        """Whether the answer still holds, and the map that it is about is open to whoever asks."""
        try:
            asking = await admit(self._service, scope)
            return asking.opens(found.map) and await self._service.workspace.version(found.map) == found.version
        except Exception:
            return False  # the application finds the same fault, and answers it
