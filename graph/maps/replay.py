"""Replay: a snapshot carried along the change log, forward to a newer revision or back to an older one."""

from collections.abc import Iterable, Sequence

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns
from schemas.change import Change, Edit
from schemas.map import MapFields, MapHeader
from schemas.node import AnyNode, read_node


def empty(header: MapHeader) -> ArgumentGraph:
    """A snapshot of a map that has no nodes yet."""
    return ArgumentGraph(header, Columns.read([], b"", []))


def forward(graph: ArgumentGraph, changes: Sequence[Change]) -> ArgumentGraph:
    """The snapshot after these changes, which must follow it without a gap; O(edits)."""
    for change in changes:
        header = graph.header.model_copy(
            update={
                "revision": change.revision,
                "updated_at": change.at,
                "updated_by": change.by,
                "change": change.uid,
            }
        )
        graph = _applied(graph, header, change.edits)
    return graph


def backward(graph: ArgumentGraph, changes: Sequence[Change], before: Change) -> ArgumentGraph:
    """The snapshot before these changes, newest of which made it; `before` is the change that it then shows."""
    edits = [edit for change in reversed(changes) for edit in change.inverse()]
    header = graph.header.model_copy(
        update={
            "revision": before.revision,
            "updated_at": before.at,
            "updated_by": before.by,
            "change": before.uid,
        }
    )
    return _applied(graph, header, edits)


def _applied(graph: ArgumentGraph, header: MapHeader, edits: Iterable[Edit]) -> ArgumentGraph:
    nodes: list[tuple[str, AnyNode | None]] = []
    for edit in edits:
        if edit.kind == "map":
            header = _retitled(header, edit)
        else:
            nodes.append((edit.id, None if edit.after is None else read_node(edit.kind, bytes(edit.after))))
    return graph.derive(header, nodes)


def _retitled(header: MapHeader, edit: Edit) -> MapHeader:
    if edit.after is None:
        return header
    fields = MapFields.read(bytes(edit.after))
    return header.model_copy(update={name: getattr(fields, name) for name in MapFields.model_fields})
