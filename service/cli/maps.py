"""`argumap maps`: which maps there are; make one, change what it says of itself, delete one, bring one back."""

import json
from typing import Annotated, Any

import typer

from service.cli import options
from service.cli.api import path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, raw, table
from service.cli.target import Target

_EXAMPLES = examples(
    "argumap maps",
    'argumap maps create winter-supply --title "Winter supply" --question "Who needs what?"',
    'argumap maps edit winter-supply --weights \'{"confidence": {"low": 0.1}}\'',
    "argumap maps delete winter-supply",
)
_app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)


def register_maps(app: typer.Typer) -> None:
    """Add the command with its own commands."""
    app.add_typer(_app, name="maps", help="List the maps; make, change, delete or bring back one.", epilog=_EXAMPLES)


@_app.callback()
def _list(
    context: typer.Context, store: options.Store = None, url: options.Url = None, as_json: options.Json = False
) -> None:
    context.obj = Target(store, url)
    if context.invoked_subcommand is not None:
        return
    with context.obj.api() as api:
        reply = api.get("/v1/maps", [("limit", "1000")])
    if as_json:
        raw(reply)
        return
    maps = reply.value["items"]
    if maps:
        table(("ID", "REVISION", "STATEMENTS", "ARGUMENTS", "TITLE"), [_row(one) for one in maps])
    else:
        line("There is no map yet; `argumap seed` loads the example.")


@_app.command("create", epilog=examples('argumap maps create winter-supply --title "Winter supply"'))
def create(
    context: typer.Context,
    map_id: Annotated[str, typer.Argument(metavar="ID", help="The new map's id.")],
    title: Annotated[str, typer.Option("--title", help="What people call it.")],
    question: Annotated[str, typer.Option("--question", help="The question that it answers.")] = "",
    description: Annotated[str, typer.Option("--description", help="What it is about.")] = "",
    store: options.Store = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Make an empty map."""
    fields = {"id": map_id, "title": title, "question": question, "description": description}
    with _target_of(context, store, url).api(making=True) as api:
        reply = api.post("/v1/maps", fields)
    if as_json:
        raw(reply)
    else:
        line(f"Made the map {map_id}.")


@_app.command(
    "edit",
    epilog=examples(
        'argumap maps edit winter-supply --title "Winter supply"',
        'argumap maps edit winter-supply --weights \'{"confidence": {"low": 0.1}}\'',
        "argumap maps edit winter-supply --weights null",
    ),
)
def edit(
    context: typer.Context,
    map_id: Annotated[str, typer.Argument(metavar="ID", help="The map to change.")],
    title: Annotated[str | None, typer.Option("--title", help="What people call it.")] = None,
    question: Annotated[str | None, typer.Option("--question", help="The question that it answers.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What it is about.")] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights", metavar="JSON", help="What grades count for here, as far as that differs; null: as everywhere."
        ),
    ] = None,
    store: options.Store = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Change what a map says of itself, and what its grades count for."""
    given: dict[str, Any] = {"title": title, "question": question, "description": description}
    fields = {name: value for name, value in given.items() if value is not None}
    if weights is not None:
        fields["weights"] = _table_of(weights)
    if not fields:
        raise CliError(ExitCode.MISUSE, "say what to change: --title, --question, --description or --weights")
    with _target_of(context, store, url).api() as api:
        reply = api.patch(path("v1", "maps", map_id), fields)
    if as_json:
        raw(reply)
    else:
        line(f"Changed the map {map_id}: it is at revision {reply.value['revision']}.")


def _table_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise CliError(ExitCode.MISUSE, f"--weights takes JSON: {error}") from error


@_app.command("delete", epilog=examples("argumap maps delete winter-supply --yes"))
def delete(
    context: typer.Context,
    map_id: Annotated[str, typer.Argument(metavar="ID", help="The map to delete.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: options.Store = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Delete a map with all its nodes and its history; it asks first. `argumap maps restore` brings it back."""
    with _target_of(context, store, url).api() as api:
        found = api.get(path("v1", "maps", map_id)).value
        if not yes:
            typer.confirm(f"Delete “{found['title']}” ({map_id}, revision {found['revision']})?", abort=True)
        reply = api.delete(path("v1", "maps", map_id))
    if as_json:
        raw(reply)
    else:
        line(f"Deleted the map {map_id}.")


@_app.command("restore", epilog=examples("argumap maps restore", "argumap maps restore winter-supply"))
def restore(
    context: typer.Context,
    map_id: Annotated[str | None, typer.Argument(metavar="ID", help="The map; left out, those are listed.")] = None,
    store: options.Store = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Bring back a deleted map as it was, with its history; or list those that can be brought back."""
    with _target_of(context, store, url).api() as api:
        if map_id is None:
            reply = api.get("/v1/maps", [("deleted", "true"), ("limit", "1000")])
        else:
            reply = api.ask("POST", f"{path('v1', 'maps', map_id)}/restore")
    if as_json:
        raw(reply)
    elif map_id is not None:
        line(f"Brought back the map {map_id}, at revision {reply.value['revision']}.")
    elif maps := reply.value["items"]:
        rows = [(i["id"], i["deleted_at"][:10], i["deleted_by"], i["kept_until"][:10], i["title"]) for i in maps]
        table(("ID", "DELETED", "BY", "KEPT UNTIL", "TITLE"), rows)
    else:
        line("No deleted map can be brought back.")


def _target_of(context: typer.Context, store: str | None, url: str | None) -> Target:
    """Where to ask: the options behind the inner command go before those of the outer one."""
    outer: Target = context.obj
    return Target(store, url) if store or url else outer


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    counts = one["counts"]
    return one["id"], str(one["revision"]), str(counts["statements"]), str(counts["arguments"]), one["title"]
