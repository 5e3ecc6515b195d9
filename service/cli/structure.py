"""`argumap structure`: how a map is connected as a graph."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import EVERY, Nodes
from service.cli.options import Ids
from service.cli.output import line, raw, working
from service.cli.question import Question, reading

_EXAMPLES = examples(
    "argumap structure",
    "argumap structure --measure bridges --limit 5",
    "argumap structure --measure betweenness --kind statement --kind motive --json",
)
_SHOWN = 10
"""Nodes of a part that are named."""
_Measure = Annotated[
    str | None,
    typer.Option(
        "--measure",
        metavar="MEASURE",
        help="components (what hangs together), communities, bridges, pagerank or betweenness (components).",
    ),
]
_Kinds = Annotated[Ids, typer.Option("--kind", metavar="KIND", help="Nodes of this kind. Repeatable.")]
_Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="So many items at most (100).")]


def register_structure(app: typer.Typer) -> None:
    """Add the command."""
    app.command("structure", epilog=_EXAMPLES)(reading(show_structure))


def show_structure(asked: Question, measure: _Measure = None, kinds: _Kinds = None, limit: _Limit = None) -> None:
    """How the map is connected as a graph.

    Its parts, the links without which it falls apart, and the nodes that most of it leads through.
    """
    parameters = [("kinds", kind) for kind in kinds or ()]
    parameters += [(name, str(value)) for name, value in (("measure", measure), ("limit", limit)) if value is not None]
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Measuring the map"):
            reply = api.get(f"{base}/structure", [*parameters, *asked.view])
        answer = reply.value
        if asked.as_json:
            raw(reply)
        elif answer["items"]:
            _print(Nodes.of(api, base, asked, _named(answer), EVERY), answer)
    if not answer["items"]:
        why = "the map is too large for this measure" if answer["reason"] == "budget" else "there is nothing to name"
        raise CliError(ExitCode.NO, why)


def _named(answer: Mapping[str, Any]) -> set[str]:
    """The ids that are printed with their texts."""
    found: set[str] = set()
    for item in answer["items"]:
        if "nodes" in item:
            found.update(item["nodes"][:_SHOWN])
        elif "source" in item:
            found.update((item["source"], item["target"]))
        else:
            found.add(item["id"])
    return found


def _print(nodes: Nodes, answer: Mapping[str, Any]) -> None:
    for item in answer["items"]:
        if "nodes" in item:
            _part(nodes, item)
        elif "source" in item:
            line(f"{nodes.named(item['source'])}")
            line(f"  – {item['relation']} – {nodes.named(item['target'])}")
        else:
            line(f"{item['value']:.6f}  {nodes.named(item['id'])}")
    line()
    total = f"{len(answer['items'])} of {answer['total']}"
    line(f"{total}; {answer['total_nodes']} nodes and {answer['total_edges']} edges, revision {answer['revision']}.")
    if answer["sampled"] is not None:
        line(f"An estimate from {answer['sampled']} of the nodes.")


def _part(nodes: Nodes, item: Mapping[str, Any]) -> None:
    size = len(item["nodes"])
    line(f"{size} node{'' if size == 1 else 's'}:")
    for node_id in item["nodes"][:_SHOWN]:
        line(f"  {nodes.named(node_id)}")
    if size > _SHOWN:
        line(f"  … and {size - _SHOWN} more; --json names them all")
    for circle in item.get("circles", ()):
        line(f"  circle of {len(circle)}: {', '.join(circle[:_SHOWN])}{' …' if len(circle) > _SHOWN else ''}")
