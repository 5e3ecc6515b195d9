"""The class of our routes and of our routers: requests are read strictly, and long lists of routes matched quickly.

Strictly is: a query without unknown, repeated or empty parameters, and JSON as RFC 8259 has it.
"""

import asyncio
import inspect
import json
import re
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, NamedTuple, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette._utils import get_route_path
from starlette.datastructures import ImmutableMultiDict, QueryParams
from starlette.routing import Match
from starlette.types import Receive
from starlette.types import Scope as RequestScope

from graph.errors import GraphError, Refused, TooLarge
from schemas.change import JsonObject
from schemas.key import Scope
from schemas.problem import FAULTS_AT_MOST, FieldProblem, did_you_mean, explain, pointer, until_enough_faults
from schemas.query import ViewQuery
from service.http.context import admit, context_of, view
from service.http.encoding import header
from service.http.errors import OtherCoding, OtherMedia, ServiceError, Unreadable, body_too_large, unreadable
from service.http.problems import failure
from service.settings import Settings

JSON_TYPE = "application/json"
MERGE_PATCH = "application/merge-patch+json"
PLAIN_TEXT = "text/plain"
LIST_AT_MOST = 1000
"""Items of a list and fields of an object in a body."""
OPERATIONS = ("operations", "edits")
"""Fields of a body that hold operations, whose number is a setting."""
_LONGEST_NUMBER = 200
_LARGEST_EXPONENT = 300
"""What a float can hold too."""
_PLAIN = {"", "identity"}
_DRAINED_FOR = 2.0
_MARK = re.compile(rb'[\[{\]},]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A bracket, a comma, or a whole string; one that does not end is taken too, so that the search stays linear."""
_AT_MOST = 5000
"""Parameters of a query."""
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
        raise TypeError(f"{path}: declare openapi_extra=needs('read'), needs('propose'), 'write', 'admin' or None")
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
    look_through(raw, settings.depth_limit, settings.batch_limit)
    document = parse_json(raw)
    check_lists(document, settings.batch_limit)
    try:
        with until_enough_faults():
            read: BaseModel = model.model_validate_json(raw)
    except ValidationError as error:
        found = explain(error, model, document)
        detail = f"{found[0].pointer}: {found[0].detail}" if found[0].pointer else found[0].detail
        raise Refused(detail, found) from error
    return document, read


class Shape(NamedTuple):
    """What a parameter's text is read as, and whether it may be repeated."""

    many: bool
    kind: type


class Parameters(ImmutableMultiDict[str, Any]):
    """The parameters of a request, typed; several values of one name are a tuple, as the models have them."""

    def getlist(self, key: Any) -> Any:
        """All values of a name."""
        return tuple(super().getlist(key))


def shapes_of(dependant: Dependant) -> Mapping[str, Shape]:
    """The query parameters of an operation by name, those of its dependencies and of its models among them."""
    found: dict[str, Shape] = {}
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found |= shapes_in(annotation)
        else:
            found[field.alias] = _shape(annotation)
    for inner in dependant.dependencies:
        found.update(shapes_of(inner))
    return found


def shapes_in(model: type[BaseModel]) -> Mapping[str, Shape]:
    """The parameters of a model by name."""
    return {f.alias or name: _shape(f.annotation) for name, f in model.model_fields.items()}


def read_query(raw: bytes, shapes: Mapping[str, Shape]) -> Parameters:
    """The parameters, each as the type that it is declared with where its text is one.

    Raises `Unreadable`, and `Refused` with every parameter that is unknown, repeated or empty.
    """
    values = _grouped(raw) if raw else {}
    faults = (p for name, given in values.items() for p in _faults(name, given, shapes))
    problems = list(islice(faults, FAULTS_AT_MOST))
    if problems:
        code = "unknown_parameter" if any(n not in shapes for n in values) else "invalid_parameter"
        raise Refused(problems[0].detail, problems, code=code)
    return Parameters([(n, _typed(v, shapes[n].kind)) for n, given in values.items() for v in given])


def _grouped(raw: bytes) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_AT_MOST)
    except UnicodeDecodeError as error:
        raise Unreadable("the query is not UTF-8", code="not_utf8") from error
    except ValueError as error:
        raise Unreadable(f"the query has more than {_AT_MOST} parameters", code="not_a_query") from error
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _shape(annotation: Any) -> Shape:
    parts = set(_parts(annotation))
    kind = next((t for t in (bool, int, float) if t in parts), str)
    return Shape(any(get_origin(part) in (tuple, list) for part in parts), kind)


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _faults(name: str, given: list[str], shapes: Mapping[str, Shape]) -> Iterable[FieldProblem]:
    if name not in shapes:
        hint = did_you_mean(name, shapes) if shapes else "this takes none"
        yield FieldProblem(pointer(name), f"unknown parameter {name[:100]!r}; {hint}", "unknown_parameter", "query")
        return
    many = shapes[name].many
    if not many and len(given) > 1:
        yield FieldProblem(pointer(name), f"{name} is given {len(given)} times; give it once", "repeated", "query")
        return
    for place, value in enumerate(given):
        if not value.strip():
            at = pointer(name, place) if many else pointer(name)
            yield FieldProblem(at, f"{name} is empty; leave it out or say something", "empty", "query")


