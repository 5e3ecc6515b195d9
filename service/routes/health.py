"""Whether the service lives, whether it can work, and what it can do."""

from typing import Any, get_args

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

from graph.maps.port import StoreInfo
from schemas.evaluation import Semantics
from service.http.context import VERSION, ReadContext, Service, context_of
from service.http.encoding import Encoded, encode
from service.http.middleware import FIGURES_MEDIA, Metrics
from service.http.responses import tagged
from service.http.routing import Router, needs
from service.models.answers import Capabilities, Health, Readiness
from service.models.responses import reads_of_service

router = Router(tags=["Service"])
FORMATS = ["json", "markdown"]
SEMANTICS = list(get_args(Semantics))
_LIMITS = (
    *("body_limit", "depth_limit", "batch_limit", "url_limit", "path_budget", "evaluation_budget", "answer_timeout"),
    *("workers", "queue", "rate", "rate_work", "connections", "listeners"),
    *(
        "quota_map_nodes",
        "quota_map_bytes",
        "quota_map_kept_bytes",
        "quota_principal_nodes",
        "quota_principal_bytes",
        "quota_principal_maps",
    ),
)


@router.get("/healthz", response_model=Health, responses=reads_of_service(tagged=False), openapi_extra=needs(None))
async def check_alive() -> Response:
    """The process lives; nothing else is asked."""
    return Encoded.of({"alive": True, "version": VERSION})


@router.get(
    "/readyz", response_model=Readiness, responses=reads_of_service(503, tagged=False), openapi_extra=needs(None)
)
async def check_ready(request: Request) -> Response:
    """The store answers and can be relied on; 503 where it does not answer, 500 where it is damaged."""
    info = await context_of(request).service.store.check()
    return Encoded.of({"ready": True, "store": _state(info)})


@router.get(
    "/metrics", response_class=PlainTextResponse, responses=reads_of_service(tagged=False), openapi_extra=needs("read")
)
async def read_metrics(context: ReadContext) -> Response:
    """Figures for Prometheus: requests, how long they took, and what the service holds."""
    context.principal.check_whole("reading the figures of the whole service")
    service = context.service
    gauges = {
        "argumap_work_running": ("Long pieces of work under way.", service.work.running),
        "argumap_work_waiting": ("Long pieces of work that wait.", service.work.waiting),
        "argumap_answers_kept_bytes": ("Bytes of the answers that are kept.", service.answers.held),
        "argumap_build_info": (f"Version {VERSION}.", 1.0),
    }
    metrics: Metrics = context.request.app.state.metrics
    return Encoded(metrics.text(gauges), media=FIGURES_MEDIA, headers={"Cache-Control": "no-store"})


@router.get("/v1/capabilities", response_model=Capabilities, responses=reads_of_service(), openapi_extra=needs(None))
async def read_capabilities(context: ReadContext) -> Response:
    """Version, store, limits, formats and semantics."""
    return tagged(context, encode(_capabilities(context.service)))


def _capabilities(service: Service) -> dict[str, Any]:
    settings = service.settings
    return {
        "version": VERSION,
        "store": _state(service.info) if service.info is not None else None,
        "limits": {**{name: getattr(settings, name) for name in _LIMITS}, "page_limit": 1000},
        "formats": FORMATS,
        "semantics": SEMANTICS,
        "require_if_match": settings.require_if_match,
    }


def _state(info: StoreInfo) -> dict[str, object]:
    return {"name": info.name, "version": info.version, "schema_version": info.schema}
