"""`argumap export`: a map as a file."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import raw, working
from service.cli.question import Question, reading

_EXAMPLES = examples("argumap export > map.json", "argumap export --map winter-supply --output winter-supply.json")


def register_export(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", epilog=_EXAMPLES)(reading(export))


def export(
    asked: Question,
    form: Annotated[str, typer.Option("--format", metavar="NAME", help="The format; json loses nothing.")] = "json",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it here; left out, to standard output.")
    ] = None,
) -> None:
    """Write a map in a form that others read."""
    with asked.target.api() as api, working("Exporting the map"):
        reply = api.get(f"{asked.base(api)}/export", [("format", form), *asked.view])
    if output is None:
        raw(reply)
        return
    try:
        output.write_bytes(reply.body)
    except OSError as error:
        raise CliError(ExitCode.MISUSE, f"{output} cannot be written: {error.strerror}") from error