def _typed(value: str, kind: type) -> Any:
    """The value as its kind where its text is one; else the text, for the model to say what is wrong."""
    if kind is int and re.fullmatch(r"[+-]?\d{1,18}", value):
        return int(value)
    if kind is float and re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,18})?", value):
        return float(value)
    if kind is bool and value in {"true", "false"}:
        return value == "true"
    return value


def check_media(content_type: str | None, taken: tuple[str, ...], coding: str | None = None) -> None:
    """Raise `OtherMedia` unless the body is said to be of a type that is taken, and not compressed."""
    if coding is not None and coding.strip().lower() not in _PLAIN:
        raise OtherCoding(f"a body with the Content-Encoding {coding!r} is not taken here; send it uncompressed", taken)
    name = (content_type or "").split(";")[0].strip().lower()
    if name not in taken:
        said = f"a body of type {name!r}" if name else "a body without a Content-Type"
        raise OtherMedia(f"{said} is not taken here; send {' or '.join(taken)}", taken, patch=MERGE_PATCH in taken)


async def read_body(scope: RequestScope, receive: Receive, limit: int) -> bytes:
    """The whole body; raises `BodyTooLarge` as soon as it is known to be."""
    said = header(scope, b"content-length")
    if said is not None and said.isdecimal() and int(said) > limit:
        if header(scope, b"expect") is None:  # who asks first hears the answer before sending anything
            await _drain(receive)
        raise body_too_large(limit)
    parts: list[bytes] = []
    size = 0
    while True:
        part, more = await _part(receive)
        size += len(part)
        if size > limit:
            if more:
                await _drain(receive)
            raise body_too_large(limit)
        parts.append(part)
        if not more:
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def _part(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Unreadable("the connection ended before the body did", code="cut_off")
    return message.get("body", b""), message.get("more_body", False)


async def _drain(receive: Receive) -> None:
    """Let a client that talks without listening come to an end, for a while, so that it hears the answer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAINED_FOR):
            while (await _part(receive))[1]:
                pass


def parse_json(body: bytes) -> JsonObject:
    """Read JSON as RFC 8259 has it: no NaN, no name twice, no lone surrogate.

    Numbers with a point or an exponent are decimals, so that none of their digits is lost.
    """
    if not body.strip():
        raise unreadable("is empty; send a JSON object")
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=_decimal,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise unreadable(f"is not UTF-8 at byte {error.start}", "not_utf8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise unreadable(f"is not JSON: {error.msg} at {where}") from error
    except ValueError as error:
        raise unreadable(f"is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise unreadable("must be a JSON object", "not_an_object")
    if b"\\u" in body:
        _check_surrogates(value)
    return value


def look_through(body: bytes, depth: int, operations: int) -> None:
    """Refuse JSON that is nested deeper than `depth` or has a longer list or object than any body, before it is parsed.

    Parsing a list is one call that lets no other thread run, the event loop's neither. O(bytes).
    """
    most = max(LIST_AT_MOST, operations)
    if body.count(b"[") + body.count(b"{") <= depth and body.count(b",") < most:
        return
    level, inside, name = 0, [0] * (depth + 1), b""
    for found in _MARK.finditer(body):
        mark = found[0]
        if mark == b",":
            inside[level] += 1
            if inside[level] >= most:
                raise _too_many(name.decode("utf-8", "replace") if level > 1 else "", operations, level)
        elif mark in b"[{":
            level += 1
            if level > depth:
                raise unreadable(f"is nested deeper than {depth} levels; send it flatter", "too_deep")
            inside[level] = 0
        elif mark in b"]}":
            level = max(0, level - 1)
        elif level == 1:
            name = mark[1:-1]  # the last before a bracket is what the bracket is called


def _too_many(name: str, operations: int, level: int) -> Refused | TooLarge:
    if level == 2 and name in OPERATIONS:
        return _too_many_operations(name, f"more than {operations} operations", operations)
    place, detail = (
        pointer(name[:100]) if name else "",
        f"has more than {LIST_AT_MOST} items, the most that it may have",
    )
    problem = FieldProblem(place, detail, "too_long")
    return Refused(f"{place or 'the body'} {detail}", [problem], code="too_many_items")


def _too_many_operations(name: str, said: str, operations: int) -> TooLarge:
    return TooLarge(
        f"{said}, beyond the bound of {operations} (setting ARGUMAP_BATCH_LIMIT); send fewer at once",
        [FieldProblem(pointer(name), f"must have at most {operations} items", "too_long")],
    )


def check_lists(document: JsonObject, operations: int) -> None:
    """Raise `Refused` for a list or an object that is longer than any that a body needs.

    A list of operations has a bound of its own, beyond which `TooLarge` is raised. What is longer would be told fault
    by fault. O(values).
    """
    for name in OPERATIONS:
        if isinstance(found := document.get(name), list) and len(found) > operations:
            raise _too_many_operations(name, f"{len(found)} operations", operations)
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        place, value = waiting.pop()
        if len(value) > LIST_AT_MOST and not (place[1:] in OPERATIONS and isinstance(value, list)):
            what = "items" if isinstance(value, list) else "fields"
            detail = f"has {len(value)} {what}; it may have {LIST_AT_MOST} at most"
            problem = FieldProblem(place, detail, "too_long")
            raise Refused(f"{place or 'the body'} {detail}", [problem], code="too_many_items")
        inner = enumerate(value) if isinstance(value, list) else value.items()
        waiting += ((place + pointer(step), one) for step, one in inner if isinstance(one, list | dict))


def _check_surrogates(value: JsonObject) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError as error:
        raise unreadable(
            "has half of a surrogate pair (\\ud800 to \\udfff alone), which no text can hold", "not_utf8"
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"{name!r} is named twice in one object")
            seen.add(name)
    return value


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def _decimal(digits: str) -> Decimal:
    """A number with all its digits; whoever needs a float makes one of it."""
    with suppress(InvalidOperation):  # an exponent that no Decimal can have
        if len(digits) <= _LONGEST_NUMBER and abs((value := Decimal(digits)).adjusted()) <= _LARGEST_EXPONENT:
            return value
    raise ValueError(f"{digits[:30]} is too long, too large or too small a number")


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"{digits[:30]}… has more than {_LONGEST_NUMBER} digits")
    return int(digits)
