"""A collector of OpenTelemetry on this machine: takes what is sent over OTLP/HTTP, and tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

_WAIT = 60.0


@dataclass(frozen=True)
class TakenSpan:
    """A span as it was sent."""

    name: str
    kind: str
    """`SERVER`, `CLIENT` or `INTERNAL`."""
    trace: str
    id: str
    parent: str
    status: str
    """`UNSET`, `OK` or `ERROR`."""
    attributes: dict[str, Any]
    resource: dict[str, Any]


class SpanCollector:
    """Used as a context it listens; what has come is there as bytes and as spans."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.asked = Event()
        """Set when something has come."""
        self.answers = Event()
        """Clear it, and nothing is answered until it is set."""
        self.answers.set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.headers.append({name.lower(): value for name, value in self.headers.items()})
                collector.bodies.append(body)
                collector.asked.set()
                collector.answers.wait(_WAIT)
                self.send_response(200 if self.path == "/v1/traces" else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                del format, args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever)

    def __enter__(self) -> SpanCollector:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.answers.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def spans(self) -> list[TakenSpan]:
        """All that has come, in the order in which it ended."""
        return [one for body in self.bodies for one in _spans(body)]

    def server_spans(self) -> list[TakenSpan]:
        """Those of requests."""
        return [one for one in self.spans if one.kind == "SERVER"]

    def under(self, span: TakenSpan) -> list[TakenSpan]:
        """The spans whose parent it is."""
        return [one for one in self.spans if one.parent == span.id]


def _spans(body: bytes) -> Iterator[TakenSpan]:
    for group in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = _plain(group.resource.attributes)
        for scope in group.scope_spans:
            for span in scope.spans:
                kind = span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_")
                status = span.status.StatusCode.Name(span.status.code).removeprefix("STATUS_CODE_")
                ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                yield TakenSpan(span.name, kind, *ids, status, _plain(span.attributes), resource)


def _plain(given: Any) -> dict[str, Any]:
    pairs: list[KeyValue] = list(given)
    return {one.key: _value(one.value) for one in pairs}


def _value(value: AnyValue) -> Any:
    if value.WhichOneof("value") == "array_value":
        return [_value(one) for one in value.array_value.values]
    return getattr(value, value.WhichOneof("value") or "string_value")
