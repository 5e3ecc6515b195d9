"""The maps that ship with the package, as documents: a map's own fields and its nodes by kind."""

from collections.abc import Sequence
from importlib import resources
from typing import Any

import msgspec

DEFAULT = "food-finance-firepower"
"""What two articles say about North Korea in Russia's war."""

Document = dict[str, Any]
"""`id`, `edition`, `title`, `question` and `description` of a map, and under the plural of each kind its nodes."""


def names() -> tuple[str, ...]:
    """The ids of the maps that ship with the package, sorted."""
    files = (resources.files("seed") / "data").iterdir()
    return tuple(sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json")))


def load_document(name: str = DEFAULT) -> Document:
    """Read the newest edition of one of them; raises `LookupError` with the names there are."""
    if name not in names():
        raise LookupError(f"there is no seed {name!r}; there is {', '.join(names())}")
    return _read(f"{name}.json")


def editions(name: str = DEFAULT) -> Sequence[Document]:
    """All editions of one of them, the first one first; raises `LookupError` with the names there are."""
    newest = load_document(name)
    return [*(_read("earlier", f"{name}.{number}.json") for number in range(1, newest["edition"])), newest]


def _read(*path: str) -> Document:
    data = (resources.files("seed") / "data").joinpath(*path).read_bytes()
    return msgspec.json.decode(data, type=Document)
