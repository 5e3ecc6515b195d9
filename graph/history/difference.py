"""Two states of a map compared: node by node and field by field."""

from collections.abc import Iterator
from typing import Any, cast

import msgspec

from graph.history.sentences import deed_of, label_of_edit
from graph.maps.history import changed_fields
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Change, Edit
from schemas.history import (
    Became,
    Deed,
    FieldChange,
    NodeDifference,
    Operation,
    OperationDetail,
)
from schemas.map import MapFields
from schemas.node import MODELS, decoded
from schemas.vocabulary import KINDS

_BECAME: dict[str, Became] = {"create": "created", "update": "updated", "delete": "deleted"}


def differing_ids(before: ArgumentGraph, after: ArgumentGraph) -> list[str]:
    """The ids of the nodes whose stored documents differ, in order."""
    if before.columns is after.columns:
        ids = {graph.id(n) for graph in (before, after) for n in graph.patch.nodes}
    else:
        ids = {graph.id(n) for graph in (before, after) for n in graph.numbers()}
    return sorted(i for i in ids if before.document(i) != after.document(i))


def edit_between(before: ArgumentGraph, after: ArgumentGraph, node_id: str) -> Edit:
    """What became of one node that is in at least one of two snapshots."""
    shown = after if node_id in after else before
    kind = KINDS[shown.kind(shown.number(node_id))]
    was, now = (None if (d := graph.document(node_id)) is None else msgspec.Raw(d) for graph in (before, after))
    return Edit(kind, node_id, was, now)


def retitled(before: ArgumentGraph, after: ArgumentGraph) -> Edit | None:
    """What became of what the map says of itself; None where it is the same."""
    was, now = (
        MapFields.model_construct(**{name: getattr(graph.header, name) for name in MapFields.model_fields}).dense()
        for graph in (before, after)
    )
    return None if was == now else Edit("map", after.map, msgspec.Raw(was), msgspec.Raw(now))


def node_difference(edit: Edit) -> NodeDifference:
    """A node that differs, with the fields that do."""
    return NodeDifference(edit.id, edit.kind, _BECAME[deed_of(edit)], label_of_edit(edit), _values(edit))


def operation_done(edit: Edit) -> Operation:
    """What an edit did, with the names of the fields."""
    deed = cast(Deed, deed_of(edit))
    return Operation(deed, edit.kind, edit.id, label_of_edit(edit), tuple(name for name, _, _ in changed_fields(edit)))


def operation_detail(edit: Edit) -> OperationDetail:
    """What an edit did, with the values of the fields."""
    return OperationDetail(cast(Deed, deed_of(edit)), edit.kind, edit.id, label_of_edit(edit), _values(edit))


def nodes_touched(change: Change) -> list[str]:
    """The ids of the nodes that a change touched, in order."""
    return sorted({edit.id for edit in change.edits if edit.kind != "map"})


def _values(edit: Edit) -> dict[str, FieldChange]:
    return dict(_changes(edit))


def _changes(edit: Edit) -> Iterator[tuple[str, FieldChange]]:
    for name, was, now in changed_fields(edit):
        yield name, FieldChange(_value(edit, name, edit.before, was), _value(edit, name, edit.after, now))


def _value(edit: Edit, name: str, document: msgspec.Raw | None, raw: bytes | None) -> Any:
    """A field as a read answers it: what is stored leaves out what is at its default."""
    if document is None:
        return None
    if raw is not None:
        return decoded(raw)
    model = MapFields if edit.kind == "map" else MODELS[edit.kind]
    return model.model_fields[name].get_default()
