"""`argumap backup`: the whole store as a file, taken while others go on writing."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli import options
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, working
from service.cli.target import Target, file_of

_EXAMPLES = examples("argumap backup maps-of-today.sqlite", "argumap serve --store sqlite:maps-of-today.sqlite")


def register_backup(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup", epilog=_EXAMPLES)(backup)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; one that is there is never overwritten.")],
    store: options.Store = None,
) -> None:
    """Copy all maps of an SQLite store with their history into a new file.

    A service on the store, and other commands, may go on reading and writing meanwhile: the copy is the store at one
    moment. It is itself a store. `argumap copy` does the same of Neo4j.
    """
    from graph.stores.sqlite import SqliteStore  # noqa: PLC0415 - the help must come fast

    target = Target(store)
    settings = target.settings()
    if file_of(settings.store_url) is None:
        raise CliError(
            ExitCode.MISUSE,
            f"{settings.store_shown} is no SQLite file; `argumap copy` copies the maps of any store to another, and "
            "`argumap export` writes one map",
        )
    with target.embedded() as opened, working("Copying the store"):
        kept = opened.workspace.store
        assert isinstance(kept, SqliteStore)
        opened.run(kept.backup(str(file)))
    line(f"Copied the maps in {settings.store_shown} to {file}.")
