"""Puts a map that ships with the package into a store, as one change."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from graph.editing.editor import Provenance
from graph.editing.estimate import cost_of
from graph.editing.planning import Plan, plan
from graph.errors import Conflict, NotFound
from graph.maps.commit_queue import WriteRequest
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.map import MapCreate
from schemas.vocabulary import PLURALS
from seed.articles import DEFAULT, Document, load_document


class Loaded(NamedTuple):
    """Where a map stands after it was asked for."""

    map: str
    revision: int
    created: bool
    """False where the store had a map of this id already, which then stayed as it was."""


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


def write_request_of(document: Document, by: str) -> WriteRequest:
    """The request that fills an empty map with the nodes of a document."""
    commands = list(creates(document))

    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return plan(graph, commands, provenance)

    return WriteRequest(planned, by, lambda _: b"{}", cost=partial(cost_of, commands=commands))


def creates(document: Document) -> Iterator[Command]:
    """A create for each node of a document, kind by kind."""
    for plural, kind in PLURALS.items():
        for node in document.get(plural, ()):
            yield Command.model_construct(op="create", kind=kind, id=node["id"], value=node)
