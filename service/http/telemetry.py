"""Spans of requests for a collector of OpenTelemetry; imported only where the setting `traces` asks for them.

The framework makes the span of a request. Below it stand calls of the store, and pieces of work that the governor does.
All is configured by the standard variables, `OTEL_…`, as every such program is.

Spans are sent by a thread of their own. A collector that is away costs a request nothing: what it does not take in time
is dropped. What leaves the process are names, numbers and the attributes of one table, so that no text and no secret of
anybody can stand in a span, whoever made it.
"""

import asyncio
import inspect
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from threading import Thread
from time import monotonic, perf_counter, thread_time
from typing import Any, Generic, TypeVar, cast
from urllib.parse import urlsplit

from opentelemetry.context import get_current
from opentelemetry.exporter.otlp.proto.http.trace_exporter import DEFAULT_ENDPOINT, OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import (
    INVALID_SPAN,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    Tracer,
    format_trace_id,
    get_current_span,
)
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.beside.port import SideStore
from graph.keys.port import KeyStore
from graph.keys.secret import redacted
from graph.maps.by_hand import HandStore
from graph.maps.cypher_port import CypherPort, VerdictStore
from graph.maps.port import Store
from service.http.governor import INLINE, Governor
from service.http.work import WORK
from service.settings import PREFIX, Settings, SettingsError, goes_in_clear

T = TypeVar("T")
_ROUTE = "http.route"
_TOLD = frozenset(
    {
        "db.operation.name",
        "db.system.name",
        "error.type",
        "http.request.method",
        "http.response.header.x-request-id",
        "http.response.status_code",
        _ROUTE,
        "network.protocol.version",
        "url.scheme",
    }
)
"""Attributes that are sent, and those that begin as below. The framework also gives paths, queries and hosts, in which
stands what a client has written.
"""
_OURS = "argumap."
_LEAVING = 2.0
"""Seconds that the last spans have to be taken when the service stops."""
_PAUSE = 60.0
"""Seconds between two records of one fault: a collector may be away for days."""
_EXPORTER = logging.getLogger("opentelemetry.exporter.otlp.proto.http.trace_exporter")
_PORTS = (KeyStore, SideStore, HandStore, CypherPort, VerdictStore)


class SpanSender:
    """The spans of one service, and what makes them; sends nothing before it is opened."""

    def __init__(self, settings: Settings, version: str) -> None:
        """Raises `SettingsError` for what the variables ask and is not to be had."""
        self.middleware = SpanOfRequest
        self._exporter = _exporter(settings)
        self._system = "sqlite" if settings.store_url.startswith("sqlite:") else "neo4j"
        self.provider = TracerProvider(resource=_resource(version), shutdown_on_exit=False)
        self.tracer: Tracer = self.provider.get_tracer("argumap", version)
        self._now_and_then = _NowAndThen()
        self._is_open = False

    def store(self, store: Store) -> Store:
        """The store with spans of its calls."""
        return traced_store(store, self.tracer, self._system)

    def governor(self, workers: int, waiting: int) -> "TracedGovernor":
        """A governor with spans of its work."""
        return TracedGovernor(workers, waiting, self.tracer)

    def open(self) -> None:
        """Send spans from now on; raises `SettingsError`."""
        if self._exporter is None or self._is_open:
            return
        try:
            sending = BatchSpanProcessor(cast(Any, self._exporter))
        except ValueError as error:
            raise SettingsError(f"the variables OTEL_BSP_… cannot be used: {error}") from error
        self.provider.add_span_processor(sending)
        _EXPORTER.addFilter(self._now_and_then)
        self._is_open = True

    async def close(self) -> None:
        """Send the last ones, as far as they are taken soon."""
        if self._exporter is None or not self._is_open:
            return
        self._is_open = False
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def end() -> None:
            self.provider.shutdown()
            with suppress(RuntimeError):  # it was not waited for, and the loop has gone
                loop.call_soon_threadsafe(done.set)

        Thread(target=end, name="last spans", daemon=True).start()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVING):
                await done.wait()
        self._exporter.shutdown()
        _EXPORTER.removeFilter(self._now_and_then)


