"""The query of a request, read strictly: nothing unknown, nothing twice, nothing empty passes."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, get_args, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from graph.errors import Refused
from schemas.problem import FieldProblem, did_you_mean, explain, pointer
from service.errors import Unreadable

Q = TypeVar("Q", bound=BaseModel)
_AT_MOST = 5000


def parse(model: type[Q], raw: bytes) -> Q:
    """The query as the model has it; raises `Unreadable`, and `Refused` with every fault and its place."""
    return _blank(model) if not raw else _read(model, grouped(raw))


def nothing(raw: bytes) -> None:
    """Refuse any parameter."""
    if raw:
        name = next(iter(grouped(raw)), "")
        detail = f"unknown parameter {name!r}; this takes none"
        raise Refused(detail, [FieldProblem(pointer(name), detail)], code="unknown_parameter")


def grouped(raw: bytes) -> dict[str, list[str]]:
    """The values of each parameter in the order given."""
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


@cache
def _blank(model: type[Q]) -> Q:
    return _read(model, {})


@cache
def _shapes(model: type[BaseModel]) -> Mapping[str, tuple[bool, type]]:
    """By parameter: whether it may be repeated, and what its text is read as."""
    return {f.alias or name: _shape(f.annotation) for name, f in model.model_fields.items()}


def _shape(annotation: Any) -> tuple[bool, type]:
    parts = set(_parts(annotation))
    return any(get_origin(part) is tuple for part in parts), next((t for t in (bool, int, float) if t in parts), str)


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _read(model: type[Q], values: Mapping[str, list[str]]) -> Q:
    shapes = _shapes(model)
    problems = [p for name, given in values.items() for p in _faults(name, given, shapes)]
    if problems:
        code = "unknown_parameter" if any(n not in shapes for n in values) else "invalid_parameter"
        raise Refused(problems[0].detail, problems, code=code)
    try:
        return model.model_validate({name: _value(given, *shapes[name]) for name, given in values.items()})
    except ValidationError as error:
        found = explain(error, model)
        raise Refused(f"{found[0].pointer[1:]}: {found[0].detail}", found, code="invalid_parameter") from error


def _faults(name: str, given: list[str], shapes: Mapping[str, tuple[bool, type]]) -> list[FieldProblem]:
    if name not in shapes:
        return [FieldProblem(pointer(name), f"unknown parameter {name!r}; {did_you_mean(name, shapes)}")]
    many, _ = shapes[name]
    if not many and len(given) > 1:
        return [FieldProblem(pointer(name), f"{name} is given {len(given)} times; give it once")]
    found = []
    for place, value in enumerate(given):
        at = pointer(name, place) if many else pointer(name)
        if not value.strip():
            found.append(FieldProblem(at, f"{name} is empty; leave it out or say something"))
    return found


def _value(given: list[str], many: bool, kind: type) -> Any:
    return tuple(_typed(value, kind) for value in given) if many else _typed(given[0], kind)


def _typed(value: str, kind: type) -> Any:
    """The value as its kind where its text is one; else the text, for the model to say what is wrong."""
    if kind is int and re.fullmatch(r"[+-]?\d{1,18}", value):
        return int(value)
    if kind is float and re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,18})?", value):
        return float(value)
    if kind is bool and value in {"true", "false"}:
        return value == "true"
    return value
