"""A problem: what is wrong with an input, where, and what to do about it."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from typing import Any, Literal, get_args

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticOmit

from schemas.base import ID_PATTERN, SLUG_PATTERN, TIME_PATTERN

Place = Literal["body", "query", "header", "path", ""]
FAULTS_AT_MOST = 100
"""Faults that one answer names; the first hundred tell enough."""
_ECHO = 60
_NAMED = 50
"""Known words that a hint lists."""


class FieldProblem(msgspec.Struct, frozen=True, rename={"in_": "in"}):
    """One fault at one place of a request."""

    pointer: str
    """JSON pointer (RFC 6901) into the body, or to a parameter and the place among its values."""
    detail: str
    """What is wrong there and what would be right."""
    code: str = ""
    """Stable name for programs; left open, the code of the whole problem."""
    in_: Place = ""
    """The part of the request that it stands in; left open, told when the problem is answered."""

    def under(self, prefix: str) -> "FieldProblem":
        """The same fault, its place seen from further out."""
        return self.at(prefix + self.pointer)

    def at(self, place: str) -> "FieldProblem":
        """The same fault at another place."""
        return FieldProblem(place, self.detail, self.code, self.in_)


def pointer(*steps: object) -> str:
    """A JSON pointer (RFC 6901) from the steps on the way."""
    return "".join("/" + str(s).replace("~", "~0").replace("/", "~1") for s in steps)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or lists them all where none is near."""
    names = sorted(known)
    near = get_close_matches(word[:100], names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    rest = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"known are {', '.join(names[:_NAMED])}{rest}"


def explain(error: ValidationError, model: type[BaseModel], document: object = None) -> list[FieldProblem]:
    """Turn a validation report into our own: a pointer and a sentence with a remedy for each fault.

    `document` is what was read; with it, steps into the branch of a union do not show in the pointers.
    """
    return explain_faults(error.errors(include_url=False, include_context=True), model, document)


def explain_faults(faults: Sequence[Any], model: type[BaseModel] | None, document: object = None) -> list[FieldProblem]:
    """The same for the faults of a report, at most `FAULTS_AT_MOST` of them, each place once."""
    found: dict[tuple[str, str], FieldProblem] = {}
    deeper = {fault["loc"][:depth] for fault in faults[: FAULTS_AT_MOST + 1] for depth in range(len(fault["loc"]))}
    # What is unknown comes before what is missing beside it: it is often the same field, misspelt.
    unknown = {fault["loc"][:-1] for fault in faults if fault["type"] == "extra_forbidden"}
    for fault in sorted(faults, key=lambda one: one["type"] == "missing" and one["loc"][:-1] in unknown):
        if fault["type"] == "too_short" and fault["loc"] in deeper:
            continue  # only those items count that have no fault of their own
        steps = _steps(fault, document)
        known = _names(_model_at(steps[:-1], model)) if model is not None else []
        one = FieldProblem(pointer(*steps), _sentence(fault, known), _CODES.get(fault["type"], "invalid_value"))
        found.setdefault((one.pointer, one.detail), one)
        if len(found) >= FAULTS_AT_MOST:
            break
    return list(found.values())


_faults: ContextVar[list[int] | None] = ContextVar("faults", default=None)


@contextmanager
def until_enough_faults() -> Iterator[None]:
    """Count the faults of what is read inside, for `while_faults_are_few`."""
    token = _faults.set([0])
    try:
        yield
    finally:
        _faults.reset(token)


def while_faults_are_few(value: Any, handler: Callable[[Any], Any]) -> Any:
    """A wrap validator for one item of many, which leaves it out where an answer names no more faults anyway."""
    count = _faults.get()
    if count is None:
        return handler(value)
    if count[0] >= FAULTS_AT_MOST:
        raise PydanticOmit
    try:
        return handler(value)
    except ValidationError as error:
        count[0] += error.error_count()
        raise


def _steps(fault: Any, document: object) -> list[Any]:
    """The way to a fault as the document has it: a union's branches are named in it and are no part of a document."""
    if document is None:
        return list(fault["loc"])
    steps: list[Any] = []
    here = document
    last = len(fault["loc"]) - 1
    for place, step in enumerate(fault["loc"]):
        if (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        ):
            here = here[step]
        elif place == last and fault["type"] in ("missing", "extra_forbidden", "union_tag_not_found"):
            here = None
        else:
            continue
        steps.append(step)
    if fault["type"] == "union_tag_invalid":
        steps.append(_unquoted(fault["ctx"]["discriminator"]))
    return steps


_PATTERNS = {
    ID_PATTERN: "invalid id: letters, digits and . _ ~ -, beginning with a letter or digit, 128 characters at most",
    TIME_PATTERN: "must be a time in UTC such as 2026-01-31T12:00:00Z",
    SLUG_PATTERN: "must be a short name of small letters, digits, - and ., such as expert-opinion",
}
_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "literal_error": "unknown_value",
    "too_long": "too_long",
    "string_too_long": "too_long",
    "too_short": "too_short",
    "string_too_short": "too_short",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
}
_PLAIN = {
    "missing": "is required",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "is_instance_of": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "none_required": "must be null",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_unicode": "must be valid Unicode text",
    "recursion_loop": "refers to itself",
}


