"""`argumap search`: nodes by the words of their texts."""

from typing import Annotated

import typer

from service.cli import options
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, raw, table
from service.cli.target import Target

_EXAMPLES = examples(
    'argumap search "North Korea"',
    "argumap search 700000 --kind statement --kind assertion",
    "argumap search tag:economy --map food-finance-firepower --json",
)
_FEW = {
    "limit": "A higher --limit shows them.",
    "budget": "More may match than one search compares; more words find fewer.",
}
_Words = Annotated[
    list[str], typer.Argument(metavar="WORDS", help="Each must stand in a text or begin one of its words.")
]
_Maps = Annotated[list[str] | None, typer.Option("--map", "-m", metavar="ID", help="Only in this map. Repeatable.")]
_Kinds = Annotated[
    list[str] | None, typer.Option("--kind", metavar="KIND", help="Only nodes of this kind. Repeatable.")
]
_Limit = Annotated[int, typer.Option("--limit", metavar="N", help="So many nodes at most.")]


def register_search(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search", epilog=_EXAMPLES)(show_search)


def show_search(
    words: _Words,
    maps: _Maps = None,
    kinds: _Kinds = None,
    limit: _Limit = 20,
    store: options.Store = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Find nodes by what they are called and say, in all maps.

    What is called so comes first, then what has the id or begins so, then texts, quotes and notes.
    """
    asked = [("q", " ".join(words)), ("limit", str(limit))]
    asked += [("maps", map_id) for map_id in maps or ()] + [("kinds", kind) for kind in kinds or ()]
    with Target(store, url).api() as api:
        reply = api.get("/v1/search", asked)
    answer = reply.value
    if as_json:
        raw(reply)
    elif answer["items"]:
        rows = [(i["map"], i["id"], i["kind"], i["field"], i["snippet"]) for i in answer["items"]]
        table(("map", "id", "kind", "found in", "text"), rows)
        shown = f"{len(rows)} of {answer['total']}" if len(rows) < answer["total"] else str(len(rows))
        line()
        line(f"{shown} found. {_FEW.get(answer['reason'], '')}".rstrip())
    if not answer["items"]:
        raise CliError(ExitCode.NO, f"nothing has {' '.join(words)!r}")
