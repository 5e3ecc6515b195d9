"""`argumap copy`: maps with their whole history from one store to another, while services go on."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, working
from service.cli.target import Target

if TYPE_CHECKING:
    from graph.maps.port import Store

_EXAMPLES = examples(
    "argumap copy sqlite:maps.sqlite neo4j://localhost:7687",
    "argumap copy neo4j://localhost:7687 sqlite:backup-of-today.sqlite",
)
_From = Annotated[
    str, typer.Argument(metavar="FROM", help="The store to copy: sqlite:PATH, neo4j://HOST:PORT, bolt://…")
]
_To = Annotated[
    str, typer.Argument(metavar="TO", help="The store to copy to; an SQLite file is made where it is missing.")
]
_Map = Annotated[list[str] | None, typer.Option("--map", "-m", metavar="ID", help="Only this map. Repeatable.")]


def register_copy(app: typer.Typer) -> None:
    """Add the command."""
    app.command("copy", epilog=_EXAMPLES)(copy)


def copy(source: _From, target: _To, map_ids: _Map = None) -> None:
    """Copy maps with every change of their history from one store to another.

    The move from SQLite to Neo4j, back, and the backup of a running Neo4j. Services may go on writing to the source;
    copying again brings over what was written since. A map that the target has already must have begun with the same
    changes, else it is left alone. Each is compared when it is there. ARGUMAP_NEO4J_USER and so on count for both.
    The texts of its sources come too; of what else stands beside a map nothing does: notes, keys, deleted maps.
    """
    if source == target:
        raise CliError(ExitCode.MISUSE, "FROM and TO are one store")
    with Target(source).embedded() as opened, working("Copying the maps"):
        to = Target(target).settings()
        copied = opened.run(_copy(opened.workspace.store, _store(to), map_ids))
    for map_id, revisions, texts in copied:
        with_texts = f", {texts} text{'' if texts == 1 else 's'}" if texts else ""
        line(f"{map_id}: {revisions} revision{'' if revisions == 1 else 's'}{with_texts}")
    line(f"Copied {len(copied)} map{'' if len(copied) == 1 else 's'} from {source} to {target}.")


def _store(settings: object) -> "Store":
    from service.app import store_of  # noqa: PLC0415 - the help must come fast

    try:
        return store_of(settings)  # type: ignore[arg-type]
    except ValueError as error:
        raise CliError(ExitCode.MISUSE, str(error)) from error


async def _copy(source: "Store", target: "Store", map_ids: list[str] | None) -> list[tuple[str, int, int]]:
    from graph.errors import NotFound  # noqa: PLC0415
    from graph.maps.copying import copy_map, copy_texts, is_same  # noqa: PLC0415

    await target.open()
    try:
        copied = []
        for map_id in map_ids or await source.map_ids():
            if map_ids and await source.version(map_id) is None:
                raise NotFound(f"there is no map {map_id!r}", code="map_not_found")
            revisions = await copy_map(source, target, map_id)
            if not await is_same(source, target, map_id):
                raise CliError(
                    ExitCode.NO, f"map {map_id!r} is not the same in both stores; `argumap doctor` looks why"
                )
            copied.append((map_id, revisions, await copy_texts(source, target, map_id)))
        return copied
    finally:
        await target.close()
