"""Replay: a snapshot carried along the change log, forward to a newer revision or back to an older one."""

from collections.abc import Iterable, Sequence

import msgspec

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns
from schemas.change import Birth, Change, Edit
from schemas.map import MapFields, MapHeader
from schemas.node import AnyNode, read_node
from schemas.vocabulary import KINDS

_EDIT, _BYTE = 30.0, 0.02
"""Estimated microseconds that replaying an edit costs, and each byte of it."""


def empty(header: MapHeader) -> ArgumentGraph:
    """A snapshot of a map that has no nodes yet."""
    return ArgumentGraph(header, Columns.read([], b"", []))


def forward(graph: ArgumentGraph, changes: Sequence[Change]) -> ArgumentGraph:
    """The snapshot after these changes, which must follow it without a gap; O(edits)."""
    if not changes:
        return graph
    redactions = [change.revision for change in changes if change.redaction is not None]
    redacted = redactions[-1] if redactions else graph.header.redacted
    header = _made_by(graph, changes[-1]).model_copy(update={"redacted": redacted})
    return _applied(graph, header, (edit for change in changes for edit in change.edits))


def supposed(graph: ArgumentGraph, change: Change) -> ArgumentGraph:
    """The snapshot with what a change would do to it, still of its own revision; costs what the edits do.

    Its own `change` is told from the stored one by the uid behind it, so that nothing kept of one is taken for the
    other's.
    """
    stamped = {"updated_at": change.at, "updated_by": change.by, "change": f"{graph.change}+{change.uid}"}
    return _applied(graph, graph.header.model_copy(update=stamped), change.edits)


def backward(graph: ArgumentGraph, changes: Sequence[Change], before: Change) -> ArgumentGraph:
    """The snapshot before these changes, newest of which made it; `before` is the change that it then shows."""
    return _applied(graph, _made_by(graph, before), _inverse(changes))


def base_entry(graph: ArgumentGraph, change: Change) -> Change:
    """The entry that stands for the change that made a snapshot, and for all before it; one pass over the nodes."""
    header = graph.header
    fields = MapFields.model_construct(**{name: getattr(header, name) for name in MapFields.model_fields})
    nodes = (Edit(KINDS[graph.kind(n)], graph.id(n), None, msgspec.Raw(graph.stored(n))) for n in graph.numbers())
    edits = (Edit("map", graph.map, None, msgspec.Raw(fields.dense())), *nodes)
    birth = Birth(header.created_at, header.created_by)
    return msgspec.structs.replace(change, edits=edits, reversal=None, born=birth)


def without(graph: ArgumentGraph, changes: Sequence[Change]) -> ArgumentGraph:
    """The snapshot as it was before these changes, the newest of which made it, with its own stamps."""
    stood = {"revision": changes[0].revision - 1, "change": changes[0].follows}
    return _applied(graph, graph.header.model_copy(update=stood), _inverse(changes))


def _made_by(graph: ArgumentGraph, change: Change) -> MapHeader:
    """The header of a snapshot with the stamps of the change that is its newest."""
    stamps = {"revision": change.revision, "updated_at": change.at, "updated_by": change.by, "change": change.uid}
    return graph.header.model_copy(update=stamps)


def _inverse(changes: Sequence[Change]) -> Iterable[Edit]:
    return (edit for change in reversed(changes) for edit in change.inverse())


def _applied(graph: ArgumentGraph, header: MapHeader, edits: Iterable[Edit]) -> ArgumentGraph:
    last: dict[str, Edit] = {}
    for edit in edits:
        if edit.kind == "map":
            header = _retitled(header, edit)
        else:
            last[edit.id] = edit  # what came between is not read
    return graph.derive(header, ((node_id, _node(edit)) for node_id, edit in last.items()))


def _node(edit: Edit) -> AnyNode | None:
    return None if edit.after is None or edit.kind == "map" else read_node(edit.kind, bytes(edit.after))


def _retitled(header: MapHeader, edit: Edit) -> MapHeader:
    if edit.after is None:
        return header
    fields = MapFields.read(bytes(edit.after))
    return header.model_copy(update={name: getattr(fields, name) for name in MapFields.model_fields})


def cost_of_replay(changes: Sequence[Change]) -> float:
    """Estimated microseconds that replaying changes takes."""
    edits = [edit for change in changes for edit in change.edits]
    read = sum(edit.size for edit in edits)
    return len(edits) * _EDIT + read * _BYTE
