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
    "argumap summary food",
    "argumap summary wi-sung-lac --source s-kh",
    "argumap summary p-12 --json",
)


_Subject = Annotated[
    str | None, typer.Argument(metavar="ID", help="A motive, actor, source or statement; left out, the map.")
]


def register_summary(app: typer.Typer) -> None:
    """Add the command."""
    app.command("summary", epilog=_EXAMPLES)(reading(summary))


def summary(
    asked: Question,
    subject: _Subject = None,
) -> None:
    """A map or one of its nodes in sentences.

    For and against, who says what through whom, what that rests on, and what is missing. Behind every
    sentence stand the ids of the nodes and sources that it rests on.
    """
    with asked.target.api() as api:
        address = f"{_subject(api, asked.base(api), subject)}/summary"
        form = [] if asked.as_json else [("format", "markdown")]
        with working("Writing the summary"):
            reply = api.get(address, [*form, *asked.view])
    if asked.as_json:
        raw(reply)
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
