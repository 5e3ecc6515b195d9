"""`argumap connections`: how any two nodes hang together."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import EVERY, Nodes
from service.cli.output import line, raw, working
from service.cli.question import Question, reading

_EXAMPLES = examples(
    "argumap connections nis food",
    "argumap connections wi-sung-lac nam-sung-wook --limit 3 --source s-kh",
    "argumap connections p-50 s-eu --json",
)
_NONE = {
    "not_connected": "Nothing joins {start} and {end}.",
    "filtered": "Nothing joins {start} and {end} in this view; without its filters something does.",
    "max_length": "Nothing joins {start} and {end} in as few links as --max-length asks.",
    "budget": "The search for what joins {start} and {end} ended at its limit of work (ARGUMAP_PATH_BUDGET).",
}
_MORE = {
    "limit": "There are more: a higher --limit shows them.",
    "max_length": "There may be longer ones: --max-length lets them in.",
    "budget": "There may be more: the search ended at its limit of work (ARGUMAP_PATH_BUDGET).",
}
_From = Annotated[str, typer.Argument(metavar="FROM", help="Any node.")]
_To = Annotated[str, typer.Argument(metavar="TO", help="Any other node.")]
_Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="So many connections at most (10).")]
_Longest = Annotated[int | None, typer.Option("--max-length", metavar="N", help="Longest connection, in links (12).")]


def register_connections(app: typer.Typer) -> None:
    """Add the command."""
    app.command("connections", epilog=_EXAMPLES)(reading(show_connections))


def show_connections(
    asked: Question, start: _From, end: _To, limit: _Limit = None, max_length: _Longest = None
) -> None:
    """How any two nodes hang together, over links of every sort.

    The ways that say most come first: short ones, past nodes that little else hangs on.
    """
    single = {"from": start, "to": end, "limit": limit, "max_length": max_length}
    parameters = [(name, str(value)) for name, value in single.items() if value is not None]
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Looking for connections"):
            reply = api.get(f"{base}/connections", [*parameters, *asked.view])
        answer = reply.value
        if asked.as_json:
            raw(reply)
        elif answer["items"]:
            ids = {node_id for item in answer["items"] for node_id in item["nodes"]}
            _print(Nodes.of(api, base, asked, ids, EVERY), answer)
    if not answer["items"]:
        raise CliError(ExitCode.NO, _NONE[answer["reason"]].format(start=start, end=end))


def _print(nodes: Nodes, answer: Mapping[str, Any]) -> None:
    for place, item in enumerate(answer["items"], 1):
        line(f"{place}. cost {item['cost']:.2f}")
        line(f"     {nodes.named(item['nodes'][0])}")
        for relation, node_id in zip(item["relations"], item["nodes"][1:], strict=True):
            line(f"   – {relation} – {nodes.named(node_id)}")
        line()
    shown = len(answer["items"])
    more = _MORE.get(answer["reason"], "There are no others.")
    line(f"{shown} connection{'' if shown == 1 else 's'}. {more}")