class _Discreet:
    """Sends of each span what the table has; ended as often as one likes."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self._is_over = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._inner.export([_bare(span) for span in spans])

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        del timeout_millis
        return True

    def shutdown(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._inner.shutdown()


def _bare(span: ReadableSpan) -> ReadableSpan:
    """The span without events, without words of an error, and without the `tracestate` that a client may write."""
    given, number = span.attributes or {}, span.context
    return ReadableSpan(
        name=span.name,
        context=number and SpanContext(number.trace_id, number.span_id, number.is_remote, number.trace_flags),
        parent=span.parent,
        resource=span.resource,
        attributes={name: value for name, value in given.items() if name in _TOLD or name.startswith(_OURS)},
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


class _NowAndThen(logging.Filter):
    """Lets one record of each sort through in a while."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = monotonic()
        is_due = now - self._told.get(record.msg, -_PAUSE) >= _PAUSE
        if is_due:
            self._told[record.msg] = now
        return is_due


def _exporter(settings: Settings) -> _Discreet | None:
    """What the variables name; None where they say that nothing is to be sent."""
    kind = _variable("OTEL_TRACES_EXPORTER", "otlp").lower()
    if kind == "none":
        return None
    if kind != "otlp":
        raise SettingsError(f"OTEL_TRACES_EXPORTER must be otlp or none with {PREFIX}TRACES, not {kind!r}")
    protocol = _of_traces("PROTOCOL", "http/protobuf")
    if protocol != "http/protobuf":
        raise SettingsError(
            f"OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf with {PREFIX}TRACES, not {protocol!r}; collectors "
            "take it on port 4318"
        )
    endpoint = _of_traces("ENDPOINT", DEFAULT_ENDPOINT)
    if not _is_address(endpoint):
        raise SettingsError("OTEL_EXPORTER_OTLP_ENDPOINT must be an address such as https://collector.example:4318")
    if _of_traces("HEADERS", "") and goes_in_clear(endpoint) and not settings.clear_text:
        raise SettingsError(
            "refusing to send OTEL_EXPORTER_OTLP_HEADERS to another machine in clear: what they hold could be read on "
            f"the way; use https://, or set {PREFIX}CLEAR_TEXT=1 where the network keeps others out"
        )
    return _Discreet(OTLPSpanExporter())


def _is_address(endpoint: str) -> bool:
    try:
        found = urlsplit(endpoint)
        return found.scheme in ("http", "https") and bool(found.hostname) and found.port != 0
    except ValueError:
        return False


def _resource(version: str) -> Resource:
    """What the variables say of the service, and our own name and version where they say nothing."""
    own, found = Resource({SERVICE_NAME: "argumap", SERVICE_VERSION: version}), Resource.create()
    is_named = not str(found.attributes[SERVICE_NAME]).startswith("unknown_service")
    return own.merge(found) if is_named else found.merge(own)


def _of_traces(name: str, default: str) -> str:
    """A variable of the exporter: the one for traces, or the one for all."""
    return _variable(f"OTEL_EXPORTER_OTLP_TRACES_{name}", _variable(f"OTEL_EXPORTER_OTLP_{name}", default))


def _variable(name: str, default: str) -> str:
    """An empty variable counts as none, as the standard has it."""
    return os.environ.get(name, "").strip() or default


# --- the request ----------------------------------------------------------------------------------


