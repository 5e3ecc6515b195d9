"""`argumap migrate`: a store brought to the newest schema, by whoever may change one."""

from dataclasses import replace

import typer

from service.cli import options
from service.cli.api import Embedded
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, working
from service.cli.target import Target, file_of

_EXAMPLES = examples(
    "argumap migrate", "ARGUMAP_NEO4J_USER=admin argumap migrate --store neo4j://localhost:7687",
)  # fmt: skip


def register_migrate(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate", epilog=_EXAMPLES)(migrate)


def migrate(store: options.Store = None) -> None:
    """Bring a store to the newest schema: constraints, indexes and the form of what it holds.

    Services do it themselves when they start, unless ARGUMAP_MIGRATE=0: then they need no rights on the schema, and
    refuse an older store until this has run. It may be stopped at any time and run again.
    """
    target = Target(store)
    settings = target.settings()
    file = file_of(settings.store_url)
    if file is not None and not file.exists():
        raise CliError(ExitCode.AWAY, f"there is no store at {file}")
    with Embedded(replace(settings, seed=False, migrate=True)) as opened, working("Bringing the store up to date"):
        info = opened.run(opened.workspace.store.check())
    line(f"The maps in {settings.store_shown} have schema {info.schema}, the newest.")
