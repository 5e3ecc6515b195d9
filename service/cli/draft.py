"""`argumap draft`: edits that are proposed, looked at, and accepted or declined."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli import options
from service.cli.api import Api, path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.options import Ids
from service.cli.output import line, raw, table
from service.cli.question import Question
from service.cli.target import Target
from service.cli.what_if import Changed, Deleted, EditsFile, edits_asked

_EXAMPLES = examples(
    "argumap draft",
    'argumap draft --propose "Fewer shells" --set p-50.credence=0.3 --note "The report was withdrawn."',
    "argumap draft draft-1",
    "argumap evaluation --draft draft-1",
    'argumap draft draft-1 --say "Which report?" --disagree',
    'argumap draft draft-1 --accept --reason "Two sources say so."',
)
_Id = Annotated[str | None, typer.Argument(metavar="DRAFT", help="The draft; left out, all are shown.")]
_Title = Annotated[str | None, typer.Option("--propose", metavar="TITLE", help="Make a draft of this title.")]
_Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What the proposed edits are for.")]
_Accept = Annotated[bool, typer.Option("--accept", help="Make its edits, as one change.")]
_Decline = Annotated[bool, typer.Option("--decline", help="Say no to it.")]
_Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is accepted or declined.")]
_Say = Annotated[str | None, typer.Option("--say", metavar="TEXT", help="Put a remark on it.")]
_Agree = Annotated[bool, typer.Option("--agree", help="With --say: you agree, and the text is the reason.")]
_Disagree = Annotated[bool, typer.Option("--disagree", help="With --say: you disagree, and the text is the reason.")]
_Back = Annotated[bool, typer.Option("--take-back", help="Take back a draft of yours.")]
_Dry = Annotated[bool, typer.Option("--dry-run", help="With --accept: only say what would happen.")]
_Status = Annotated[
    str | None, typer.Option("--status", metavar="open|accepted|declined", help="Only those that are so.")
]


def register_draft(app: typer.Typer) -> None:
    """Add the command."""
    app.command("draft", epilog=_EXAMPLES)(draft)


def draft(
    draft: _Id = None,
    propose: _Title = None,
    note: _Note = None,
    change: Changed = None,
    delete: Deleted = None,
    edits: EditsFile = None,
    accept: _Accept = False,
    decline: _Decline = False,
    reason: _Reason = None,
    say: _Say = None,
    agree: _Agree = False,
    disagree: _Disagree = False,
    take_back: _Back = False,
    dry_run: _Dry = False,
    status: _Status = None,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Show the drafts of a map or one of them, propose edits, discuss them, and accept or decline them.

    The map stays as it is until a draft is accepted; --draft on any reading command shows it with the edits.
    """
    acts = [name for name, given in _acts(propose, accept, decline, say, take_back) if given]
    if len(acts) > 1 or (acts and draft is None and propose is None):
        raise CliError(ExitCode.MISUSE, "name a draft and one thing to do with it, or --propose a new one")
    asked = Question(Target(store, url), map, as_json)
    remark, said = _remark(say, agree=agree, disagree=disagree), []
    with asked.target.api() as api:
        base = asked.base(api)
        if propose is not None:
            body = {"title": propose, "text": note, "operations": _proposed(api, base, asked, delete, change, edits)}
            if draft is not None:
                body["id"] = draft
            reply = api.post(f"{base}/drafts", body)
        elif draft is None:
            reply = api.get(f"{base}/drafts", [("limit", "1000"), *([("status", status)] if status else [])])
        else:
            where = f"{base}{path('drafts', draft)}"
            reply = _done(api, where, acts, reason, remark, dry_run=dry_run)
            if not acts and not as_json:
                said = api.get(f"{where}/remarks", [("limit", "1000")]).value["items"]
    if as_json:
        raw(reply)
    else:
        _print(acts[0] if acts else "", draft, reply.value)
        for one in said:
            line(f"  {one['by']} {_SAID[one['mark']]}: {one['text']}")


def _acts(propose: str | None, accept: bool, decline: bool, say: str | None, take_back: bool) -> list[tuple[str, bool]]:
    return [
        ("propose", propose is not None), ("accept", accept), ("decline", decline), ("say", say is not None),
        ("take_back", take_back),
    ]  # fmt: skip


def _remark(say: str | None, *, agree: bool, disagree: bool) -> Mapping[str, Any]:
    if (agree and disagree) or ((agree or disagree) and say is None):
        raise CliError(ExitCode.MISUSE, "say one of --agree and --disagree, with the reason as the text of --say")
    return {"text": say, "mark": "agree" if agree else "disagree" if disagree else None}


def _proposed(
    api: Api, base: str, asked: Question, delete: Ids, change: Ids, edits: str | None
) -> list[dict[str, Any]]:
    found = edits_asked(api, base, asked, delete or [], change or [], edits)
    if not found:
        raise CliError(ExitCode.MISUSE, "say what is proposed: --delete ID, --set ID.FIELD=VALUE or --edits FILE")
    return found


_SAID = {"agree": "agrees", "disagree": "disagrees", None: "notes"}


def _done(
    api: Api, where: str, acts: list[str], reason: str | None, remark: Mapping[str, Any], *, dry_run: bool
) -> Any:
    if not acts:
        return api.get(where, [])
    if acts == ["take_back"]:
        return api.delete(where)
    if acts == ["say"]:
        return api.post(f"{where}/remarks", remark)
    return api.post(f"{where}/{acts[0]}", {"reason": reason}, [("dry_run", "true")] if dry_run else [])


def _print(act: str, draft: str | None, answer: Mapping[str, Any]) -> None:
    if act == "take_back":
        line(f"Took back {draft}.")
    elif act == "say":
        line(f"Said of {answer['draft']}: {answer['id']}.")
    elif act == "accept":
        touched = [*answer["created"], *answer["updated"], *answer["deleted"]]
        would = "Would accept" if answer["dry_run"] else "Accepted"
        line(f"{would} {draft}: revision {answer['revision']}, {', '.join(touched) or 'nothing was left to do'}.")
    elif "items" in answer:
        _print_all(answer["items"])
    else:
        _print_one(answer)


def _print_all(items: list[Mapping[str, Any]]) -> None:
    if not items:
        raise CliError(ExitCode.NO, "no draft is there")
    rows = [(d["id"], d["status"], d["by"], f"revision {d['base']}", d["title"]) for d in items]
    table(("ID", "STATUS", "BY", "OF", "TITLE"), rows, wrapped=True)


def _print_one(one: Mapping[str, Any]) -> None:
    line(f"{one['id']}: {one['title']} ({one['status']}, by {one['by']}, of revision {one['base']})")
    for text in (one["text"], one["reason"]):
        if text:
            line(f"  {text}")
    for node in one["changes"]:
        names = f": {', '.join(node['fields'])}" if node["change"] == "updated" else ""
        line(f"  {node['id']} {node['change']}{names}")
    if one["effect"] is None:
        line(f"  what it would do to verdicts and ranks is not told: revision {one['base']} is not kept any more")
        return
    for verdict in one["effect"]["verdicts"]:
        line(f"  verdict of {verdict['id']}: {verdict['before'] or 'not there'} to {verdict['after'] or 'not there'}")
    for motive in one["effect"]["motives"]:
        line(f"  rank of {motive['id']}: {motive['rank_before'] or 'none'} to {motive['rank_after'] or 'none'}")
