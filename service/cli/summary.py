"""`argumap summary`: a map or one of its nodes in sentences."""

from typing import Annotated

import typer

from service.cli.api import Api, path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import print_markdown, raw, working
from service.cli.question import Question, reading

_PLURALS = {"actor": "actors", "motive": "motives", "source": "sources", "statement": "statements"}
_EXAMPLES = examples(
    "argumap summary",
    "argumap summary food --detail normal",
    "argumap summary wi-sung-lac --source s-kh",
    "argumap summary p-12 --json",
)


_Detail = Annotated[
    str,
    typer.Option(
        "--detail",
        metavar="brief|normal|full",
        help="`brief`: at most 200 words of a map, 80 of a node; `normal`: at length; `full`: no list ends early.",
    ),
]
_Html = Annotated[bool, typer.Option("--html", help="As a web page of its own, to save or print.")]
_Subject = Annotated[
    str | None, typer.Argument(metavar="ID", help="A motive, actor, source or statement; left out, the map.")
]


def register_summary(app: typer.Typer) -> None:
    """Add the command."""
    app.command("summary", epilog=_EXAMPLES)(reading(summary))


def summary(
    asked: Question,
    subject: _Subject = None,
    detail: _Detail = "brief",
    html: _Html = False,
) -> None:
    """A map or one of its nodes in sentences: the brief, or with `--detail normal` at length.

    The answer first, both sides of what is contested with who speaks for them, on how many witnesses it rests,
    and what would change it. Behind every clause stand the nodes and sources that it rests on.
    """
    with asked.target.api() as api:
        address = f"{_subject(api, asked.base(api), subject)}/summary"
        form = [] if asked.as_json else [("format", "html" if html else "markdown")]
        with working("Writing the summary"):
            reply = api.get(address, [("detail", detail), *form, *asked.view])
    if asked.as_json:
        raw(reply)
    elif html:
        print(reply.body.decode(), end="")
    else:
        print_markdown(reply.body.decode())


def _subject(api: Api, base: str, subject: str | None) -> str:
    if subject is None:
        return base
    kind = api.get(f"{base}{path('nodes', subject)}").value["kind"]
    if kind not in _PLURALS:
        raise CliError(
            ExitCode.MISUSE, f"{subject!r} is of kind {kind}; a summary is of {', '.join(_PLURALS)} or the map"
        )
    return f"{base}{path(_PLURALS[kind], subject)}"
