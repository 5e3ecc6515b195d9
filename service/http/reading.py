"""Reading a request strictly: a query without unknown, repeated or empty parameters, and JSON as RFC 8259 has it."""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.datastructures import ImmutableMultiDict
from starlette.types import Receive, Scope

from graph.errors import Refused, TooLarge
from schemas.change import JsonObject
from schemas.problem import FAULTS_AT_MOST, FieldProblem, did_you_mean, pointer
from service.http.encoding import header
from service.http.errors import BodyTooLarge, OtherCoding, OtherMedia, Unreadable

_AT_MOST = 5000


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
_MARK = re.compile(rb'[\[{\]}]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A bracket, or a whole string; one that does not end is taken too, so that the search stays linear."""


def check_media(content_type: str | None, taken: tuple[str, ...], coding: str | None = None) -> None:
    """Raise `OtherMedia` unless the body is said to be of a type that is taken, and not compressed."""
    if coding is not None and coding.strip().lower() not in _PLAIN:
        raise OtherCoding(f"a body with the Content-Encoding {coding!r} is not taken here; send it uncompressed", taken)
    name = (content_type or "").split(";")[0].strip().lower()
    if name not in taken:
        said = f"a body of type {name!r}" if name else "a body without a Content-Type"
        raise OtherMedia(f"{said} is not taken here; send {' or '.join(taken)}", taken, patch=MERGE_PATCH in taken)


async def read_body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body; raises `BodyTooLarge` as soon as it is known to be."""
    said = header(scope, b"content-length")
    if said is not None and said.isdecimal() and int(said) > limit:
        if header(scope, b"expect") is None:  # who asks first hears the answer before sending anything
            await _drain(receive)
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    while True:
        part, more = await _part(receive)
        size += len(part)
        if size > limit:
            if more:
                await _drain(receive)
            raise _too_large(limit)
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


def parse_text(body: bytes, media: str | None) -> str:
    """Read a plain text, which is UTF-8; raises `Unreadable` where it is not, or is said to be something else."""
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", media or "", re.IGNORECASE)
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise _unreadable(f"is said to be {charset[1]}; send it as UTF-8", "not_utf8")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(f"is not UTF-8 at byte {error.start}; save the text as UTF-8", "not_utf8") from error


def parse_json(body: bytes, depth: int) -> JsonObject:
    """Read JSON as RFC 8259 has it: no NaN, no name twice, no lone surrogate, not nested deeper than `depth`.

    Numbers with a point or an exponent are decimals, so that none of their digits is lost.
    """
    if not body.strip():
        raise _unreadable("is empty; send a JSON object")
    _check_depth(body, depth)
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=_decimal,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise _unreadable(f"is not UTF-8 at byte {error.start}", "not_utf8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise _unreadable(f"is not JSON: {error.msg} at {where}") from error
    except ValueError as error:
        raise _unreadable(f"is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise _unreadable("must be a JSON object", "not_an_object")
    if b"\\u" in body:
        _check_surrogates(value)
    return value


def _check_depth(body: bytes, depth: int) -> None:
    if body.count(b"[") + body.count(b"{") <= depth:
        return
    level = 0
    for found in _MARK.finditer(body):
        mark = found[0]
        if mark in b"[{":
            level += 1
            if level > depth:
                raise _unreadable(f"is nested deeper than {depth} levels; send it flatter", "too_deep")
        elif mark in b"]}":
            level -= 1


def check_lists(document: JsonObject, operations: int) -> None:
    """Raise `Refused` for a list or an object that is longer than any that a body needs.

    A list of operations has a bound of its own, beyond which `TooLarge` is raised. What is longer would be told fault
    by fault. O(values).
    """
    for name in OPERATIONS:
        if isinstance(found := document.get(name), list) and len(found) > operations:
            raise TooLarge(
                f"{len(found)} operations are more than {operations} (setting ARGUMAP_BATCH_LIMIT); send fewer at once",
                [FieldProblem(pointer(name), f"must have at most {operations} items", "too_long")],
            )
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
        raise _unreadable(
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
    value = Decimal(digits)
    if len(digits) > _LONGEST_NUMBER or abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"{digits[:30]} is too long, too large or too small a number")
    return value


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"{digits[:30]}… has more than {_LONGEST_NUMBER} digits")
    return int(digits)


def _unreadable(what: str, code: str = "not_json") -> Unreadable:
    return Unreadable(f"the body {what}", [FieldProblem("", what)], code=code)


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"the body is larger than {limit} bytes (setting ARGUMAP_BODY_LIMIT); send it in parts")
