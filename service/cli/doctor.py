"""`argumap doctor` and `argumap repair`: a store held against the history of its maps, and made again from it."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli import options
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, working
from service.cli.target import Target

if TYPE_CHECKING:
    from graph.maps.expected import Finding
    from graph.maps.port import Store

_DOCTOR = examples("argumap doctor", "argumap doctor --map winter-supply --store neo4j://localhost:7687")
_REPAIR = examples("argumap repair --map winter-supply")
_Map = Annotated[str | None, typer.Option("--map", "-m", metavar="ID", help="Only this map; left out, all.")]
_Json = Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")]


def register_doctor(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("doctor", epilog=_DOCTOR)(doctor)
    app.command("repair", epilog=_REPAIR)(repair)


def doctor(map_id: _Map = None, store: options.Store = None, as_json: _Json = False) -> None:
    """Hold what a store keeps against the history of its maps; changes nothing.

    Documents, properties, relationships, index, head and the history itself must say the same, and a file must be sound
    to its last page. Other services may go on reading and writing meanwhile. Ends with 1 where something is wrong, and
    says which map, which node and what.
    """
    from graph.maps.doctor import examine, examine_store  # noqa: PLC0415 - the help must come fast

    with Target(store).embedded() as opened, working("Looking at the store"):
        damage = opened.run(examine_store(opened.workspace.store))
        takes_hands = opened.workspace.store.hands is not None
    if damage:  # what is read out of such a file says nothing
        _print(damage, as_json)
        raise CliError(ExitCode.NO, "the store itself is damaged; restore a backup (`argumap backup` makes them)")
    found = _each(store, map_id, "Looking at the maps", examine)
    _print(found, as_json)
    if not as_json and not found:
        line("Everything is as the history says.")
    if found:
        hint = "`argumap repair` makes it again from the history"
        if takes_hands:
            hint = f"what somebody changed by hand and meant `argumap adopt` takes in, and {hint}"
        raise CliError(ExitCode.NO, f"{len(found)} place{'s' if len(found) > 1 else ''} of damage; {hint}")


def repair(map_id: _Map = None, store: options.Store = None, as_json: _Json = False) -> None:
    """Make what a store keeps of its maps again from their history, and say what was wrong.

    Nothing is deleted that somebody else put into a Neo4j database: properties, labels and relationships of others
    stay, and a node that no entry of the history made is only taken out of the map. A damaged history cannot be
    repaired; then a backup helps.
    """
    from graph.maps.doctor import repair_map as repaired  # noqa: PLC0415

    found = _each(store, map_id, "Repairing the maps", repaired)
    _print(found, as_json)
    if not as_json:
        line(f"Repaired {len(found)} place{'' if len(found) == 1 else 's'}." if found else "Nothing was wrong.")


def _each(
    store: str | None, map_id: str | None, what: str, work: "Callable[[Store, str], Awaitable[list[Finding]]]"
) -> "list[Finding]":
    with Target(store).embedded() as opened, working(what):
        kept = opened.workspace.store

        async def every() -> "list[Finding]":
            ids = [map_id] if map_id is not None else await kept.map_ids()
            return [finding for one in ids for finding in await work(kept, one)]

        return opened.run(every())


def _print(found: "list[Finding]", as_json: bool) -> None:
    from graph.maps.doctor import where  # noqa: PLC0415

    if as_json:
        line(json.dumps([finding._asdict() for finding in found], ensure_ascii=False, indent=2))
        return
    for finding in found:
        line(f"{finding.map}: {where(finding)} {finding.detail}" if finding.map else finding.detail)
