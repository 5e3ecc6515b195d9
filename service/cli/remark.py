"""`argumap remark`: what is said of a node beside the map."""

from typing import Annotated

import typer

from service.cli import options
from service.cli.api import path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, raw, table
from service.cli.question import Question
from service.cli.target import Target

_EXAMPLES = examples(
    "argumap remark p-50",
    'argumap remark p-50 "Which shells? The report does not say."',
    'argumap remark p-50 "Three sources say so." --agree',
    "argumap remark --take-back r-1",
)
_Node = Annotated[str | None, typer.Argument(metavar="ID", help="The node; left out, the whole map's are shown.")]
_Text = Annotated[str | None, typer.Argument(metavar="TEXT", help="What to say; left out, what was said is shown.")]
_Agree = Annotated[bool, typer.Option("--agree", help="You agree; the text is the reason.")]
_Disagree = Annotated[bool, typer.Option("--disagree", help="You disagree; the text is the reason.")]
_Back = Annotated[str | None, typer.Option("--take-back", metavar="REMARK", help="Take back a remark of yours.")]


def register_remark(app: typer.Typer) -> None:
    """Add the command."""
    app.command("remark", epilog=_EXAMPLES)(remark)


def remark(
    node: _Node = None,
    text: _Text = None,
    agree: _Agree = False,
    disagree: _Disagree = False,
    take_back: _Back = None,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Show what was said of a node beside the map, or say something: a note, or whether you agree, and why.

    The map stays as it is: nothing of it counts in a verdict.
    """
    if (agree and disagree) or ((agree or disagree) and text is None):
        raise CliError(ExitCode.MISUSE, "say one of --agree and --disagree, with the reason as the text")
    target = Target(store, url)
    with target.api() as api:
        base = Question(target, map).base(api)
        if take_back is not None:
            reply = api.delete(f"{base}{path('remarks', take_back)}")
        elif node is not None and text is not None:
            mark = "agree" if agree else "disagree" if disagree else None
            reply = api.post(f"{base}{path('nodes', node)}/remarks", {"text": text, "mark": mark})
        else:
            where = f"{base}{path('nodes', node)}/remarks" if node is not None else f"{base}/remarks"
            reply = api.get(where, [("limit", "1000")])
    if as_json:
        raw(reply)
        return
    answer = reply.value
    if take_back is not None:
        line(f"Took back {take_back}.")
    elif "items" not in answer:
        line(f"Said of {answer['node']}: {answer['id']}.")
    elif answer["items"]:
        rows = [(r["id"], r["node"], r["by"], r["mark"] or "note", r["text"]) for r in answer["items"]]
        table(("ID", "NODE", "BY", "MARK", "TEXT"), rows, wrapped=True)
        line()
        count, marks = answer["total"], answer["marks"]
        told = f"{marks['agree']} agree, {marks['disagree']} disagree"
        line(f"{count} remark{'' if count == 1 else 's'}; {told}.")
    else:
        raise CliError(ExitCode.NO, "nobody has said anything beside the map yet")
