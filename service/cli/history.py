"""`argumap log`, `show` and `diff`: what became of a map, change by change, and between any two states of it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from service.cli.examples import examples
from service.cli.options import Ids
from service.cli.output import line, raw, working
from service.cli.question import Question, reading

_LOG = examples(
    "argumap log",
    "argumap log --node p-50 --field text",
    "argumap log --since 2026-11-01 --by local --limit 20",
    "argumap log --json --order oldest",
)
_SHOW = examples("argumap show 12", "argumap show 1 --limit 20", "argumap show 12 --json")
_DIFF = examples("argumap diff", "argumap diff 3 12", "argumap diff 2026-11-01", "argumap diff 12 12 --to-without s-kh")
_MARK = {"create": "+", "update": "~", "delete": "-", "created": "+", "updated": "~", "deleted": "-"}

_Since = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="Only behind this revision, or from this time on.")
]
_Until = Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Only up to this revision or time.")]
_By = Annotated[Ids, typer.Option("--by", metavar="NAME", help="Only changes by this author. Repeatable.")]
_Node = Annotated[Ids, typer.Option("--node", metavar="ID", help="Only changes that touched this node. Repeatable.")]
_Field = Annotated[Ids, typer.Option("--field", metavar="NAME", help="Only changes of this field. Repeatable.")]
_Order = Annotated[str, typer.Option("--order", metavar="newest|oldest", help="Which come first.")]
_Limit = Annotated[int, typer.Option("--limit", metavar="N", help="So many at most.")]
_NoEffects = Annotated[bool, typer.Option("--no-effects", help="Leave out what each did to verdicts and ranks.")]
_Revision = Annotated[int, typer.Argument(metavar="REVISION", help="The revision that the change made.", min=1)]
_From = Annotated[
    str | None, typer.Argument(metavar="FROM", help="A revision or time; left out, the one before the other.")
]
_To = Annotated[str | None, typer.Argument(metavar="TO", help="A revision or time; left out, the newest.")]
_FromWithout = Annotated[Ids, typer.Option("--from-without", metavar="ID", help="Out of the first side. Repeatable.")]
_ToWithout = Annotated[Ids, typer.Option("--to-without", metavar="ID", help="Out of the second side. Repeatable.")]
_FromSource = Annotated[
    Ids, typer.Option("--from-source", metavar="ID", help="On the first side only this source. Repeatable.")
]
_ToSource = Annotated[
    Ids, typer.Option("--to-source", metavar="ID", help="On the second side only this source. Repeatable.")
]


def register_history(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("log", epilog=_LOG)(reading(show_log))
    app.command("show", epilog=_SHOW)(reading(show_change))
    app.command("diff", epilog=_DIFF)(reading(show_diff))


def show_log(
    asked: Question,
    since: _Since = None,
    until: _Until = None,
    by: _By = None,
    node: _Node = None,
    field: _Field = None,
    order: _Order = "newest",
    limit: _Limit = 20,
    no_effects: _NoEffects = False,
) -> None:
    """The changes of a map, newest first: who did what, and what it did to verdicts of theses and ranks of motives."""
    given = [("since", since), ("until", until), ("order", order), ("limit", str(limit))]
    given += [
        (name, value) for name, values in (("by", by), ("node", node), ("field", field)) for value in values or ()
    ]
    if no_effects:
        given.append(("effects", "false"))
    parameters = [(name, value) for name, value in given if value is not None]
    with asked.target.api() as api, working("Reading the history"):
        reply = api.get(f"{asked.base(api)}/changes", [*parameters, *asked.view])
    if asked.as_json:
        raw(reply)
        return
    answer = reply.value
    for one in answer["items"]:
        _print_change(one)
    shown = len(answer["items"])
    more = "; a higher --limit shows more" if answer["next"] else ""
    line(f"{shown} of {answer['total']} changes{more}." if shown or answer["total"] else "No change is like that.")
    if answer["oldest"] > 1:
        line(f"The history begins with revision {answer['oldest']}.")
    if answer["reason"]:
        line("Not every effect was worked out in time (ARGUMAP_EVALUATION_BUDGET); asked again it goes on.")


def show_change(asked: Question, revision: _Revision, limit: _Limit = 100) -> None:
    """One change with the fields before and after it."""
    with asked.target.api() as api:
        reply = api.get(f"{asked.base(api)}/changes/{revision}", [("limit", str(limit)), *asked.view])
    if asked.as_json:
        raw(reply)
        return
    answer = reply.value
    _print_change(answer)
    for one in answer["operations"]:
        _print_node(one, _MARK[one["op"]])
    if answer["next"]:
        line(f"{len(answer['operations'])} of {answer['total']} nodes; a higher --limit shows more.")


def show_diff(
    asked: Question,
    start: _From = None,
    end: _To = None,
    from_without: _FromWithout = None,
    to_without: _ToWithout = None,
    from_source: _FromSource = None,
    to_source: _ToSource = None,
    limit: _Limit = 100,
) -> None:
    """What differs between two states of a map: nodes field by field, verdicts, and the rank of motives."""
    many = [("from_without", from_without), ("to_without", to_without)]
    many += [("from_sources", from_source), ("to_sources", to_source)]
    given = [("from", start), ("to", end), ("limit", str(limit))]
    given += [(name, value) for name, values in many for value in values or ()]
    parameters = [(name, value) for name, value in given if value is not None]
    with asked.target.api() as api, working("Comparing"):
        reply = api.get(f"{asked.base(api)}/diff", [*parameters, *asked.view])
    if asked.as_json:
        raw(reply)
        return
    answer = reply.value
    line(f"From revision {answer['from']['revision']} to revision {answer['to']['revision']}:")
    for one in answer["nodes"]:
        _print_node(one, _MARK[one["change"]])
    _print_effect(answer["verdicts"], answer["motives"], "  ")
    more = "; a higher --limit shows more" if answer["next"] else ""
    total = answer["total"]
    line(f"{total} {'node differs' if total == 1 else 'nodes differ'}{more}." if total else "No node differs.")


def _print_change(one: Mapping[str, Any]) -> None:
    line(f"{one['revision']:>5}  {one['at'][:19].replace('T', ' ')}  {one['sentence']}")
    effect = one["effect"]
    if effect is not None:
        _print_effect(effect["verdicts"], effect["motives"], " " * 7)


def _print_effect(verdicts: Iterable[Mapping[str, Any]], motives: Iterable[Mapping[str, Any]], margin: str) -> None:
    for one in verdicts:
        was, now = (one[f"standing_{when}"] or one[when] for when in ("before", "after"))
        line(f"{margin}{one['id']}: {_side(was)} → {_side(now)}")
    for one in motives:
        line(f"{margin}rank of {one['id']}: {_side(one['rank_before'])} → {_side(one['rank_after'])}")


def _print_node(one: Mapping[str, Any], mark: str) -> None:
    line(f"  {mark} {one['kind']} {one['id']}: {' '.join(one['label'].split())}")
    if mark == "~":
        for name, field in one["fields"].items():
            line(f"      {name}: {_value(field['before'])} → {_value(field['after'])}")


def _side(value: object) -> str:
    return "not there" if value is None else str(value)


def _value(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    return f"“{' '.join(value.split())}”" if isinstance(value, str) else str(value)
