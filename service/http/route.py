"""Direct routes: declared for OpenAPI like any route, and run without the framework's dependency solving."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.http.ask import Ask, NoQuery
from service.wire import body as bodies
from service.wire import query as queries
from service.wire.answer import Answer

Q = TypeVar("Q", bound=BaseModel)
Handler = Callable[[Ask[Q]], Awaitable[Answer]]


_HEEDED = {
    "If-None-Match": ("If-None-Match", "ETags that the client has; 304 where one of them still holds."),
    "If-Match": ("If-Match", "ETag of the state that is to be changed; 412 where it is no longer that."),
    "Idempotency-Key": ("Idempotency-Key", "The same key and request give the first answer again."),
}


@dataclass(frozen=True)
class Operation:
    """Everything that is declared of one operation: what it runs by, and what the reference says of it."""

    method: str
    path: str
    handler: Handler[Any]
    tag: str
    name: str
    """Its operationId."""
    summary: str
    query: type[BaseModel] = NoQuery
    body: Any = None
    """Schema of the JSON body: a pydantic model, a Struct or several."""
    media: tuple[str, ...] = (bodies.JSON_TYPE,)
    answer: Any = None
    """Schema of the answer, or a mapping of media types to schemas."""
    status: int = 200
    problems: tuple[int, ...] = ()
    """Statuses of problems beyond those that every operation of its sort has."""
    stored: bool = True
    """Whether it asks the store, which may be away."""
    tagged: bool = True
    """Whether the answer has an ETag."""
    keyed: bool = True
    """Whether a POST heeds an Idempotency-Key; a question that stores nothing has no use for one."""
    example: Mapping[str, Any] = field(default_factory=dict)
    """Path and query parameters and body of a request that the seed answers."""

    @property
    def answers(self) -> Mapping[str, Any]:
        """The schema of the answer by its media type."""
        return self.answer if isinstance(self.answer, Mapping) else {bodies.JSON_TYPE: self.answer}

    @property
    def places(self) -> list[str]:
        """The names of the parts of the address that vary."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def conditional(self) -> bool:
        """Whether the answer may be that the client has it already."""
        return self.method == "GET" and self.tagged

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """Headers that the operation heeds, each with what it does."""
        if self.conditional:
            return (_HEEDED["If-None-Match"],)
        named = {"POST": "Idempotency-Key", "PATCH": "If-Match", "DELETE": "If-Match"}.get(self.method)
        return (_HEEDED[named],) if named and self.keyed else ()

    @property
    def refusals(self) -> list[int]:
        """Every status of a problem that the operation may answer with, in order."""
        found = {400, 422, 500, *self.problems}
        found |= {404} if self.places else set()
        found |= {413, 415} if self.body is not None else set()
        return sorted(found | ({503} if self.stored else set()))


class DirectRoute(APIRoute):
    """A route whose handler is called with an `Ask` and answers with bytes."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(
            operation.path,
            _declared,
            methods=[operation.method],
            name=operation.name,
            operation_id=operation.name,
            status_code=operation.status,
            summary=operation.summary,
            description=operation.summary,
            tags=[operation.tag],
            response_class=Response,
        )
        self.operation = operation
        self.app = self._run

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = self.operation
        service = scope["app"].state.service
        raw = scope["query_string"]
        if operation.query is NoQuery:
            queries.nothing(raw)
        asked = queries.parse(operation.query, raw)
        ask = Ask(service, scope, scope["path_params"], asked, receive=receive)
        if operation.body is not None:
            settings = service.settings
            bodies.check_media(ask.header(b"content-type"), operation.media, ask.header(b"content-encoding"))
            ask.body = await bodies.read(scope, receive, settings.body_limit)
            ask.document = await bodies.json_object(ask.body, settings.depth_limit)
        answer = await operation.handler(ask)
        await answer.send(send)


async def _declared() -> None:
    """Stands where the framework looks for a function; the operation's handler runs instead."""


class Routes:
    """The operations of one noun, collected by decorators in the order in which they are written."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.found: list[DirectRoute] = []

    def get(self, path: str, **declared: Any) -> Callable[[Handler[Any]], Handler[Any]]:
        """Declare a read."""
        return self._declare("GET", path, declared)

    def post(self, path: str, **declared: Any) -> Callable[[Handler[Any]], Handler[Any]]:
        """Declare a write that makes something, or several."""
        return self._declare("POST", path, declared)

    def patch(self, path: str, **declared: Any) -> Callable[[Handler[Any]], Handler[Any]]:
        """Declare a change by merge patch."""
        return self._declare("PATCH", path, {"media": (bodies.JSON_TYPE, bodies.MERGE_PATCH), **declared})

    def delete(self, path: str, **declared: Any) -> Callable[[Handler[Any]], Handler[Any]]:
        """Declare a delete."""
        return self._declare("DELETE", path, declared)

    def _declare(self, method: str, path: str, declared: dict[str, Any]) -> Callable[[Handler[Any]], Handler[Any]]:
        def add(handler: Handler[Any]) -> Handler[Any]:
            name = declared.pop("name", handler.__name__)
            summary = declared.pop("summary", (handler.__doc__ or "").strip())
            self.found.append(DirectRoute(Operation(method, path, handler, self.tag, name, summary, **declared)))
            return handler

        return add
