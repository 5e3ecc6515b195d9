"""`argumap graph`: the nodes and edges of a map, whole or around some nodes."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.options import Ids
from service.cli.output import line, raw, table, working
from service.cli.question import Question, reading

_EXAMPLES = examples(
    "argumap graph",
    "argumap graph --focus food --depth 2",
    "argumap graph --kind actors --kind sources --json",
    "argumap graph --relation targets --include verdicts --include positions --json",
)


_Focus = Annotated[Ids, typer.Option("--focus", metavar="ID", help="Only what lies around it. Repeatable.")]
_Depth = Annotated[int | None, typer.Option("--depth", metavar="N", help="So many links from the focus (2).")]
_Budget = Annotated[int | None, typer.Option("--budget", metavar="N", help="So many nodes at most (2000).")]
_Kinds = Annotated[Ids, typer.Option("--kind", metavar="KIND", help="Nodes of this kind. Repeatable.")]
_Relations = Annotated[Ids, typer.Option("--relation", metavar="RELATION", help="Links of this relation. Repeatable.")]
_Include = Annotated[
    Ids,
    typer.Option("--include", metavar="WHAT", help="With --json: verdicts, strengths or positions too. Repeatable."),
]

_ORDER = ("motive", "statement", "argument", "actor", "source", "assertion")


def register_graph(app: typer.Typer) -> None:
    """Add the command."""
    app.command("graph", epilog=_EXAMPLES)(reading(graph))


def graph(
    asked: Question,
    focus: _Focus = None,
    depth: _Depth = None,
    budget: _Budget = None,
    kinds: _Kinds = None,
    relations: _Relations = None,
    include: _Include = None,
) -> None:
    """The nodes and edges of a map.

    A line for each node, with how many links lead to it and from it.
    With --json it is the document that networkx.node_link_graph(…, edges="edges") reads as it is.
    """
    lists = (("focus", focus), ("kinds", kinds), ("relations", relations), ("include", include))
    parameters = [(name, value) for name, values in lists for value in values or ()]
    parameters += [(name, str(n)) for name, n in (("depth", depth), ("budget", budget)) if n is not None]
    with asked.target.api() as api, working("Drawing the map"):
        reply = api.get(f"{asked.base(api)}/graph", [*parameters, *asked.view])
    if asked.as_json:
        raw(reply)
        return
    _print(reply.value)
    if not reply.value["nodes"]:
        raise CliError(ExitCode.NO, "nothing is left to show in this view")


def _print(document: Mapping[str, Any]) -> None:
    nodes, edges, facts = document["nodes"], document["edges"], document["graph"]
    into, out = Counter(edge["target"] for edge in edges), Counter(edge["source"] for edge in edges)
    steps = _steps(document)
    rows = [
        (node["kind"], node["id"], str(into[node["id"]]), str(out[node["id"]]), steps.get(node["id"], node["label"]))
        for node in sorted(nodes, key=lambda node: _ORDER.index(node["kind"]))
    ]
    if rows:
        table(("KIND", "ID", "IN", "OUT", "TEXT"), rows)
        line()
    shown = f"{len(nodes)} of {facts['total_nodes']} nodes and {len(edges)} of {facts['total_edges']} edges"
    line(f"{shown}, revision {facts['revision']}.")
    if not facts["complete"]:
        line("Not all is shown: --budget lets more in.")


def _steps(document: Mapping[str, Any]) -> dict[str, str]:
    """Arguments in words, as far as their ends are shown: what they are made of says more than their id."""
    premises: dict[str, list[str]] = {}
    targets: dict[str, str] = {}
    for edge in document["edges"]:
        if edge["relation"] == "premise_of":
            premises.setdefault(edge["target"], []).append(edge["source"])
        elif edge["relation"] == "targets":
            targets[edge["source"]] = edge["target"]
    found = {}
    for node in document["nodes"]:
        if node["kind"] == "argument":
            does = "supports" if node["stance"] == "supporting" else "opposes"
            ends = f"{' with '.join(sorted(premises.get(node['id'], ['…'])))} {does} {targets.get(node['id'], '…')}"
            found[node["id"]] = f"{ends} ({node['basis']}, {node['confidence']} confidence)"
    return found
