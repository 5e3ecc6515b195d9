"""`argumap undo`, `redo` and `revert`: what was done is taken back, or done again."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli import options
from service.cli.examples import examples
from service.cli.output import line, raw
from service.cli.question import Question
from service.cli.target import Target

_Dry = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]
_Revision = Annotated[int, typer.Argument(metavar="REVISION", help="The revision that the change made.", min=1)]
_Since = Annotated[
    bool, typer.Option("--since", help="Everything behind the revision, so that the map is as it was then.")
]


def register_taking_back(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("undo", epilog=examples("argumap undo", "argumap undo --dry-run"))(undo_last)
    app.command("redo", epilog=examples("argumap redo"))(redo_last)
    app.command("revert", epilog=examples("argumap revert 12", "argumap revert 9 --since --dry-run"))(revert_to_before)


def undo_last(
    dry_run: _Dry = False,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Undo your last change of a map; asked again, the one before it.

    Where others have set the same fields since, nothing is done, and what stands against it is told.
    """
    _take_back(Question(Target(store, url), map, as_json), "/undo", dry_run)


def redo_last(
    dry_run: _Dry = False,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Do again what you have undone last, as long as you have changed nothing else since."""
    _take_back(Question(Target(store, url), map, as_json), "/redo", dry_run)


def revert_to_before(
    revision: _Revision,
    since: _Since = False,
    dry_run: _Dry = False,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Take back one change of anybody's, or everything since a revision; later changes of other fields stay."""
    parameters = [("since", "true")] if since else []
    _take_back(Question(Target(store, url), map, as_json), f"/changes/{revision}/revert", dry_run, parameters)


def _take_back(asked: Question, where: str, dry_run: bool, parameters: list[tuple[str, str]] | None = None) -> None:
    more = [*(parameters or []), *([("dry_run", "true")] if dry_run else [])]
    with asked.target.api() as api:
        reply = api.ask("POST", f"{asked.base(api)}{where}", more)
    if asked.as_json:
        raw(reply)
    else:
        _print(reply.value)


def _print(done: Mapping[str, Any]) -> None:
    if not (done["created"] or done["updated"] or done["deleted"]) and "nothing of it was left" in done["sentence"]:
        line("There was nothing left to take back; the map is as it was.")
        return
    line(f"{'Would be: ' if done['dry_run'] else ''}{done['sentence']}")
    for node_id in done["orphaned"]:
        line(f"{node_id} {'would be' if done['dry_run'] else 'is'} left without a source.")
    if not done["dry_run"]:
        line(f"The map is at revision {done['revision']} now.")
