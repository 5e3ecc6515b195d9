"""`argumap what-if`: what edits would change, without making them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from service.cli.api import Api, path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import Nodes
from service.cli.options import Ids
from service.cli.output import line, raw, table, working
from service.cli.question import Question, reading
from service.cli.values import read_json, value_of
from service.cli.verdicts import side_shown, strength

_EXAMPLES = examples(
    "argumap what-if --delete p-50",
    "argumap what-if --leave-out s-kh",
    "argumap what-if --set p-50.credence=0 --ask motives",
    "argumap what-if --delete p-49 --from p-50 --to food",
    "argumap what-if --edits edits.json --source s-kh --json",
)
_SIDES = (("gained", "+"), ("lost", "−"))

Deleted = Annotated[Ids, typer.Option("--delete", metavar="ID", help="Without it and what refers to it. Repeatable.")]
_LeaveOut = Annotated[
    Ids,
    typer.Option(
        "--leave-out",
        metavar="ID",
        help="Without it and what falls with it, as a view without it: of an actor or source also the statements that "
        "nobody else makes. Repeatable.",
    ),
]
Changed = Annotated[
    Ids,
    typer.Option("--set", metavar="ID.FIELD=VALUE", help="With another value, JSON or plain text. Repeatable."),
]
EditsFile = Annotated[
    str | None,
    typer.Option("--edits", metavar="FILE", help="A list of batch operations in JSON, made first; - reads the input."),
]
_Ask = Annotated[Ids, typer.Option("--ask", metavar="evaluation|paths|motives", help="What to compare. Repeatable.")]
_From = Annotated[Ids, typer.Option("--from", metavar="ID", help="Compare paths from here. Repeatable.")]
_To = Annotated[Ids, typer.Option("--to", metavar="ID", help="Compare paths to here. Repeatable.")]
_Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="So many paths of each sort at most (10).")]


def register_what_if(app: typer.Typer) -> None:
    """Add the command."""
    app.command("what-if", epilog=_EXAMPLES)(reading(show_what_if))


def show_what_if(
    asked: Question,
    delete: Deleted = None,
    leave_out: _LeaveOut = None,
    change: Changed = None,
    edits: EditsFile = None,
    ask: _Ask = None,
    start: _From = None,
    end: _To = None,
    limit: _Limit = None,
) -> None:
    """What edits would change; nothing is stored.

    Shows whose verdict or strength differs, how the motives rank, and, where a start or an end is named, which
    argument paths come and go.
    """
    with asked.target.api() as api:
        base = asked.base(api)
        body: dict[str, Any] = {"edits": edits_asked(api, base, asked, delete or [], change or [], edits)}
        given = {"without": leave_out, "ask": ask, "from": start, "to": end, "limit": limit}
        body |= {name: value for name, value in given.items() if value}
        if not body["edits"] and not leave_out:
            raise CliError(
                ExitCode.MISUSE,
                "say what would be different: --delete ID, --leave-out ID, --set ID.FIELD=VALUE or --edits FILE",
            )
        with working("Trying the edits"):
            reply = api.post(f"{base}/what-if", body, asked.view)
        if asked.as_json:
            raw(reply)
        else:
            _print(reply.value, lambda ids: Nodes.of(api, base, asked, ids))
            _print_orphaned(reply.value["orphaned"])


def edits_asked(
    api: Api, base: str, asked: Question, delete: list[str], change: list[str], file: str | None
) -> list[dict[str, Any]]:
    """The operations that the options for edits make; raises `CliError`."""
    return [*_read(file), *_edits(api, base, asked, delete, change)]


def _read(file: str | None) -> list[Any]:
    if file is None:
        return []
    found = read_json(file)
    held = found.get("operations", found.get("edits")) if isinstance(found, dict) else found
    if not isinstance(held, list):
        raise CliError(ExitCode.MISUSE, f"{file} holds no list of operations")
    return held


def _edits(api: Api, base: str, asked: Question, delete: list[str], change: list[str]) -> Iterator[dict[str, Any]]:
    for word in change:
        name, equals, text = word.partition("=")
        node_id, dot, field = name.rpartition(".")
        if not (equals and dot and node_id and field):
            raise CliError(ExitCode.MISUSE, f"{word!r} names no field; it looks like p-50.credence=0")
        kind = _kind(api, base, asked, node_id)
        yield {"op": "update", "kind": kind, "id": node_id, "value": {field: value_of(text)}}
    for node_id in delete:
        yield {"op": "delete", "kind": _kind(api, base, asked, node_id), "id": node_id, "cascade": True}


def _kind(api: Api, base: str, asked: Question, node_id: str) -> str:
    when = [one for one in asked.view if one[0] in ("as_of", "draft")]
    return str(api.get(f"{base}{path('nodes', node_id)}", when).value["kind"])


def _print(answer: Mapping[str, Any], nodes_of: Any) -> None:
    changed = answer.get("evaluation", {}).get("changed", [])
    motives = answer.get("motives", [])
    paths = answer.get("paths", {})
    told = {node_id for side, _ in _SIDES for one in paths.get(side, ()) for node_id in one["nodes"]}
    nodes = nodes_of({*(one["id"] for one in changed), *(one["id"] for one in motives), *told})
    if "evaluation" in answer:
        _print_changed(nodes, changed)
    if "motives" in answer:
        _print_motives(nodes, motives)
    for side, sign in _SIDES:
        for one in paths.get(side, ()):
            line(f"{sign} {one['polarity']} path {side}: {' → '.join(one['nodes'])}")
    if "paths" in answer and not paths["gained"] and not paths["lost"]:
        line("No path comes or goes.")
    if paths.get("reason"):
        line(f"These are not all paths that come and go ({paths['reason']}).")


def _print_changed(nodes: Nodes, changed: list[Mapping[str, Any]]) -> None:
    if changed:
        rows = [(side_shown(one["before"]), side_shown(one["after"]), nodes.named(one["id"])) for one in changed]
        table(("BEFORE", "AFTER", "NODE"), rows)
        line()
    flipped = sum((one["before"] or {}).get("verdict") != (one["after"] or {}).get("verdict") for one in changed)
    line(f"{len(changed)} nodes would differ, {flipped} of them in their verdict; nothing was stored.")


def _print_orphaned(ids: list[str]) -> None:
    """A delete leaves statements behind that nobody makes any more; leaving out takes them along."""
    if ids:
        line()
        count = "1 statement stays" if len(ids) == 1 else f"{len(ids)} statements stay"
        line(f"{count} that nobody would make any more: {', '.join(ids)}.")
        line("--leave-out in place of --delete takes them along, as a view without it does.")


def _print_motives(nodes: Nodes, motives: list[Mapping[str, Any]]) -> None:
    rows = [
        (*(_rank(one[f"rank_{side}"], one[f"strength_{side}"]) for side in ("before", "after")), nodes.named(one["id"]))
        for one in motives
    ]
    if rows:
        line()
        table(("BEFORE", "AFTER", "MOTIVE"), rows)


def _rank(rank: int | None, value: float | None) -> str:
    return "not there" if rank is None or value is None else f"{rank}. {strength(value)}"
