"""The assembly: settings and a store become the application; nothing else puts the parts together.

What stands before every answer, outermost first: the framework's span of the request, where spans are made; the
request's id and the record of access, hosts and origins, CORS, compression, kept answers, the routes. Middleware that
is added to the application stands before all of it but the span.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig

from graph.maps.port import Store
from graph.stores import Certificates, open_store
from service.http.context import VERSION, Service
from service.http.encoding import Compression
from service.http.middleware import Head, Hosts, KeptAnswers, Metrics, RequestId, note_in_log
from service.http.problems import handle_problems
from service.http.routing import Router
from service.live.stream import Streams
from service.reference.openapi import document
from service.routes import (
    arguments,
    batch,
    changes,
    connections,
    cruxes,
    database,
    diff,
    drafts,
    evaluation,
    exports,
    graphs,
    health,
    influence,
    keys,
    maps,
    merges,
    nodes,
    page,
    paths,
    purges,
    reachability,
    reference,
    remarks,
    search,
    session,
    structure,
    summaries,
    texts,
    what_if,
    why,
)
from service.settings import PREFIX, Settings, SettingsError, refuse_clear_text

if TYPE_CHECKING:
    from service.http.telemetry import SpanSender

ROUTERS: tuple[Router, ...] = (
    *(*nodes.ROUTERS, arguments.router, graphs.router, paths.router, reachability.router, connections.router),
    *(
        evaluation.router,
        why.router,
        influence.router,
        cruxes.router,
        what_if.router,
        summaries.router,
        structure.router,
    ),
    *(
        maps.router,
        batch.router,
        merges.router,
        changes.router,
        diff.router,
        drafts.router,
        remarks.router,
        texts.router,
        purges.router,
        database.router,
    ),
    *(exports.router, search.router),
    *(keys.router, session.router, health.router, reference.router),
)
"""Every operation of the service; what is asked most often stands first."""
_NO_TEXTS: TelemetryConfig = {"tracing": False, "operation_spans": False, "logs": False, "auto_configure": False}
"""The framework's own spans and records hold addresses, queries and what was wrong with them, so texts and what was
sent by mistake: none are made, whatever OpenTelemetry is set up beside the service. Its figures hold statuses only.
Where the settings ask for spans, those of requests are made for a provider of our own, which sends none of that.
"""
_EXPOSED = ["ETag", "Location", "Link", "Retry-After", "X-Request-Id"]
_TAKEN = ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-Id"]


def create_app(settings: Settings, store: Store | None = None, *, trusting: bool = False) -> FastAPI:
    """The service over a store, by default the one that the settings name; it is opened when the app starts.

    `trusting` asks nobody for a key: of a command that works on the store itself.
    """
    tracing = _tracing(settings) if settings.traces and not trusting else None
    store = store or store_of(settings)
    service = Service(settings, store if tracing is None else tracing.store(store), trusting, tracing)
    app = FastAPI(
        title="argumap",
        version=VERSION,
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        separate_input_output_schemas=False,
        telemetry=_NO_TEXTS if tracing is None else {**_NO_TEXTS, "tracing": True, "tracer_provider": tracing.provider},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.service = service
    app.state.reference = {}
    app.state.streams = Streams(service)
    app.state.metrics = metrics = Metrics()
    service.work.settled += [metrics.note, note_in_log, service.rates.charge]
    _add_middleware(app, service, tracing)
    handle_problems(app)
    for router in ROUTERS:
        app.include_router(router)
    app.router.routes.extend(page.ROUTES)
    app.state.routes = [r for router in ROUTERS for r in router.routes if isinstance(r, APIRoute)] + page.ROUTES
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _tracing(settings: Settings) -> "SpanSender":
    try:
        from service.http.telemetry import SpanSender  # noqa: PLC0415 - it needs an extra
    except ImportError as error:
        raise SettingsError(f"{PREFIX}TRACES needs the extra: pip install 'argumap[otel]'") from error
    return SpanSender(settings, VERSION)


def _add_middleware(app: FastAPI, service: Service, tracing: "SpanSender | None") -> None:
    """What is added last stands outermost."""
    settings = service.settings
    app.add_middleware(KeptAnswers, service=service)
    app.add_middleware(Compression, run=service.work.run, memory=settings.answer_cache)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=_TAKEN if tracing is None else [*_TAKEN, "traceparent", "tracestate"],
            expose_headers=_EXPOSED,
            max_age=600,
        )
    app.add_middleware(Hosts, service=service)
    app.add_middleware(Head)
    if tracing is not None:
        app.add_middleware(tracing.middleware)
    app.add_middleware(RequestId, governor=service.work)


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = document(app)
    return app.openapi_schema


def store_of(settings: Settings) -> Store:
    """The store that the settings name, not connected yet; raises `SettingsError` for a password that is not there."""
    refuse_clear_text(settings)
    settings.password()  # read again by the store, whenever the server refuses the one before
    return open_store(
        settings.store_url,
        user=settings.neo4j_user,
        password=settings.password,
        database=settings.neo4j_database,
        patience=settings.store_timeout,
        migrates=settings.migrate,
        certificates=Certificates(settings.neo4j_ca, settings.neo4j_certificate, settings.neo4j_key),
        pool=settings.neo4j_pool,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    await service.open()
    try:
        yield
    finally:
        await service.close()
