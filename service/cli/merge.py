"""`argumap duplicates` and `argumap merge`: which nodes may be the same, and one node of two that are."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli import options
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import EVERY, Nodes
from service.cli.output import line, raw, working
from service.cli.question import Question, reading
from service.cli.target import Target

_EXAMPLES = examples(
    "argumap merge nis sk-intelligence --dry-run",
    "argumap merge p-50 p-51 --field text=drop --field note=both",
    "argumap merge p-50 p-51 --not-same",
)
_ALIKE = examples("argumap duplicates", "argumap duplicates --kind actor --kind source", "argumap duplicates --json")
_BY = {
    "marked": "marked as probably the same",
    "equal": "equal",
    "text": "{score:.0%} alike",
    "initials": "called by its initials",
}
_WHOSE = {"keep": "of {keep}", "drop": "of {drop}", "both": "of both"}
_Keep = Annotated[str, typer.Argument(metavar="KEEP", help="The node that stays.")]
_Drop = Annotated[str, typer.Argument(metavar="DROP", help="The node that goes; its id then leads to the other.")]
_Fields = Annotated[
    options.Ids,
    typer.Option("--field", metavar="NAME=keep|drop|both", help="Whose value a field has. Repeatable."),
]
_Not = Annotated[bool, typer.Option("--not-same", help="Keep the judgement that they are not the same.")]
_Dry = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]


_Kinds = Annotated[options.Ids, typer.Option("--kind", metavar="KIND", help="Nodes of this kind. Repeatable.")]
_Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="So many pairs at most (100).")]


def register_merge(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("duplicates", epilog=_ALIKE)(reading(show_duplicates))
    app.command("merge", epilog=_EXAMPLES)(merge_two)


def merge_two(
    keep: _Keep,
    drop: _Drop,
    fields: _Fields = None,
    not_same: _Not = False,
    dry_run: _Dry = False,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Merge a node into another that is the same: what names the one then names the other.

    A field is that of KEEP, of DROP where KEEP says nothing, and of both where it is a set; --field says otherwise.
    """
    body = {"keep": keep, "drop": drop, "same": not not_same, "fields": _choices(fields or []), "dry_run": dry_run}
    asked = Question(Target(store, url), map)
    with asked.target.api() as api:
        reply = api.post(f"{asked.base(api)}/merges", body)
    if as_json:
        raw(reply)
    else:
        _print(reply.value)


def show_duplicates(asked: Question, kinds: _Kinds = None, limit: _Limit = None) -> None:
    """Show pairs of nodes that may be the same, the likest first, each with the command that merges it.

    Pairs that were judged not to be the same (merge --not-same) are left out.
    """
    parameters = [("kinds", kind) for kind in kinds or ()] + ([] if limit is None else [("limit", str(limit))])
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Comparing"):
            reply = api.get(f"{base}/duplicates", [*parameters, *asked.view])
        answer = reply.value
        if asked.as_json:
            raw(reply)
        elif answer["items"]:
            ids = {one[side] for one in answer["items"] for side in ("keep", "drop")}
            _print_pairs(Nodes.of(api, base, asked, ids, EVERY), answer)
    if not answer["items"]:
        raise CliError(ExitCode.NO, "No two nodes look the same.")


def _print_pairs(nodes: Nodes, answer: Mapping[str, Any]) -> None:
    for one in answer["items"]:
        line(f"{one['kind']}, {_BY[one['sign']].format(score=one['score'])}: argumap merge {one['keep']} {one['drop']}")
        line(f"  {nodes.named(one['keep'])}")
        line(f"  {nodes.named(one['drop'])}")
    line()
    line(f"{len(answer['items'])} of {answer['total']}, revision {answer['revision']}.")
    if not answer["complete"]:
        line("There may be more: so many texts are alike that not all of them were compared.")


def _choices(words: list[str]) -> dict[str, str]:
    found = {}
    for word in words:
        name, equals, choice = word.partition("=")
        if not (name and equals and choice):
            raise CliError(ExitCode.MISUSE, f"{word!r} chooses nothing; it looks like text=drop")
        found[name] = choice
    return found


def _print(done: Mapping[str, Any]) -> None:
    keep, drop = done["keep"], done["drop"]
    if not done["same"]:
        line(f"{keep} and {drop} {'would be' if done['dry_run'] else 'are'} kept as two different nodes.")
        return
    line(f"{'Would merge' if done['dry_run'] else 'Merged'} {drop} into {keep}.")
    for name, choice in done["fields"].items():
        line(f"  {name}: {_WHOSE[choice].format(keep=keep, drop=drop)}")
    moved = [one for one in done["updated"] if one != keep]
    if moved:
        line(f"Now {'would name' if done['dry_run'] else 'name'} {keep}: {', '.join(moved)}")
    for note in done["notes"]:
        line(f"{note['id']}: {note['pointer'].strip('/')} {note['detail']}")
    for pair in done["duplicates"]:
        line(f"Equal now: {pair['keep']} and {pair['drop']} (argumap merge {pair['keep']} {pair['drop']})")
