"""`argumap acceptance`: whether a node stands in some or in every labelling."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.evaluation import Reading
from service.cli.examples import examples
from service.cli.output import line, raw, working
from service.cli.question import Question, reading
from service.cli.verdicts import CUT

_EXAMPLES = examples(
    "argumap acceptance t-main",
    "argumap acceptance t-opp --semantics stable --mode credulous",
    "argumap acceptance food --source s-kh --json",
)
_Node = Annotated[str, typer.Argument(metavar="ID", help="A motive, statement or argument.")]
_Semantics = Annotated[
    str | None,
    typer.Option(
        "--semantics", metavar="NAME", help="grounded, complete, preferred (default), stable, semi-stable or ideal."
    ),
]
_Mode = Annotated[
    str | None,
    typer.Option("--mode", metavar="credulous|sceptical", help="In some labelling, or in every one (sceptical)."),
]


def register_acceptance(app: typer.Typer) -> None:
    """Add the command."""
    app.command("acceptance", epilog=_EXAMPLES)(reading(show_acceptance))


def show_acceptance(
    asked: Question, node: _Node, semantics: _Semantics = None, mode: _Mode = None, support: Reading = None
) -> None:
    """Whether a node is accepted in some or in every labelling."""
    single = {"id": node, "semantics": semantics, "mode": mode, "reading": support}
    parameters = [(name, value) for name, value in single.items() if value is not None]
    with asked.target.api() as api, working("Looking for labellings"):
        reply = api.get(f"{asked.base(api)}/evaluation/acceptance", [*parameters, *asked.view])
    answer = reply.value
    where = "in every" if answer["mode"] == "sceptical" else "in some"
    if asked.as_json:
        raw(reply)
    elif answer["accepted"] is not None:
        line(f"{node} is {_said(answer)} {answer['semantics']} labelling.")
        if answer["reason"] == "no_extension":
            line("There is no such labelling at all.")
    if answer["accepted"] is None:
        raise CliError(ExitCode.NO, f"whether {node} is accepted {where} labelling was not found out", CUT["budget"])


def _said(answer: Mapping[str, Any]) -> str:
    if answer["mode"] == "credulous":
        return "accepted in some" if answer["accepted"] else "accepted in no"
    return "accepted in every" if answer["accepted"] else "not accepted in every"
