"""What a command line says of a node's fields: NAME=VALUE, in JSON or in plain text."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin

from service.cli.errors import CliError, ExitCode


def read_json(file: str) -> Any:
    """The JSON of a file, or of the input for `-`; raises `CliError`."""
    try:
        return json.loads(sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CliError(ExitCode.MISUSE, f"{file} cannot be read as JSON: {error}") from error


def value_of(text: str) -> Any:
    """A value in JSON, or the text itself where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


class KindShape(NamedTuple):
    """What a kind's fields hold, as far as the way in which they are written depends on it."""

    lists: frozenset[str]
    """Fields that hold several values, so that each of several words adds one."""
    texts: frozenset[str]
    """Fields of text, which stays one where it looks like a number."""


def shape_of_kind(kind: str) -> KindShape:
    """The shape of the fields of a kind."""
    from schemas.node import MODELS  # noqa: PLC0415 - the help must come fast

    fields = MODELS[kind].model_fields.items()  # type: ignore[index]
    lists = frozenset(name for name, field in fields if get_origin(field.annotation) is tuple)
    texts = frozenset(name for name, field in fields if str in _parts(field.annotation) and name not in lists)
    return KindShape(lists, texts)


def _parts(annotation: Any) -> set[Any]:
    """The types that an annotation is made of, but for those of the values of an object."""
    if get_origin(annotation) is dict:
        return set()
    found = {annotation}
    for part in get_args(annotation):
        found |= _parts(part) if not isinstance(part, str) else set()
    return found


def fields_of(words: Iterable[str], shape: KindShape) -> dict[str, Any]:
    """The fields that words such as `text=Bread is short`, `premises=p-1` or `locator.paragraph=3` set.

    A field that holds several may be said several times, and a name with dots leads into an object. Raises `CliError`.
    """
    found: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name:
            raise CliError(ExitCode.MISUSE, f"{word!r} sets nothing; it looks like text=Bread is short, or tags=food")
        *outer, last = name.split(".")
        place = found
        for step in outer:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise CliError(ExitCode.MISUSE, f"{name}: {step} is set to a value already")
        value = value_of(text)
        if name in shape.lists:
            place[last] = [*place.get(last, []), *(value if isinstance(value, list) else [_item(text)])]
        elif last in place:
            raise CliError(ExitCode.MISUSE, f"{name} is said twice and has one value")
        else:
            place[last] = text if name in shape.texts and not isinstance(value, str) else value
    return found


def _item(text: str) -> Any:
    """An item of a list: an object in JSON, or a text."""
    value = value_of(text)
    return value if isinstance(value, dict | str) else text
