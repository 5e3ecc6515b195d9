"""`argumap purge`: nodes and texts taken out of a map and all its history, for good."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from service.cli import options
from service.cli.api import path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, raw, working
from service.cli.target import Target

_STOPPED = "stopped; where the purge had not ended yet nothing was taken out, so give the command again"
_EXAMPLES = examples(
    "argumap purge winter-supply s-witness x-witness --dry-run",
    "argumap purge winter-supply --text-file name.txt --yes",
    "printf %s 'Ida Holm' | argumap purge winter-supply --text-file - --yes",
)


def register_purge(app: typer.Typer) -> None:
    """Add the command."""
    app.command("purge", epilog=_EXAMPLES)(purge)


def purge(
    map_id: Annotated[str, typer.Argument(metavar="MAP", help="The map.")],
    nodes: Annotated[list[str] | None, typer.Argument(metavar="NODE", help="Nodes to leave ids and a mark of.")] = None,
    text_file: Annotated[
        list[Path] | None,
        typer.Option("--text-file", metavar="FILE", help="A file with a text to take out everywhere; - is the input."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: options.Store = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Take nodes and texts out of a map, its history, kept answers, remarks, texts of sources and search, for good.

    Ids and a mark are left, in every revision. One that is interrupted takes nothing out and is to be repeated. A text
    is read from a file, so that it stands in no list of processes and in no history of a shell. Deleted maps and
    backups made before hold what they held.
    """
    texts = [_text_in(one) for one in text_file or ()]
    if not nodes and not texts:
        raise CliError(ExitCode.MISUSE, "name nodes, or give a --text-file")
    with Target(store, url).api() as api:
        if not yes and not dry_run:
            told = [*(nodes or ()), *(["a text"] * len(texts))]
            typer.confirm(f"Take {', '.join(told)} out of {map_id} and all its history, for good?", abort=True)
        with working("Taking it out"):
            named = {"nodes": list(nodes or ()), "texts": texts}
            more = [("dry_run", "true")] if dry_run else []
            try:
                reply = api.post(f"{path('v1', 'maps', map_id)}/purge", named, more)
            except KeyboardInterrupt:
                raise CliError(ExitCode.NO, _STOPPED) from None
    if as_json:
        raw(reply)
        return
    found = reply.value
    places = ", ".join(f"{found[name]} {name}" for name in ("changes", "nodes", "receipts", "remarks", "texts"))
    if dry_run:
        line(f"Would take it out of {places}; nothing was changed.")
        return
    line(f"Took it out of {places}; the map {map_id} is at revision {found['revision']}.")


def _text_in(file: Path) -> str:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(ExitCode.MISUSE, f"{file} cannot be read as a text: {error}") from error
    if not text.strip():
        raise CliError(ExitCode.MISUSE, f"{file} holds no text")
    return text.strip("\r\n")
