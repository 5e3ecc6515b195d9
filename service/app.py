"""The assembly: settings and a store become the application; nothing else puts the parts together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from graph.maps.port import Store
from graph.stores import open_store
from service import page
from service.context import VERSION, Service
from service.http.door import Application
from service.http.openapi import document
from service.outside import tell_outside
from service.routes import OPERATIONS
from service.settings import Settings


def create_app(settings: Settings, store: Store | None = None) -> FastAPI:
    """The service over a store, by default the one that the settings name; it is opened when the app starts."""
    service = Service(settings, store or store_of(settings))
    app = Application(
        OPERATIONS,
        title="argumap",
        version=VERSION,
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    app.router.routes.extend(page.ROUTES)
    tell_outside(app)
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = document(app)
    return app.openapi_schema


def store_of(settings: Settings) -> Store:
    """The store that the settings name, not connected yet."""
    return open_store(
        settings.store_url,
        user=settings.neo4j_user,
        password=settings.password(),
        database=settings.neo4j_database,
        patience=settings.store_timeout,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    await service.open()
    try:
        yield
    finally:
        await service.close()
