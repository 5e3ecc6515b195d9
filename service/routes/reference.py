"""The reference: the OpenAPI document, its page, and a page for each code of a problem."""

from functools import cache
from typing import Any

from fastapi import FastAPI

from graph.errors import NotFound
from service.context import VERSION
from service.http.ask import Ask, NoQuery
from service.http.route import Routes
from service.reference import page, problem_page, problems_page
from service.wire import tags
from service.wire.answer import HTML, JSON, Answer, encode
from service.wire.text import TEXT

routes = Routes("Reference")
_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


@routes.get("/openapi.json", answer=dict[str, Any], stored=False)
async def read_openapi(ask: Ask[NoQuery]) -> Answer:
    """The OpenAPI document of this service."""
    return _tagged(ask, _document(ask.scope["app"]), JSON)


@routes.get("/docs", answer={"text/html": TEXT}, stored=False)
async def read_reference(ask: Ask[NoQuery]) -> Answer:
    """The reference as a page that needs nothing from elsewhere."""
    return _tagged(ask, _page(ask.scope["app"]), HTML)


@routes.get("/docs/problems", answer={"text/html": TEXT}, stored=False)
async def list_problems(ask: Ask[NoQuery]) -> Answer:
    """Every code that a problem may have, as a page."""
    return _tagged(ask, problems_page(), HTML)


@routes.get("/docs/problems/{code}", answer={"text/html": TEXT}, stored=False, example={"path": {"code": "stale"}})
async def read_problem(ask: Ask[NoQuery]) -> Answer:
    """What a code means and what to do about it, as a page."""
    code = ask.path["code"]
    found = problem_page(code)
    if found is None:
        raise NotFound(f"no problem has the code {code[:100]!r}; /docs/problems lists those that there are")
    return _tagged(ask, found, HTML)


def _tagged(ask: Ask[NoQuery], body: bytes, media: bytes) -> Answer:
    tag = f'"{tags.digest(body, VERSION)}"'
    headers = _HEADERS if media is HTML else {}
    return Answer.unchanged(tag) if ask.fresh(tag) else Answer(body, tag=tag, media=media, headers=headers)


@cache
def _document(app: FastAPI) -> bytes:
    return encode(app.openapi())


@cache
def _page(app: FastAPI) -> bytes:
    return page(app.openapi())
