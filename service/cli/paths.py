"""`argumap paths`: how reasoning leads from one node to another."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from service.cli.api import Api
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import Nodes
from service.cli.options import Ids
from service.cli.output import line, raw, working
from service.cli.question import Question, reading

_SIGN = {"supporting": "+", "opposing": "−"}
_DOES = {"supporting": "supports", "opposing": "opposes"}
_MORE = {
    "limit": "There are more: a higher --limit shows them.",
    "max_length": "There may be longer ones: --max-length lets them in.",
    "budget": "There may be more: the search ended at its limit of work (ARGUMAP_PATH_BUDGET).",
}
_NONE = {
    "not_connected": "No argument path leads from {start} to {end}.",
    "filtered": "No argument path leads from {start} to {end} in this view, on these terms; there is one without them.",
    "max_length": "No argument path from {start} to {end} is as short as --max-length asks.",
    "budget": "The search for a path from {start} to {end} ended at its limit of work (ARGUMAP_PATH_BUDGET).",
}
_EXAMPLES = examples(
    "argumap paths p-50 t-main",
    "argumap paths eu-53 t-main --source s-eu",
    "argumap paths p-50 t-main --source s-kh --polarity opposing",
    "argumap paths wi-sung-lac food --without p-49 --limit 3",
    "argumap paths p-50 t-main --json --url http://127.0.0.1:8000",
)


_From = Annotated[str | None, typer.Argument(metavar="FROM", help="Start: any node; left out, every ground.")]
_To = Annotated[str | None, typer.Argument(metavar="TO", help="End: any node; left out, every conclusion.")]
_Polarity = Annotated[
    str | None, typer.Option("--polarity", metavar="supporting|opposing", help="Only paths of this polarity.")
]
_Via = Annotated[Ids, typer.Option("--via", metavar="ID", help="Only paths that pass this node. Repeatable.")]
_Avoid = Annotated[Ids, typer.Option("--avoid", metavar="ID", help="No path past this node. Repeatable.")]
_Longest = Annotated[int | None, typer.Option("--max-length", metavar="N", help="Longest path, in arguments (50).")]
_Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="So many paths at most (10).")]
_Order = Annotated[
    str | None, typer.Option("--order", metavar="length|strength", help="Which paths come first (length).")
]


def register_paths(app: typer.Typer) -> None:
    """Add the command."""
    app.command("paths", epilog=_EXAMPLES)(reading(show_paths))


def show_paths(
    asked: Question,
    start: _From = None,
    end: _To = None,
    polarity: _Polarity = None,
    via: _Via = None,
    avoid: _Avoid = None,
    max_length: _Longest = None,
    limit: _Limit = None,
    order: _Order = None,
) -> None:
    """Argument paths from one node to another.

    A path follows the direction of reasoning: from a premise through an argument to what that bears on. With an
    even number of opposing steps it supports its end (+), with an odd number it opposes it (−). An actor stands
    for what it asserts, a source for what it holds.
    """
    single = {"from": start, "to": end, "polarity": polarity, "max_length": max_length, "limit": limit, "order": order}
    parameters = [(name, str(value)) for name, value in single.items() if value is not None]
    parameters += [("via", node_id) for node_id in via or ()] + [("avoid", node_id) for node_id in avoid or ()]
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Looking for paths"):
            reply = api.get(f"{base}/paths", [*parameters, *asked.view])
        answer = reply.value
        if asked.as_json:
            raw(reply)
        elif answer["items"]:
            _print(api, base, asked, answer)
    if not answer["items"]:
        ending = {"start": start or "a ground", "end": end or "a conclusion"}
        raise CliError(ExitCode.NO, _NONE[answer["reason"]].format(**ending))


def _print(api: Api, base: str, asked: Question, answer: Mapping[str, Any]) -> None:
    nodes = Nodes.of(api, base, asked, {node_id for item in answer["items"] for node_id in item["nodes"]})
    for place, item in enumerate(answer["items"], 1):
        line(f"{place}. {_SIGN[item['polarity']]} {item['polarity']}, {_steps(item['length'])}")
        line(f"     {nodes.named(item['nodes'][0])}")
        for step in item["steps"]:
            line(f"   {_SIGN[step['stance']]} {_step(nodes, step)}")
        line()
    line(_count(answer))


def _steps(length: int) -> str:
    return f"{length} step{'' if length == 1 else 's'}"


def _step(nodes: Nodes, step: Mapping[str, Any]) -> str:
    does = _DOES[step["stance"]]
    if nodes.kind(step["to"]) == "argument":
        does = "undercuts" if step["stance"] == "opposing" else "backs"
    by = "" if step["from"] == step["argument"] else f"{step['argument']}, "
    return f"{does} {nodes.named(step['to'])}  [{by}{step['basis']}, {step['confidence']} confidence]"


def _count(answer: Mapping[str, Any]) -> str:
    shown, counts = len(answer["items"]), answer["counts"]
    kinds = [f"{counts[polarity]} {polarity}" for polarity in _sorted(counts) if counts[polarity]]
    total = f"{shown} path{'' if shown == 1 else 's'}: {' and '.join(kinds)}."
    return f"{total} {_MORE.get(answer['reason'], 'There are no others.')}"


def _sorted(counts: Iterable[str]) -> list[str]:
    return sorted(counts, reverse=True)
