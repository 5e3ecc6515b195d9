"""Editing: from commands and a snapshot to a plan, a change with its inverse; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from pydantic import ValidationError

from graph.editing.editor import Editor, Provenance, Result
from graph.editing.fields import composed_fields, merge_patch, notes_of
from graph.errors import GraphError, Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.assertion import Assertion
from schemas.change import Command, Edit, WriteNote
from schemas.map import MapFields
from schemas.problem import explain
from schemas.quantity import encoded
from schemas.statement import Statement


@dataclass(frozen=True)
class Plan:
    """What a list of commands would do."""

    graph: ArgumentGraph
    """The snapshot after it; its revision is one further where anything changes."""
    edits: tuple[Edit, ...]
    results: tuple[Result, ...]
    orphaned: tuple[str, ...] = ()
    """Statements that had an assertion and are left without one, in order."""
    notes: tuple[WriteNote, ...] = ()
    """What the writer should know of what became of the values."""

    @property
    def deleted(self) -> list[str]:
        """Ids of the nodes that go, in order."""
        return sorted(self._touched("before") - self._touched("after"))

    @property
    def created(self) -> list[str]:
        """Ids of the nodes that come, in order."""
        return sorted(self._touched("after") - self._touched("before"))

    @property
    def updated(self) -> list[str]:
        """Ids of the nodes that change and stay, in order."""
        return sorted(self._touched("after") & self._touched("before"))

    def _touched(self, side: Literal["before", "after"]) -> set[str]:
        return {e.id for e in self.edits if getattr(e, side) is not None and e.kind != "map"}


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
    edits = tuple(_edits(graph, after, list(editor.touched)))
    return Plan(after, edits, tuple(results), tuple(_orphaned(graph, after, edits)), tuple(editor.notes))


def rename(graph: ArgumentGraph, patch: Mapping[str, Any], provenance: Provenance) -> Plan:
    """Change what a map says of itself by a merge patch of title, question and description; raises `Refused`."""
    header = graph.header
    before = header.model_dump(include=set(MapFields.model_fields))
    recomposed: list[str] = []
    try:
        fields = MapFields.read(encoded(merge_patch(before, composed_fields(patch, recomposed))))
    except ValidationError as error:
        raise Refused("this map is not well formed", explain(error, MapFields)) from error
    after = fields.model_dump()
    notes = notes_of(graph.map, recomposed)
    if after == before:
        return Plan(graph, (), (), notes=notes)
    stamped = {"revision": header.revision + 1, "updated_at": provenance.at, "updated_by": provenance.by}
    edit = Edit("map", graph.map, _raw(msgspec.json.encode(before)), _raw(msgspec.json.encode(after)))
    return Plan(graph.derive(header.model_copy(update={**after, **stamped}), ()), (edit,), (), notes=notes)


def _orphaned(before: ArgumentGraph, after: ArgumentGraph, edits: Iterable[Edit]) -> list[str]:
    """Statements that an assertion was taken from and that have none left; O(their links)."""
    lost = {
        node.of
        for edit in edits
        if edit.kind == "assertion" and edit.before is not None
        if isinstance(node := before.node(edit.id), Assertion) and node.of in after
    }
    statements = (s for s in sorted(lost) if isinstance(after.node(s), Statement))
    return [s for s in statements if not after.assertions_of(s)]


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
