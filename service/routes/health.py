"""Whether the service lives, whether it can work, and what it can do."""

from typing import Any, get_args

from graph.maps.port import StoreInfo
from schemas.evaluation import Semantics
from service.answers import Alive, Capabilities, Ready
from service.context import VERSION, Service
from service.http.ask import Ask, NoQuery
from service.http.route import Routes
from service.wire import tags
from service.wire.answer import Answer

routes = Routes("Service")
FORMATS = ["json", "markdown"]
SEMANTICS = list(get_args(Semantics))


@routes.get("/healthz", answer=Alive, stored=False, tagged=False)
async def check_alive(ask: Ask[NoQuery]) -> Answer:
    """The process lives; nothing else is asked."""
    return Answer.of({"alive": True, "version": VERSION})


@routes.get("/readyz", answer=Ready, tagged=False)
async def check_ready(ask: Ask[NoQuery]) -> Answer:
    """The store answers; 503 where it does not."""
    info = await ask.service.store.check()
    return Answer.of({"ready": True, "store": _state(info)})


@routes.get("/v1/capabilities", answer=Capabilities)
async def read_capabilities(ask: Ask[NoQuery]) -> Answer:
    """Version, store, limits, formats and semantics."""
    answer = Answer.of(_capabilities(ask.service))
    tag = f'"{tags.digest(answer.body)}"'
    return Answer.unchanged(tag) if ask.fresh(tag) else Answer(answer.body, tag=tag)


def _capabilities(service: Service) -> dict[str, Any]:
    settings = service.settings
    names = ("body_limit", "depth_limit", "batch_limit", "path_budget", "evaluation_budget", "workers", "queue")
    return {
        "version": VERSION,
        "store": _state(service.info) if service.info is not None else None,
        "limits": {**{name: getattr(settings, name) for name in names}, "page_limit": 1000},
        "formats": FORMATS,
        "semantics": SEMANTICS,
        "require_if_match": settings.require_if_match,
    }


def _state(info: StoreInfo) -> dict[str, object]:
    return {"name": info.name, "version": info.version, "schema_version": info.schema}
