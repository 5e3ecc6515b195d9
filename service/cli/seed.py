"""`argumap seed`: load the example map, bring it to its newest edition, or check its locators against its texts.

What it works with is imported where it is used: the help must come fast.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seed.articles import DEFAULT, load_document, names
from service.cli import options
from service.cli.api import Api, path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, working
from service.cli.target import Target

if TYPE_CHECKING:
    from seed.editions import Standing
    from seed.loader import Updated
    from seed.merging import Nodes
    from seed.verify import Report

_EXAMPLES = examples(
    "argumap seed",
    "argumap seed --store sqlite:maps.sqlite",
    "argumap seed --update",
    "argumap seed verify eu-today.txt korea-herald.txt",
)
_HELP = (
    "Load the example map in one change. A map of its id that is there already stays as it is; "
    "--update brings it to a newer edition."
)
_app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)
Name = Annotated[str, typer.Option("--name", metavar="ID", help=f"Which example: {', '.join(names())}.")]
_UPDATE = "Bring a map of an earlier edition to the newest, as one change; what you changed stays and is told."
Update = Annotated[bool, typer.Option("--update", help=_UPDATE)]


def register_seed(app: typer.Typer) -> None:
    """Add the command with its own command."""
    app.add_typer(_app, name="seed", help=_HELP, epilog=_EXAMPLES)


@_app.callback()
def _load(
    context: typer.Context,
    store: options.Store = None,
    url: options.Url = None,
    name: Name = DEFAULT,
    update: Update = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    document = _document(name)
    target = Target(store, url)
    if update:
        _update(target, name)
        return
    if target.service_url is None:
        made, has = _into_store(target, name)
    else:
        with target.api() as api, working("Loading the example"):
            made, has = _into_service(api, document)
    if made:
        line(f"Loaded the map {document['id']}: “{document['title']}”.")
        return
    line(f"The map {document['id']} is there already; it stays as it is.")
    if has is not None and has.is_outdated:
        line(f"It has edition {has.has} of the example; `argumap seed --update` brings edition {has.newest}.")


@_app.command("verify", epilog=examples("argumap seed verify eu-today.txt korea-herald.txt"))
def verify_seed(
    articles: Annotated[list[Path], typer.Argument(metavar="ARTICLE…", help="Files with the texts of the articles.")],
    name: Name = DEFAULT,
) -> None:
    """Check every locator of the example against the texts of its articles, which are not part of it.

    The texts are told by their digest, so the files may have any name. Exit code 1 where anything does not fit.
    """
    from seed import verify as checks  # noqa: PLC0415 - the help must come fast

    document = _document(name)
    found = checks.match(document, {str(file): _content(file) for file in articles})
    for unknown in found.unknown:
        line(str(unknown))
    report = checks.verify(document, found.texts)
    for problem in report.problems:
        line(str(problem))
    line(_told(report))
    if found.unknown or not report.fits:
        raise typer.Exit(ExitCode.NO)


def _told(report: "Report") -> str:
    checked = ", ".join(f"{n} in {source}" for source, n in report.checked.items()) or "none"
    left = ", ".join(f"{n} in {source}" for source, n in report.unchecked.items())
    faults = len(report.problems)
    outcome = "all fit" if not faults else f"{faults} fault{'' if faults == 1 else 's'}"
    return f"Locators checked: {checked}; {outcome}.{f' Not given: {left}.' if left else ''}"


def _document(name: str) -> dict[str, Any]:
    try:
        return load_document(name)
    except LookupError as error:
        raise CliError(ExitCode.MISUSE, str(error.args[0])) from error


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CliError(ExitCode.MISUSE, f"{file} cannot be read: {error.strerror}") from error


def _into_store(target: Target, name: str) -> "tuple[bool, Standing | None]":
    from seed.editions import nodes_of, standing  # noqa: PLC0415
    from seed.loader import load  # noqa: PLC0415

    with target.embedded(making=True) as store, working("Loading the example"):
        loaded = store.run(load(store.workspace, name))
        if loaded.created:
            return True, None
        return False, standing(nodes_of(store.run(store.workspace.at(loaded.map))), name)


def _into_service(api: Api, document: dict[str, Any]) -> "tuple[bool, Standing | None]":
    """Over HTTP the map is made first and filled then; it goes again where it cannot be filled."""
    from seed.editions import creates, operation_of, standing  # noqa: PLC0415

    here = {one["id"] for one in api.get("/v1/maps", [("limit", "1000")]).value["items"]}
    if document["id"] in here:
        return False, standing(_exported(api, document["id"]), document["id"])
    api.post("/v1/maps", {name: document[name] for name in ("id", "title", "question", "description")})
    address = path("v1", "maps", document["id"])
    try:
        api.post(f"{address}/batch", {"operations": [operation_of(command) for command in creates(document)]})
    except CliError:
        api.delete(address)
        raise
    return True, None


def _update(target: Target, name: str) -> None:
    """Update the map and say what was done; raises `CliError` where there is none to update."""
    from schemas.key import LOCAL  # noqa: PLC0415 - the help must come fast
    from seed.loader import update  # noqa: PLC0415

    if target.service_url is None:
        with target.embedded() as store, working("Updating the example"):
            done = store.run(update(store.workspace, name, by=LOCAL))  # as whoever undoes it there
    else:
        with target.api() as api, working("Updating the example"):
            done = _update_over_http(api, name)
    _tell_of_update(done)


def _exported(api: Api, map_id: str) -> "Nodes":
    """The nodes of a map behind the API, their figures digit for digit."""
    from schemas.node import decoded  # noqa: PLC0415
    from seed.editions import nodes_of_export  # noqa: PLC0415

    return nodes_of_export(decoded(api.get(path("v1", "maps", map_id, "export")).body)["nodes"])


def _update_over_http(api: Api, map_id: str) -> "Updated":
    """As one batch, held to the revision that it was worked out on: who writes in between is not overwritten."""
    from schemas.node import encoded  # noqa: PLC0415
    from seed.editions import (  # noqa: PLC0415
        operation_of,
        standing,
        update_of,
    )
    from seed.loader import Updated  # noqa: PLC0415

    address = path("v1", "maps", map_id)
    before = api.get(address)
    mine = _exported(api, map_id)
    done = Updated(map_id, before.value["revision"], standing(mine, map_id))
    if done.standing.has is None or not done.standing.is_outdated:
        return done
    merged = update_of(mine, done.standing.has, map_id)
    done.kept = merged.kept
    if merged.commands:
        operations = [operation_of(command) for command in merged.commands]
        body, held = encoded({"operations": operations}), {"If-Match": before.tag or "*"}
        written = api.ask("POST", f"{address}/batch", body=body, headers=held).value
        done.revision = written["revision"]
        done.created, done.updated, done.deleted = (written[part] for part in ("created", "updated", "deleted"))
    return done


def _tell_of_update(done: "Updated") -> None:
    has, newest = done.standing
    if has is None:
        raise CliError(ExitCode.NO, f"the map {done.map} is no edition of the example; it stays as it is")
    if not done.standing.is_outdated:
        line(f"The map {done.map} has the newest edition, {newest}, already; it stays as it is.")
        return
    if done.is_changed:
        counts = ((len(done.created), "made"), (len(done.updated), "changed"), (len(done.deleted), "deleted"))
        told = ", ".join(f"{count} {what}" for count, what in counts if count)
        line(f"Brought the map {done.map} from edition {has} to {newest} in one change, its revision {done.revision}.")
        line(f"Nodes: {told}.")
    else:
        line(f"Nothing of edition {newest} could be applied to the map {done.map}.")
    if done.kept:
        line(f"Kept as you have it, {len(done.kept)}:")
    for kept in done.kept:
        line(f"  {kept.id}: {kept.why}.")
