"""`argumap influence`: what moves the strength of a node most."""

from typing import Annotated

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import Nodes
from service.cli.output import line, raw, table, working
from service.cli.question import Question, reading
from service.cli.verdicts import CUT, strength

_EXAMPLES = examples(
    "argumap influence t-main --limit 10",
    "argumap influence food --method gradient --semantics df-quad",
    "argumap influence t-opp --source s-kh --json",
)
_SHOWN = 20
_Target = Annotated[str, typer.Argument(metavar="TARGET", help="Whose strength: a motive, statement or argument.")]
_Method = Annotated[
    str | None,
    typer.Option(
        "--method",
        metavar="removal|gradient",
        help="What is lost without the node (removal), or the slope by its weight.",
    ),
]
_Semantics = Annotated[
    str | None,
    typer.Option("--semantics", metavar="NAME", help="quadratic-energy (default), df-quad, euler or mlp."),
]
_Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help=f"So many nodes at most ({_SHOWN}).")]


def register_influence(app: typer.Typer) -> None:
    """Add the command."""
    app.command("influence", epilog=_EXAMPLES)(reading(show_influence))


def show_influence(
    asked: Question, target: _Target, method: _Method = None, semantics: _Semantics = None, limit: _Limit = None
) -> None:
    """How much each node moves the strength of another, largest effect first."""
    if limit is None and not asked.as_json:
        limit = _SHOWN
    single = {"target": target, "method": method, "semantics": semantics, "limit": limit}
    parameters = [(name, str(value)) for name, value in single.items() if value is not None]
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Taking things out, one by one"):
            reply = api.get(f"{base}/influence", [*parameters, *asked.view])
        answer, items = reply.value, reply.value["items"]
        if asked.as_json:
            raw(reply)
        elif items:
            nodes = Nodes.of(api, base, asked, [target, *(item["id"] for item in items)])
            line(f"{nodes.named(target)}: strength {strength(answer['strength'])} ({answer['semantics']}).")
            table(("EFFECT", "NODE"), [(f"{item['value']:+.6f}", nodes.named(item["id"])) for item in items])
            if answer["reason"] in CUT:
                line(CUT[answer["reason"]])
    if not items:
        ran_out = () if answer["complete"] else (CUT["budget"],)
        raise CliError(ExitCode.NO, f"nothing that bears on {target} was found in this view", *ran_out)
