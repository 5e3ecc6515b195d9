"""The reference: the OpenAPI document, its page, and a page for each code of a problem."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Path, Response
from fastapi.responses import HTMLResponse

from graph.errors import NotFound
from service.http.context import Context, ReadContext
from service.http.encoding import HTML, JSON, encode
from service.http.responses import tagged
from service.http.routing import Router, needs
from service.models.responses import reads_of_service
from service.reference.pages import page, problem_page, problems_page

router = Router(tags=["Reference"])
_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
_READ = reads_of_service()
_PAGE = reads_of_service()
_Code = Annotated[str, Path(alias="code", description="Code of a problem.")]


@router.get("/openapi.json", response_model=dict[str, Any], responses=_READ, openapi_extra=needs(None))
async def read_openapi(context: ReadContext) -> Response:
    """The OpenAPI document of this service."""
    return tagged(context, await _once(context, "document", lambda app: encode(app.openapi())), media=JSON)


@router.get("/docs", response_class=HTMLResponse, responses=_PAGE, openapi_extra=needs(None))
async def read_reference(context: ReadContext) -> Response:
    """The reference as a page that needs nothing from elsewhere."""
    return _html(context, await _once(context, "page", lambda app: page(app.openapi())))


@router.get("/docs/problems", response_class=HTMLResponse, responses=_PAGE, openapi_extra=needs(None))
async def list_problems(context: ReadContext) -> Response:
    """Every code that a problem may have, as a page."""
    return _html(context, problems_page())


@router.get(
    "/docs/problems/{code}", response_class=HTMLResponse, responses=reads_of_service(404), openapi_extra=needs(None)
)
async def read_problem(context: ReadContext, code: _Code) -> Response:
    """What a code means and what to do about it, as a page."""
    found = problem_page(code)
    if found is None:
        raise NotFound(f"no problem has the code {code[:100]!r}; /docs/problems lists those that there are")
    return _html(context, found)


def _html(context: Context, body: bytes) -> Response:
    return tagged(context, body, media=HTML, headers=_HEADERS)


async def _once(context: Context, name: str, make: Callable[[FastAPI], bytes]) -> bytes:
    """What is made of all operations, once and off the event loop: it takes half a second."""
    app: FastAPI = context.request.app
    kept: dict[str, bytes] = app.state.reference
    if name not in kept:
        kept[name] = await context.service.work.run(lambda: make(app), client=context.principal.client)
    return kept[name]