class SpanOfRequest:
    """Joins span and record: the span has the request's id, and the records of access and audit that of the trace.

    A kept answer is sent before any route is looked for, so its route is found here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        span = get_current_span()
        number, record = span.get_span_context(), WORK.get()
        if scope["type"] != "http" or not number.is_valid or record is None:
            await self.app(scope, receive, send)
            return
        record.trace_id = format_trace_id(number.trace_id)
        span.set_attribute("http.response.header.x-request-id", [redacted(scope["state"]["request_id"])])

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                _name(span, scope)
            await send(message)

        await self.app(scope, receive, named if isinstance(span, ReadableSpan) else send)


def _name(span: Span, scope: Scope) -> None:
    if not isinstance(span, ReadableSpan) or _ROUTE in (span.attributes or {}):
        return
    for route in scope["app"].state.routes:
        if route.matches(dict(scope))[0] != Match.NONE:
            span.set_attribute(_ROUTE, route.path_format)
            span.update_name(f"{scope['method']} {route.path_format}")
            return


# --- its parts ------------------------------------------------------------------------------------


class TracedGovernor(Governor):
    """A governor whose pieces of work have spans: how long each waited, what it took itself, and where it was done."""

    def __init__(self, workers: int, waiting: int, tracer: Tracer) -> None:
        super().__init__(workers, waiting)
        self._tracer = tracer

    def run(self, work: Callable[[], T], *, cost: float = float("inf"), client: str = "") -> Coroutine[Any, Any, T]:
        if not get_current_span().is_recording():
            return super().run(work, cost=cost, client=client)
        part = _Part(self._tracer, work, "inline" if cost <= INLINE else "thread")
        return part.waited_for(super().run(part.do, cost=cost, client=client))


class _Part(Generic[T]):
    """One piece of work; its span ends when the work has ended, though nobody may wait for it any more."""

    def __init__(self, tracer: Tracer, work: Callable[[], T], place: str) -> None:
        self._tracer, self._work, self._place = tracer, work, place
        self._parent = get_current()
        """The request of whoever asks; it may be waited for elsewhere."""
        self._span: Span = INVALID_SPAN
        self._asked = 0.0
        self._is_begun = False

    async def waited_for(self, doing: Awaitable[T]) -> T:
        told = {"argumap.work.place": self._place}
        self._span = self._tracer.start_span(f"work {self._place}", context=self._parent, attributes=told)
        self._asked = perf_counter()
        try:
            return await doing
        except BaseException as error:
            if not self._is_begun:  # there was no place for it, or it was given up in the line
                _end_badly(self._span, error)
            raise

    def do(self) -> T:
        """Called where the work is done."""
        self._is_begun = True
        if not self._span.is_recording():
            return self._work()
        begun = thread_time()
        self._span.set_attribute("argumap.work.queue_seconds", perf_counter() - self._asked)
        try:
            done = self._work()
        except BaseException as error:
            self._span.set_attribute("argumap.work.cpu_seconds", thread_time() - begun)
            _end_badly(self._span, error)
            raise
        self._span.set_attribute("argumap.work.cpu_seconds", thread_time() - begun)
        self._span.end()
        return done


def traced_store(store: Store, tracer: Tracer, system: str) -> Store:
    """A store whose calls have spans, each with the operation of the port that it is; never what it was given."""
    return cast(Store, _Traced(store, tracer, system))


class _Traced:
    """Stands before a port: one of the store, or one that the store has."""

    def __init__(self, inner: object, tracer: Tracer, system: str, prefix: str = "") -> None:
        self._inner, self._tracer, self._system, self._prefix = inner, tracer, system, prefix

    def __getattr__(self, name: str) -> Any:
        """Asked once for each name: what is found is kept."""
        found = getattr(self._inner, name)
        if isinstance(found, _PORTS):
            found = _Traced(found, self._tracer, self._system, f"{name}.")
        elif callable(found):
            found = self._seen(self._prefix + name, found)
        else:
            return found
        setattr(self, name, found)
        return found

    def _seen(self, operation: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            made = method(*given, **named)
            if inspect.isawaitable(made) and get_current_span().is_recording():
                return self._spanned(operation, made)
            return made

        return call

    async def _spanned(self, operation: str, asked: Awaitable[T]) -> T:
        told = {"db.system.name": self._system, "db.operation.name": operation}
        span = self._tracer.start_span(operation, kind=SpanKind.CLIENT, attributes=told)
        try:
            answer = await asked
        except BaseException as error:
            _end_badly(span, error)
            raise
        span.end()
        return answer


def _end_badly(span: Span, error: BaseException) -> None:
    """End a span of what has failed: with the class of the error, never with its words."""
    kind = type(error)
    span.set_attribute("error.type", f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins."))
    span.set_status(StatusCode.ERROR)
    span.end()
