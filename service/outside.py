"""What the framework refuses by itself, told as problems like all others."""

import re

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import Route

from graph.errors import GraphError
from schemas.problem import did_you_mean
from service.errors import NoRoute, OtherMethod, ServiceError
from service.problems import answer_of, failure
from service.routes import OPERATIONS


def tell_outside(app: FastAPI) -> None:
    """Let what the framework itself refuses be problems like all others."""

    async def refused(request: Request, error: Exception) -> Response:
        return answer_of(_named(request)).response()

    async def told(request: Request, error: Exception) -> Response:
        return (answer_of(error) if isinstance(error, GraphError | ServiceError) else failure(error)).response()

    app.add_exception_handler(HTTPException, refused)
    for kind in (GraphError, ServiceError, Exception):
        app.add_exception_handler(kind, told)


def _named(request: Request) -> ServiceError:
    """Why no route has answered: the address is none, or it has other methods."""
    path = request.scope["path"]
    there = [r for r in request.app.routes if isinstance(r, Route) and r.path_regex.match(path)]
    allowed = sorted({method for r in there for method in r.methods or ()})
    if allowed:
        allowed = sorted({*allowed, "HEAD"}) if "GET" in allowed else allowed
        return OtherMethod(f"{path[:200]} has no {request.method}; it has {', '.join(allowed)}", allowed)
    return NoRoute(f"there is nothing at {path[:200]}{_hint(path)}; /docs lists what there is")


def _hint(path: str) -> str:
    """The nearest word below a map, where a word there is not known."""
    word = re.match(r"/v1/maps/[^/]+/([^/]+)", path)
    known = {r.path.split("/")[4] for r in OPERATIONS if r.path.startswith("/v1/maps/{map}/")}
    return f"; {did_you_mean(word[1][:100], known)}" if word and word[1] not in known else ""
