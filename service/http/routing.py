"""The class of our routes and of our routers: requests are read strictly, and long lists of routes matched quickly."""

import inspect
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette._utils import get_route_path
from starlette.datastructures import QueryParams
from starlette.routing import Match
from starlette.types import Scope as RequestScope

from graph.errors import GraphError, Refused
from schemas.change import JsonObject
from schemas.key import Scope
from schemas.problem import explain, until_enough_faults
from schemas.query import ViewQuery
from service.http.context import admit, context_of, view
from service.http.encoding import header
from service.http.errors import ServiceError
from service.http.problems import failure
from service.http.reading import (
    JSON_TYPE,
    MERGE_PATCH,
    check_lists,
    check_media,
    parse_json,
    read_body,
    read_query,
    shapes_in,
    shapes_of,
)
from service.settings import Settings

_WORDS = "argumap.words"
"""Where the words of the path are kept while routes are tried."""
_BYTE = 0.1
"""Microseconds that a byte of JSON costs to read and check."""
_READ_BOTH = (JSON_TYPE, MERGE_PATCH)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose query and body were read strictly before the framework looks at them."""

    typed: Any = None
    """The query, each value as the type that its parameter is declared with."""
    raw: bytes = b""
    document: Mapping[str, Any] = {}
    """The body as plain JSON, its numbers digit for digit, which a model would round."""
    sent: BaseModel | None = None
    """The body as its model."""

    @property
    def query_params(self) -> QueryParams:
        """The query, typed."""
        params: QueryParams = self.typed
        return params

    async def body(self) -> bytes:
        """The body's bytes, read once."""
        return self.raw

    async def json(self) -> Any:
        """The body as its model, which the framework then finds valid at once."""
        return self.sent


class StrictRoute(APIRoute):
    """A route that tells every unknown, repeated or empty parameter, and reads JSON as RFC 8259 has it.

    A body is read and checked off the event loop where that takes longer than a few milliseconds. What nobody
    foresaw in a path function is logged and answered here, inside all middleware.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        """A route is called by the first sentence of its function, where it is not named otherwise."""
        if declared.get("summary") is None and endpoint.__doc__:
            declared["summary"] = inspect.cleandoc(endpoint.__doc__).partition("\n\n")[0]
        self.needs = _needed(path, declared)
        super().__init__(path, endpoint, **declared)

    @property
    def is_of_view(self) -> bool:
        """Whether it reads a view of a map, with the parameters that every view has."""
        return any(one.call is view for one in self.dependant.dependencies)

    def matches(self, scope: RequestScope) -> tuple[Match, RequestScope]:
        """Try the fixed words of the path before its pattern."""
        words = _words(scope)
        fixed = self.__dict__.get("_fixed")
        if fixed is None:
            parts = self.path.split("/")
            fixed = (len(parts), [(i, w) for i, w in enumerate(parts) if "{" not in w][::-1])
            self._fixed = fixed
        length, known = fixed
        if len(words) != length:
            return Match.NONE, {}
        for place, word in known:
            if words[place] != word:
                return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Handler:
        """Read the request strictly, then go on as the framework does."""
        solve = super().get_route_handler()
        shapes = {**shapes_of(self.dependant), **(shapes_in(ViewQuery) if self.is_of_view else {})}
        model = self.body_field.field_info.annotation if self.body_field is not None else None
        needs = self.needs
        media = _READ_BOTH if "PATCH" in (self.methods or ()) else _READ_BOTH[:1]

        async def handle(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            try:
                if needs is not None:
                    asking = await admit(request.app.state.service, request.scope)
                    asking.check(needs, request.path_params.get("map"))
                strict.typed = read_query(request.scope["query_string"], shapes)
                if model is not None:
                    strict.raw, strict.document, strict.sent = await _read_body(strict, model, media)
                return await solve(strict)
            except (GraphError, ServiceError, RequestValidationError, HTTPException):
                raise
            except Exception as error:
                return failure(error, request)

        return handle


SECURITY = "key"
"""What the scheme is called in the OpenAPI document."""


def needs(scope: Scope | None) -> dict[str, Any]:
    """What an operation declares as its `openapi_extra`: the scope of the keys that may use it; None for anybody."""
    return {"security": [] if scope is None else [{SECURITY: [scope]}]}


def _needed(path: str, declared: Mapping[str, Any]) -> Scope | None:
    security = (declared.get("openapi_extra") or {}).get("security")
    if security is None:
        raise TypeError(f"{path}: say what a key needs for it: openapi_extra=needs('read'), 'write', 'admin' or None")
    return security[0][SECURITY][0] if security else None


class Router(APIRouter):
    """The routes of one noun; whether any of them fits is told from a few words of the path."""

    def __init__(self, *, tags: list[str], prefix: str = "") -> None:
        super().__init__(prefix=prefix, tags=list(tags), route_class=StrictRoute, redirect_slashes=False)
        self._shapes: list[tuple[int, int, str]] = []

    def matches(self, scope: RequestScope) -> tuple[Match, RequestScope]:
        """Leave out the whole noun where no route has the length and the last fixed word of the path."""
        if len(self._shapes) != len(self.routes):
            self._shapes = [_last_word(route.path) for route in self.routes if isinstance(route, APIRoute)]
        words = _words(scope)
        length = len(words)
        for count, place, word in self._shapes:
            if count == length and words[place] == word:
                return super().matches(scope)
        return Match.NONE, {}


def _words(scope: RequestScope) -> list[str]:
    words: list[str] | None = scope.get(_WORDS)
    if words is None:
        words = scope[_WORDS] = get_route_path(scope).split("/")
    return words


def _last_word(path: str) -> tuple[int, int, str]:
    words = path.split("/")
    place = max(i for i, word in enumerate(words) if "{" not in word)
    return len(words), place, words[place]


async def _read_body(request: Request, model: Any, media: tuple[str, ...]) -> tuple[bytes, JsonObject, BaseModel]:
    service, scope = request.app.state.service, request.scope
    check_media(header(scope, b"content-type"), media, header(scope, b"content-encoding"))
    raw = await read_body(scope, request.receive, service.settings.body_limit)
    client = context_of(request).principal.client
    document, read = await service.work.run(
        lambda: _checked(raw, model, service.settings), cost=len(raw) * _BYTE, client=client
    )
    return raw, document, read


def _checked(raw: bytes, model: Any, settings: Settings) -> tuple[JsonObject, BaseModel]:
    document = parse_json(raw, settings.depth_limit)
    check_lists(document, settings.batch_limit)
    try:
        with until_enough_faults():
            read: BaseModel = model.model_validate_json(raw)
    except ValidationError as error:
        found = explain(error, model, document)
        detail = f"{found[0].pointer}: {found[0].detail}" if found[0].pointer else found[0].detail
        raise Refused(detail, found) from error
    return document, read
