"""The query of a request, read strictly: nothing unknown, nothing twice, nothing empty passes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.datastructures import ImmutableMultiDict

from graph.errors import Refused
from schemas.problem import FieldProblem, did_you_mean, pointer
from service.http.errors import Unreadable

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
            found |= {f.alias or name: _shape(f.annotation) for name, f in annotation.model_fields.items()}
        else:
            found[field.alias] = _shape(annotation)
    for inner in dependant.dependencies:
        found.update(shapes_of(inner))
    return found


def read(raw: bytes, shapes: Mapping[str, Shape]) -> Parameters:
    """The parameters, each as the type that it is declared with where its text is one.

    Raises `Unreadable`, and `Refused` with every parameter that is unknown, repeated or empty.
    """
    values = _grouped(raw) if raw else {}
    problems = [p for name, given in values.items() for p in _faults(name, given, shapes)]
    if problems:
        code = "unknown_parameter" if any(n not in shapes for n in values) else "invalid_parameter"
        raise Refused(problems[0].detail, problems[:100], code=code)
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
