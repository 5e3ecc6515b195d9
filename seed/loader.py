"""Puts a map that ships with the package into a store, or brings one there to the newest edition, as one change."""

from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from graph.editing.editor import Provenance
from graph.editing.estimate import ENOUGH, cost_of
from graph.editing.planning import Plan, plan
from graph.errors import Conflict, NotFound
from graph.maps.commit_queue import WriteRequest
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.map import MapCreate
from seed.articles import DEFAULT, Document, load_document
from seed.editions import Standing, creates, nodes_of, standing, update_of
from seed.merging import Kept, Merge

_UNKNOWN = Standing(None, 1)


class Loaded(NamedTuple):
    """Where a map stands after it was asked for."""

    map: str
    revision: int
    created: bool
    """False where the store had a map of this id already, which then stayed as it was."""


@dataclass
class Updated:
    """What became of a map that was to be brought to the newest edition."""

    map: str
    revision: int = 0
    standing: Standing = field(default=_UNKNOWN)
    """Where it stood before."""
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    kept: tuple[Kept, ...] = ()
    """In what it stays as its users made it."""

    @property
    def is_changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.created or self.updated or self.deleted)


async def load(workspace: Workspace, name: str = DEFAULT, *, by: str = "seed") -> Loaded:
    """Make the map with all its nodes in one change; a map of its id that is there already is left alone.

    Raises `LookupError` for a name that does not ship, and what the store raises.
    """
    document = load_document(name)
    draft = MapCreate.model_validate({field: document[field] for field in MapCreate.model_fields if field in document})
    map_id: str = document["id"]
    try:
        return Loaded(map_id, (await workspace.version(map_id)).revision, created=False)
    except NotFound:
        pass
    try:
        written = await workspace.create(draft, write_request_of(document, by))
    except Conflict:  # another process was faster
        return Loaded(map_id, (await workspace.version(map_id)).revision, created=False)
    return Loaded(map_id, written.revision, created=True)


async def update(workspace: Workspace, name: str = DEFAULT, *, by: str, map_id: str | None = None) -> Updated:
    """Bring the map of an earlier edition to the newest one in one change of whoever asks, who can undo it.

    What its users changed since stays and is told; title, question and description are theirs. A map that has the
    newest edition, or none, is left as it is. `map_id` names a map that has the example under another id. Raises
    `NotFound` where there is no such map, `LookupError` for a name that does not ship, and what the store raises.
    """
    done = Updated(map_id or load_document(name)["id"])

    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        mine = nodes_of(graph)
        done.standing = standing(mine, name)
        has = done.standing.has
        merged = Merge((), ()) if has is None or not done.standing.is_outdated else update_of(mine, has, name)
        made = plan(graph, merged.commands, provenance)
        done.created, done.updated, done.deleted, done.kept = made.created, made.updated, made.deleted, merged.kept
        return made

    written = await workspace.write(done.map, WriteRequest(planned, by, lambda _: b"{}", cost=lambda _: ENOUGH))
    done.revision = written.revision
    return done


def write_request_of(document: Document, by: str) -> WriteRequest:
    """The request that fills an empty map with the nodes of a document."""
    commands = list(creates(document))

    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, commands, provenance)

    return WriteRequest(planned, by, lambda _: b"{}", cost=partial(cost_of, commands=commands))
