"""Editing: from commands and a snapshot to a plan, a change with its inverse; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from pydantic import ValidationError

from graph.editing.editor import Editor, Provenance, Result
from graph.editing.fields import merge_patch
from graph.errors import GraphError, Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command, Edit
from schemas.map import MapFields
from schemas.problem import explain


@dataclass(frozen=True)
class Plan:
    """What a list of commands would do."""

    graph: ArgumentGraph
    """The snapshot after it; its revision is one further where anything changes."""
    edits: tuple[Edit, ...]
    results: tuple[Result, ...]

    @property
    def deleted(self) -> list[str]:
        """Ids of the nodes that go, in order."""
        return sorted(e.id for e in self.edits if e.after is None and e.kind != "map")

    @property
    def created(self) -> list[str]:
        """Ids of the nodes that come, in order."""
        return sorted(e.id for e in self.edits if e.before is None and e.kind != "map")

    @property
    def updated(self) -> list[str]:
        """Ids of the nodes that change, in order."""
        return sorted(e.id for e in self.edits if None not in (e.before, e.after) and e.kind != "map")


def plan(graph: ArgumentGraph, commands: Sequence[Command], provenance: Provenance) -> Plan:
    """Work out what commands do to a snapshot, all or nothing; O(edit), and O(links) once for a first delete.

    Raises `Refused` (a value or a rule), `Conflict` (an id taken, a delete that leaves a reference
    dangling), `Stale` (`if_version`), `NotFound`; the error's `command` says which command it concerns.
    """
    editor = Editor(graph, provenance)
    results = []
    for index, command in enumerate(commands):
        try:
            results.append(editor.apply(command, index))
        except GraphError as error:
            error.command = index
            raise
    after = editor.finish()
    return Plan(after, tuple(_edits(graph, after, list(editor.touched))), tuple(results))


def rename(graph: ArgumentGraph, patch: Mapping[str, Any], provenance: Provenance) -> Plan:
    """Change what a map says of itself by a merge patch of title, question and description; raises `Refused`."""
    header = graph.header
    before = header.model_dump(include=set(MapFields.model_fields))
    try:
        fields = MapFields.read(msgspec.json.encode(merge_patch(before, patch)))
    except ValidationError as error:
        raise Refused("this map is not well formed", explain(error, MapFields)) from error
    after = fields.model_dump()
    if after == before:
        return Plan(graph, (), ())
    stamped = {"revision": header.revision + 1, "updated_at": provenance.at, "updated_by": provenance.by}
    edit = Edit("map", graph.map, _raw(msgspec.json.encode(before)), _raw(msgspec.json.encode(after)))
    return Plan(graph.derive(header.model_copy(update={**after, **stamped}), ()), (edit,), ())


def _edits(before: ArgumentGraph, after: ArgumentGraph, touched: Sequence[str]) -> Iterator[Edit]:
    for node_id in touched:
        old, new = before.document(node_id), after.document(node_id)
        if old == new:
            continue
        was = before.node(node_id).kind if old is not None else None
        now = after.node(node_id).kind if new is not None else None
        if was is not None and now is not None and was != now:
            yield Edit(was, node_id, _raw(old), None)
            yield Edit(now, node_id, None, _raw(new))
        elif (kind := now or was) is not None:
            yield Edit(kind, node_id, _raw(old), _raw(new))


def _raw(document: bytes | None) -> msgspec.Raw | None:
    return None if document is None else msgspec.Raw(document)
