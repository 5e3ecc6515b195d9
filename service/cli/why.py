"""`argumap why`: why a node stands as it does, and what would flip it."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli.api import path
from service.cli.examples import examples
from service.cli.nodes import Nodes
from service.cli.output import line, raw, working
from service.cli.question import Question, reading
from service.cli.verdicts import CUT, strength, verdict

_EXAMPLES = examples(
    "argumap why t-main",
    "argumap why defence-pact --source s-kh",
    "argumap why t-opp --basis explicit --json",
)
_Node = Annotated[str, typer.Argument(metavar="ID", help="A motive, statement or argument.")]


def register_why(app: typer.Typer) -> None:
    """Add the command."""
    app.command("why", epilog=_EXAMPLES)(reading(show_why))


def show_why(asked: Question, node: _Node) -> None:
    """Why a node has its verdict, and the smallest change that would flip it.

    The deciding steps are the fewest that give the verdict whatever becomes of all others. The change is a
    smallest set of nodes to take out; with a premise its arguments go.
    """
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Looking for what decides"):
            reply = api.get(f"{base}{path('nodes', node)}/why", asked.view)
        if asked.as_json:
            raw(reply)
            return
        answer = reply.value
        ids = {node, *answer["deciding"], *(answer["flip"] or {"remove": ()})["remove"]}
        nodes = Nodes.of(api, base, asked, ids)
        _print(Nodes.of(api, base, asked, {*ids, *nodes.ends()}), answer)


def _print(nodes: Nodes, answer: Mapping[str, Any]) -> None:
    line(f"{nodes.named(answer['id'])}: {verdict(answer)}, strength {strength(answer['strength'])}.")
    if answer["deciding"]:
        line("It is decided by:" if answer["verdict"] != "undecided" else "It hangs in a circle of:")
        for argument in answer["deciding"]:
            line(f"  {nodes.told(argument)}")
    elif answer["complete"]:
        line("No argument is needed for that.")
    flip = answer["flip"]
    if flip is not None:
        line(f"It would be {flip['to']} without:")
        for node in flip["remove"]:
            line(f"  {nodes.told(node)}")
    elif answer["complete"]:
        line("Nothing that could be taken out would change it.")
    if not answer["complete"]:
        line(CUT["budget"])
