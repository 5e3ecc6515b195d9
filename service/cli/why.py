"""`argumap why`: why a node stands as it does, and what would overturn it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from service.cli.api import path
from service.cli.examples import examples
from service.cli.nodes import Nodes
from service.cli.output import line, raw, working
from service.cli.question import Question, reading
from service.cli.verdicts import CUT, strength, verdict, weight

_EXAMPLES = examples(
    "argumap why t-main",
    "argumap why defence-pact --source s-kh",
    "argumap why t-opp --basis explicit --json",
)
_MOST = 8
_Node = Annotated[str, typer.Argument(metavar="ID", help="A motive, statement or argument.")]


def register_why(app: typer.Typer) -> None:
    """Add the command."""
    app.command("why", epilog=_EXAMPLES)(reading(show_why))


def show_why(asked: Question, node: _Node) -> None:
    """Why a node stands as it does: what speaks for it and against it, what decides, and what would overturn it.

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
        sides = (one["id"] for side in ("for", "against") for one in answer[side][:_MOST])
        ids = {node, *sides, *answer["deciding"], *(answer["flip"] or {"remove": ()})["remove"]}
        nodes = Nodes.of(api, base, asked, ids)
        _print(Nodes.of(api, base, asked, {*ids, *nodes.ends()}), answer)


def _print(nodes: Nodes, answer: Mapping[str, Any]) -> None:
    held = answer["weight"]
    weighs = "" if held["value"] is None else f", weight {weight(held['value'])}"
    line(f"{nodes.named(answer['id'])}: {verdict(answer)}, strength {strength(answer['strength'])}{weighs}.")
    for part in held["from"]:
        line(f"  {part['text']}")
    for side in ("for", "against"):
        _print_side(nodes, answer["id"], side, answer[side])
    if answer["deciding"]:
        line("It is decided by:" if answer["verdict"] != "undecided" else "It hangs in a cycle that nothing decides:")
        for argument in answer["deciding"]:
            line(f"  {nodes.told(argument)}")
    elif answer["complete"]:
        line("No argument is needed for that.")
    _print_flip(nodes, answer)
    if not answer["complete"]:
        line(CUT["budget"])


def _print_side(nodes: Nodes, node_id: str, side: str, contenders: Sequence[Mapping[str, Any]]) -> None:
    """What speaks for a node or against it, the heaviest first."""
    if contenders:
        line(f"{side.capitalize()}:")
    for one in contenders[:_MOST]:
        told = "its own claim" if one["id"] == node_id else nodes.told(one["id"])
        line(f"  {weight(one['weight'])} {one['verdict']:<9}  {told}")
    if len(contenders) > _MOST:
        line(f"  and {len(contenders) - _MOST} more; --json has them all")


def _print_flip(nodes: Nodes, answer: Mapping[str, Any]) -> None:
    flip = answer["flip"]
    if flip is not None:
        least = "" if flip["smallest"] else f" (or with fewer: no change of less than {flip['at_least']} would do)"
        line(f"Smallest change that would make it {flip['to']}{least}: remove")
        for node in flip["remove"]:
            line(f"  {nodes.told(node)}")
    elif answer["complete"]:
        line("Nothing that could be taken out would change it.")
