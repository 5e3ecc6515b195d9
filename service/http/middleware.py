"""What stands before every answer, in the order of `service.app`: pure ASGI, with what each of them keeps and adds.

Compression stands in `service.http.encoding`, with the bytes that it is about.
"""

import logging
import re
import sys
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from os import urandom
from pathlib import Path
from time import process_time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.errors import GraphError
from service.http.context import Service, admit
from service.http.encoding import KeptAnswer, client_address, header, wants_events
from service.http.errors import ForeignOrigin, OtherHost, ServiceError, UrlTooLong
from service.http.governor import Governor
from service.http.problems import answer_of
from service.http.responses import is_fresh
from service.http.work import WorkRecord
from service.logs import REQUEST

_log = logging.getLogger("argumap.access")
_audit = logging.getLogger("argumap.audit")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NAME = b"x-request-id"
_BAD_REQUEST = int(HTTPStatus.BAD_REQUEST)
_PART = 256 << 10
"""Bytes of a body that are sent at once."""


class RequestId:
    """Takes the client's `X-Request-Id` where it is a plain word and makes one elsewhere; all that is done for the
    request stands under one record, and what is answered carries the headers of the table.
    """

    def __init__(self, app: ASGIApp, *, governor: Governor) -> None:
        self.app = app
        self._governor = governor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _given(scope) or urandom(8).hex()
        scope.setdefault("state", {})["request_id"] = number
        token = REQUEST.set(number)
        header = (_NAME, number.encode())
        encrypted = scope.get("scheme") == "https"
        address = client_address(scope)
        record = WorkRecord(scope["method"], scope["path"], client=address, address=address)

        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                status = record.status = message["status"]
                if not record.operation:
                    unrouted = "kept" if status < _BAD_REQUEST else "none"
                    record.operation = getattr(scope.get("route"), "name", None) or unrouted
                message["headers"] = [*guarded_headers(message["headers"], encrypted=encrypted), header]
            elif len(message.get("body", b"")) > _PART:
                await _in_parts(message, send)
                return
            await send(message)

        try:
            await self._governor.recorded(record, self.app(scope, receive, labelled))
        finally:
            REQUEST.reset(token)


def note_in_log(record: WorkRecord) -> None:
    """Who asked for what, what it took and what came of it, in the records of access and audit; never what was said."""
    audited, noted = record.method not in _SAFE, _log.isEnabledFor(logging.INFO)
    if not audited and not noted:
        return
    fields = {
        "method": record.method,
        "path": record.path,
        "operation": record.operation,
        "status": record.status,
        "principal": record.principal,
        "key": record.key,
        "client": record.address,
        "trace_id": record.trace_id,
        "milliseconds": round(record.seconds * 1000, 1),
        "cpu_milliseconds": round(record.cost * 1000, 1),
    }
    for logger, asked in ((_audit, audited), (_log, noted)):
        if asked:
            logger.info("answered", extra={"fields": fields})


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


Raw = tuple[bytes, bytes]
ALWAYS: tuple[Raw, ...] = (
    # What is answered is what its media type says, and no page but our own frames it, runs it or loads it.
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""A page that needs more says so itself in a header of the same name, which then counts."""
ENCRYPTED: Raw = (b"strict-transport-security", b"max-age=31536000")
"""Where the connection is encrypted it stays so."""
_NAMES = frozenset(name for name, _ in ALWAYS)


def guarded_headers(given: Iterable[Raw], *, encrypted: bool = False) -> list[Raw]:
    """The headers of an answer with those of the table that it does not have itself."""
    headers = list(given)
    own = [name for name, _ in headers if name in _NAMES]
    headers += [pair for pair in ALWAYS if pair[0] not in own] if own else ALWAYS
    if encrypted:
        headers.append(ENCRYPTED)
    return headers


FIGURES_MEDIA = b"text/plain; version=0.0.4; charset=utf-8"
_UPPER = (0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0)
"""Seconds up to which each bucket counts."""
_MEMORY_PAGE = 4096


class Metrics:
    """What is counted; noting a piece of work costs about a microsecond."""

    def __init__(self) -> None:
        self._cost: defaultdict[str, float] = defaultdict(float)
        self._requests: Counter[tuple[str, int]] = Counter()
        self._took = [0] * (len(_UPPER) + 1)
        self._seconds = 0.0

    def note(self, record: WorkRecord) -> None:
        """Count a piece of work that has ended."""
        self._requests[record.operation, record.status] += 1
        self._cost[record.operation] += record.cost
        self._took[bisect_left(_UPPER, record.seconds)] += 1
        self._seconds += record.seconds

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> bytes:
        """All figures in the text format of Prometheus; `gauges` by name with what each says."""
        return "\n".join([*self._counted(), *_told(gauges), *_told(_process()), ""]).encode()

    def _counted(self) -> Iterator[str]:
        yield "# HELP argumap_requests_total Requests that were answered."
        yield "# TYPE argumap_requests_total counter"
        for (operation, status), count in sorted(self._requests.items()):
            yield f'argumap_requests_total{{operation="{operation}",status="{status}"}} {count}'
        yield "# HELP argumap_work_cpu_seconds_total What requests took of the processor, on the loop and on threads."
        yield "# TYPE argumap_work_cpu_seconds_total counter"
        for operation, cost in sorted(self._cost.items()):
            yield f'argumap_work_cpu_seconds_total{{operation="{operation}"}} {cost:.6f}'
        yield "# HELP argumap_request_seconds How long answering took."
        yield "# TYPE argumap_request_seconds histogram"
        total = 0
        for upper, count in zip((*_UPPER, float("inf")), self._took, strict=True):
            total += count
            shown = "+Inf" if upper == float("inf") else f"{upper:g}"
            yield f'argumap_request_seconds_bucket{{le="{shown}"}} {total}'
        yield f"argumap_request_seconds_sum {self._seconds:.6f}"
        yield f"argumap_request_seconds_count {total}"


def _told(gauges: Mapping[str, tuple[str, float]]) -> Iterator[str]:
    for name, (sentence, value) in gauges.items():
        yield f"# HELP {name} {sentence}"
        yield f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}"
        yield f"{name} {value:g}"


def _process() -> dict[str, tuple[str, float]]:
    found = {"process_cpu_seconds_total": ("CPU that the process has used.", process_time())}
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        found["process_resident_memory_bytes"] = ("Memory of the process.", float(pages * _MEMORY_PAGE))
    return found


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
