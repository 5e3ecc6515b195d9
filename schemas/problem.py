"""A problem: what is wrong with an input, where, and what to do about it."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

import msgspec
from pydantic import BaseModel, ValidationError


class FieldProblem(msgspec.Struct, frozen=True):
    """One fault at one place of a document."""

    pointer: str
    """JSON pointer (RFC 6901) into the request's document."""
    detail: str
    """What is wrong there and what would be right."""

    def under(self, prefix: str) -> "FieldProblem":
        """The same fault, its place seen from further out."""
        return FieldProblem(prefix + self.pointer, self.detail)


def pointer(*steps: object) -> str:
    """A JSON pointer (RFC 6901) from the steps on the way."""
    return "".join("/" + str(s).replace("~", "~0").replace("/", "~1") for s in steps)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or lists them all where none is near."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"


def explain(error: ValidationError, model: type[BaseModel]) -> list[FieldProblem]:
    """Turn pydantic's report into our own: a pointer and a sentence with a remedy for each fault."""
    return [FieldProblem(pointer(*fault["loc"]), _sentence(fault, model)) for fault in error.errors()]


def _sentence(fault: Any, model: type[BaseModel]) -> str:
    if fault["type"] != "extra_forbidden":
        message = str(fault["msg"]).removeprefix("Value error, ")
        return message if fault["type"] == "missing" else f"{message}, not {_shown(fault['input'])}"
    owner = _model_at(fault["loc"][:-1], model)
    name = str(fault["loc"][-1])
    return f"unknown field {name!r}; {did_you_mean(name, _names(owner))}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(loc: tuple[Any, ...], model: type[BaseModel]) -> type[BaseModel]:
    for step in loc:
        field = model.model_fields.get(str(step))
        inner = next(_models_in(field.annotation), None) if field else None
        model = inner or model
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
