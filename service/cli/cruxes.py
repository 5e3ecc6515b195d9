"""`argumap cruxes`: what a conclusion rests on."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import EVERY, Nodes
from service.cli.output import line, raw, working
from service.cli.question import Question, reading
from service.cli.verdicts import CUT

_EXAMPLES = examples(
    "argumap cruxes defence-pact",
    "argumap cruxes defence-pact --over actors --source s-eu",
    "argumap cruxes t-main --over sources --json",
)
_Target = Annotated[str, typer.Argument(metavar="TARGET", help="A motive, statement or argument.")]
_Over = Annotated[
    str | None, typer.Option("--over", metavar="statements|actors|sources", help="What is taken out (statements).")
]
_Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="So many of each at most (100).")]


def register_cruxes(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cruxes", epilog=_EXAMPLES)(reading(show_cruxes))


def show_cruxes(asked: Question, target: _Target, over: _Over = None, limit: _Limit = None) -> None:
    """The smallest sets without which a conclusion loses its ground, and what flips its verdict alone."""
    single = {"target": target, "over": over, "limit": limit}
    parameters = [(name, str(value)) for name, value in single.items() if value is not None]
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Looking for what it rests on"):
            reply = api.get(f"{base}/cruxes", [*parameters, *asked.view])
        answer = reply.value
        if asked.as_json:
            raw(reply)
        elif answer["cuts"] or answer["single"]:
            ids = {i for cut in answer["cuts"] for i in cut["members"]} | {one["id"] for one in answer["single"]}
            _print(Nodes.of(api, base, asked, {target, *ids}, EVERY), answer)
    if not answer["cuts"] and not answer["single"]:
        ran_out = () if answer["complete"] else (CUT["budget"],)
        raise CliError(
            ExitCode.NO, f"{target} rests on none of the {answer['over']} that could be taken out here", *ran_out
        )


def _print(nodes: Nodes, answer: Mapping[str, Any]) -> None:
    line(f"{nodes.named(answer['target'])}: {answer['verdict']}.")
    for cut in answer["cuts"]:
        size = len(cut["members"])
        line("It loses its ground without:" if size == 1 else f"It loses its ground without these {size} together:")
        for item in cut["members"]:
            line(f"  {nodes.named(item)}")
    for one in answer["single"]:
        after = "it falls out of the view itself" if one["after"] is None else f"it is {one['after']}"
        line(f"Without {nodes.named(one['id'])} alone {after}.")
    if not answer["single"] and answer["complete"]:
        line(f"None of the {answer['over']} changes the verdict alone.")
    if answer["reason"] in CUT:
        line(CUT[answer["reason"]])