def _sentence(fault: Any, known: Sequence[str]) -> str:
    kind, context = fault["type"], fault.get("ctx") or {}
    if kind == "extra_forbidden":
        name = str(fault["loc"][-1])
        return f"unknown field {name[:_ECHO]!r}; {did_you_mean(name, known)}"
    if kind == "missing":
        return _PLAIN[kind]
    said = _PLAIN.get(kind) or _bounded(kind, context)
    if said is None:
        said = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
        return said if kind == "value_error" else f"is not valid: {said[:1].lower()}{said[1:]}"
    given = fault["input"]
    if kind.startswith("union_tag") and isinstance(given, dict):  # the fault lies in one of its fields
        name = _unquoted(context["discriminator"])
        return f"{said}, not {_shown(given[name])}" if name in given else f"lacks {name}, which says what it is"
    return f"{said}, not {_shown(given)}"


_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}
_SIZES = {
    "string_too_short": ("at least", "min_length", "character"),
    "string_too_long": ("at most", "max_length", "character"),
    "too_short": ("at least", "min_length", "item"),
    "too_long": ("at most", "max_length", "item"),
}


def _bounded(kind: str, context: Mapping[str, Any]) -> str | None:
    """What a value with a bound, a choice or a form must be."""
    if kind in _BOUNDS:
        side, name = _BOUNDS[kind]
        return f"must be {side} {context[name]}"
    if kind in _SIZES:
        side, name, noun = _SIZES[kind]
        return f"must have {side} {_count(context[name], noun)}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], "has a form that is not taken here")
    if kind in ("literal_error", "enum"):
        return f"must be {_unquoted(context['expected'])}"
    if kind == "union_tag_invalid":
        return f"{_unquoted(context['discriminator'])} must be one of {_unquoted(context['expected_tags'])}"
    if kind == "union_tag_not_found":
        return f"must be an object with {_unquoted(context['discriminator'])}"
    return None


def _unquoted(words: object) -> str:
    return str(words).replace("'", "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _shown(value: object) -> str:
    """A value as JSON has it, cut where it is long."""
    if isinstance(value, str):
        value = value[: _ECHO + 1]
    elif isinstance(value, list | tuple | dict):
        return f"a list of {len(value)}" if not isinstance(value, dict) else "an object"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return "this"
    return text if len(text) <= _ECHO else text[: _ECHO - 3] + "..."


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(steps: Sequence[Any], model: type[BaseModel]) -> type[BaseModel]:
    for step in steps:
        field = model.model_fields.get(str(step))
        inner = next(_models_in(field.annotation), None) if field else None
        model = inner or model
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but line ends and tabs, and those that turn the direction in which all that follows is shown."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
"""Letters and symbols by their category that show nothing: fillers of Hangul and Khmer, the empty Braille cell."""
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Mc", "Me"})
"""Categories of characters that show nothing by themselves."""
_SHOWN_AS = {"\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
             "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI"}  # fmt: skip


def composed(text: str) -> str:
    """The text in Unicode's composed form (NFC), which looks the same and compares equal to others like it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def says_something(text: str) -> bool:
    """Whether there is a character to see: blanks, invisible ones and lone combining marks are none."""
    if text.isascii():
        return bool(text.strip(" \t\r\n"))
    return any(unicodedata.category(c) not in _UNSEEN and c not in _BLANK_LETTERS for c in text)


def fault_of(text: str) -> str | None:
    """What is wrong with a text, as a sentence with a remedy; None where nothing is. The empty text passes here."""
    found = _STEERING.search(text)
    if found is not None:
        at, character = found.start(), found[0]
        code = f"U+{ord(character):04X}"
        if character in _SHOWN_AS:
            named = f"{code} ({_SHOWN_AS[character]})"
            return f"has the character {named} at {at}, which turns the direction of the text; take it out"
        return f"has the control character {code} at {at}; only line ends and tabs are allowed"
    if text and not says_something(text):
        return "holds nothing but blanks or invisible characters; write something, or leave it out"
    return None


def kept(value: Any, faults: list[FieldProblem], recomposed: list[str], at: str = "") -> Any:
    """A JSON value with every text in it composed (NFC).

    `faults` gains each text that may not be kept, `recomposed` a pointer to each that was written otherwise.
    """
    if isinstance(value, str):
        return _text(value, faults, recomposed, at)
    if isinstance(value, Mapping):
        return {name: kept(held, faults, recomposed, at + pointer(name)) for name, held in value.items()}
    if isinstance(value, Sequence):
        return [kept(held, faults, recomposed, at + pointer(i)) for i, held in enumerate(value)]
    return value


def _text(text: str, faults: list[FieldProblem], recomposed: list[str], at: str) -> str:
    fault = fault_of(text)
    if fault is not None:
        faults.append(FieldProblem(at, fault))
        return text
    whole = composed(text)
    if whole != text:
        recomposed.append(at)
    return whole
