"""What every read has in common: where it asks, which map, and what of it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec

from seed.articles import DEFAULT
from service.cli import options
from service.cli.api import Api, path
from service.cli.errors import CliError, ExitCode
from service.cli.target import Target

P = ParamSpec("P")
_NAMED_AT_MOST = 20


@dataclass(frozen=True)
class Question:
    """The common part of a read."""

    target: Target
    map: str | None = None
    as_json: bool = False
    view: list[tuple[str, str]] = field(default_factory=list)
    """The parameters of the view, as the API takes them."""

    def base(self, api: Api) -> str:
        """The path of the map that is asked about; raises `CliError` where it cannot be told which."""
        return path("v1", "maps", self.map or the_map(api))


def the_map(api: Api) -> str:
    """The only map, or else the example."""
    maps = [item["id"] for item in api.get("/v1/maps", [("limit", "1000")]).value["items"]]
    if len(maps) == 1 or DEFAULT in maps:
        return str(maps[0] if len(maps) == 1 else DEFAULT)
    if not maps:
        raise CliError(ExitCode.NO, "there is no map yet; `argumap seed` loads the example")
    more = f" and {len(maps) - _NAMED_AT_MOST} more" if len(maps) > _NAMED_AT_MOST else ""
    raise CliError(ExitCode.MISUSE, f"say which map with --map: {', '.join(maps[:_NAMED_AT_MOST])}{more}")


def _question_of(
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
    as_of: options.AsOf = None,
    draft: options.Draft = None,
    sources: options.Sources = None,
    actors: options.Actors = None,
    motives: options.Motives = None,
    basis: options.Basis = None,
    min_confidence: options.Confidence = None,
    without: options.Without = None,
) -> Question:
    """The question that these options make."""
    single = [("as_of", as_of), ("draft", draft), ("basis", basis), ("min_confidence", min_confidence)]
    view = [(name, value) for name, value in single if value is not None]
    many = [("sources", sources), ("actors", actors), ("motives", motives), ("without", without)]
    view += [(name, value) for name, values in many for value in values or ()]
    return Question(Target(store, url), map, as_json, view)


def reading(command: Callable[Concatenate[Question, P], None]) -> Callable[..., None]:
    """Give a command the options that every read has; it gets them as a `Question`."""
    common = inspect.signature(_question_of).parameters
    own = list(inspect.signature(command).parameters.values())[1:]
    shared = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in common.values()]

    def run(*args: Any, **given: Any) -> None:
        asked = _question_of(**{name: given.pop(name) for name in list(given) if name in common})
        command(asked, *args, **given)

    run.__name__ = command.__name__
    run.__doc__ = command.__doc__
    run.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in (*own, *shared)}
    return run
