"""`argumap cruxes`: what a conclusion rests on."""

from collections.abc import Iterator, Mapping
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
    """The smallest sets that a verdict rests on, what changes it alone, and the contested pairs it turns on."""
    single = {"target": target, "over": over, "limit": limit}
    parameters = [(name, str(value)) for name, value in single.items() if value is not None]
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Looking for what it rests on"):
            reply = api.get(f"{base}/cruxes", [*parameters, *asked.view])
        answer = reply.value
        if asked.as_json:
            raw(reply)
        elif _says_something(answer):
            _print(Nodes.of(api, base, asked, {target, *_named(answer)}, EVERY), answer)
    if not _says_something(answer):
        ran_out = () if answer["complete"] else (CUT["budget"],)
        raise CliError(
            ExitCode.NO, f"{target} rests on none of the {answer['over']} that could be taken out here", *ran_out
        )


def _says_something(answer: Mapping[str, Any]) -> bool:
    return bool(answer["cuts"] or answer["single"] or answer["contested"] or answer["rejected_by"])


def _named(answer: Mapping[str, Any]) -> Iterator[str]:
    for cut in answer["cuts"]:
        yield from cut["members"]
    yield from (one["id"] for one in answer["single"])
    for one in answer["contested"]:
        yield from one["pair"]
    yield from answer["rejected_by"]


def _print(nodes: Nodes, answer: Mapping[str, Any]) -> None:
    line(f"{nodes.named(answer['target'])}: {answer['verdict']}.")
    if answer["rejected_by"]:
        line("It is rejected by:")
        for node in answer["rejected_by"]:
            line(f"  {nodes.named(node)}")
    loses = "It is no longer rejected" if answer["verdict"] == "rejected" else "It loses its ground"
    for cut in answer["cuts"]:
        size = len(cut["members"])
        line(f"{loses} without:" if size == 1 else f"{loses} without these {size} together:")
        for item in cut["members"]:
            line(f"  {nodes.named(item)}")
    for one in answer["single"]:
        after = "it falls out of the view itself" if one["after"] is None else f"it is {one['after']}"
        line(f"Without {nodes.named(one['id'])} alone {after}.")
    for one in answer["contested"]:
        settles = answer["target"] in (*one["settles"], *one["pair"])
        first, second = (nodes.named(node) for node in one["pair"])
        line(f"Contested: {first} against {second}; this {'settles it' if settles else 'alone does not settle it'}.")
    if not answer["single"] and answer["complete"]:
        line(f"None of the {answer['over']} changes the verdict alone.")
    if answer["reason"] in CUT:
        line(CUT[answer["reason"]])
