"""Edits of another revision carried over to the map as it stands now, field by field, all of it or nothing; pure.

A revert takes changes of the log back; a draft that is accepted does what it would have done to the revision that it
is of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from graph.editing.editor import Editor, Provenance, own_fields, validated
from graph.editing.planning import Plan, edits_between, orphaned_by
from graph.errors import Conflict, Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Change, Edit, Reversal
from schemas.map import MapFields
from schemas.node import AnyNode, read_node
from schemas.problem import FAULTS_AT_MOST, FieldProblem, pointer
from schemas.vocabulary import Kind


def revert(graph: ArgumentGraph, changes: Sequence[Change], provenance: Provenance, reversal: Reversal) -> Plan:
    """Take back changes, given oldest first, on a snapshot that came after them.

    A node that is as the changes left it becomes exactly what it was, with its version and times. Of one that was
    edited since, the fields that the changes set go back and all others stay. Raises `Conflict` with every field
    that was set anew since, and every node that others hold or miss by now; its pointers are `/{id}/{field}`.
    """
    draft = _Draft(graph, provenance)
    for change in reversed(changes):
        for edit in change.inverse():
            draft.take_back(edit)
    return _planned(draft, "revert_conflict", reversal)


def carry_over(graph: ArgumentGraph, edits: Sequence[Edit], provenance: Provenance) -> Plan:
    """Do what edits of an older revision did, on a snapshot that came after it.

    Of a node that others have edited since only the fields are set that the edits set. Raises `Conflict` with every
    such field that was set otherwise since, and every node that others hold or miss by now; its pointers are
    `/{id}/{field}`.
    """
    draft = _Draft(graph, provenance, is_new=True)
    for edit in edits:
        draft.take_back(edit)
    return _planned(draft, "draft_conflict")


def _planned(draft: "_Draft", code: str, reversal: Reversal | None = None) -> Plan:
    graph, provenance = draft.graph, draft.provenance
    editor = Editor(graph, provenance)
    for node_id, node in draft.nodes.items():
        editor.restore(node_id, node)
    for node_id, error in editor.broken_rules():
        draft.conflicts += [p.under(pointer(node_id)) for p in error.problems]
    if draft.conflicts:
        raise _conflict(draft.conflicts, code)
    whole = editor.graph
    edits = (*draft.renamed(), *edits_between(graph, whole, editor.touched))
    if not edits and (reversal is None or reversal.act == "revert"):
        return Plan(graph, (), (), reversal=reversal)
    stamped = {"updated_at": provenance.at, "updated_by": provenance.by, "change": provenance.change}
    header = {**draft.title, **stamped, "revision": graph.revision + 1, "counts": whole.header.counts}
    after = whole.derive(graph.header.model_copy(update=header), ())
    orphaned = tuple(orphaned_by(graph, after, edits))
    return Plan(after, edits, (), orphaned, reversal=reversal)


def _conflict(problems: Sequence[FieldProblem], code: str) -> Conflict:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return Conflict(
        f"what came after stands against it: {problems[0].detail}{more}; nothing was changed",
        problems[:FAULTS_AT_MOST],
        code=code,
    )


class _Held(NamedTuple):
    """A node's kind and stored document."""

    kind: Kind
    document: bytes

    @classmethod
    def of(cls, edit: Edit, document: msgspec.Raw | None) -> "_Held | None":
        return None if document is None or edit.kind == "map" else cls(edit.kind, bytes(document))

    @property
    def node(self) -> AnyNode:
        return read_node(self.kind, self.document)


@dataclass
class _Draft:
    """Nodes and title of the map as they become while change after change is taken back."""

    graph: ArgumentGraph
    provenance: Provenance
    is_new: bool = False
    """Whether what becomes of the nodes is written now; else they are again what they were, with versions and times."""
    nodes: dict[str, AnyNode | None] = field(default_factory=dict)
    conflicts: list[FieldProblem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._before = {name: getattr(self.graph.header, name) for name in MapFields.model_fields}
        self.title = dict(self._before)
        """What the map says of itself."""

    def renamed(self) -> tuple[Edit, ...]:
        """The edit of what the map says of itself, where that changes."""
        if self.title == self._before:
            return ()
        was, now = (msgspec.Raw(MapFields.model_construct(**one).dense()) for one in (self._before, self.title))
        return (Edit("map", self.graph.map, was, now),)

    def take_back(self, edit: Edit) -> None:
        """Lead from what an edit of the log left, its `before`, to what was there in its time, its `after`."""
        if edit.kind == "map":
            self._rename(edit)
            return
        left, wanted, now = _Held.of(edit, edit.before), _Held.of(edit, edit.after), self._now(edit.id)
        if now == left:
            self.nodes[edit.id] = None if wanted is None else self._became(wanted, now)
        elif left is None:
            self._bring_back(edit.id, wanted, now)
        elif wanted is None:
            self._take_away(edit.id, left, now)
        elif now is None or now.kind != left.kind:
            self._conflict(edit.id, None, f"{edit.id!r} was deleted since")
        else:
            self._merge(edit.id, left, wanted, now)

    def _became(self, wanted: _Held, now: _Held | None) -> AnyNode:
        if not self.is_new:
            return wanted.node
        fields = own_fields(wanted.node)
        return validated(wanted.kind, fields, self._made() if now is None else self._stamp(now.node))

    def _made(self) -> Mapping[str, Any]:
        at, by = self.provenance.at, self.provenance.by
        return {"version": 1, "created_at": at, "created_by": by, "updated_at": at, "updated_by": by}

    def _now(self, node_id: str) -> _Held | None:
        if node_id in self.nodes:
            node = self.nodes[node_id]
            return None if node is None else _Held(node.kind, node.dense())
        number = self.graph.find(node_id)
        return None if number is None else _Held(self.graph.at(number).kind, self.graph.stored(number))

    def _bring_back(self, node_id: str, wanted: _Held | None, now: _Held | None) -> None:
        """A node that the change had deleted, where there is one of its id by now."""
        if wanted is None or now is None or (now.kind == wanted.kind and _differing(now, wanted) == []):
            return
        gone = "" if self.is_new else f"{node_id!r} was deleted, and "
        self._conflict(node_id, None, f"{gone}there is a new {now.kind} of this id since")

    def _take_away(self, node_id: str, left: _Held, now: _Held | None) -> None:
        """A node that the change had made, where it was edited since or is gone already."""
        if now is None:
            return
        if now.kind != left.kind:
            self._conflict(node_id, None, f"{node_id!r} was deleted, and there is a new {now.kind} of this id since")
            return
        fields = _differing(left, now)
        for name in fields:
            self._conflict(node_id, name, f"{name} of {node_id!r}, which would go, was set since, {_by(now.node)}")
        if not fields:
            self.nodes[node_id] = None

    def _merge(self, node_id: str, left: _Held, wanted: _Held, now: _Held) -> None:
        """Set the fields of one edit back where nobody has set them since, and leave all others as they are."""
        was, goal, fields = (own_fields(one.node) for one in (left, wanted, now))
        whole = dict(fields)
        for name in _differing(left, wanted):
            if fields.get(name) == was.get(name):
                _set(whole, name, goal)
            elif fields.get(name) != goal.get(name):
                self._conflict(node_id, name, f"{name} of {node_id!r} was set anew since, {_by(now.node)}")
        if whole == fields:
            return
        try:
            self.nodes[node_id] = validated(now.kind, whole, self._stamp(now.node))
        except Refused as error:
            self.conflicts += [p.under(pointer(node_id)) for p in error.problems]

    def _stamp(self, node: AnyNode) -> Mapping[str, Any]:
        first = self.graph.find(node.id)
        return {
            "version": (node if first is None else self.graph.at(first)).version + 1,
            "created_at": node.created_at,
            "created_by": node.created_by,
            "updated_at": self.provenance.at,
            "updated_by": self.provenance.by,
        }

    def _rename(self, edit: Edit) -> None:
        if edit.before is None or edit.after is None:  # the making of the map is not taken back
            return
        left, wanted = (MapFields.read(bytes(one)) for one in (edit.before, edit.after))
        for name in MapFields.model_fields:
            was, goal = getattr(left, name), getattr(wanted, name)
            if was == goal:
                continue
            if self.title[name] == was:
                self.title[name] = goal
            elif self.title[name] != goal:
                self._conflict(self.graph.map, name, f"the map's {name} was set anew since")

    def _conflict(self, node_id: str, name: str | None, detail: str) -> None:
        place = pointer(node_id) if name is None else pointer(node_id, name)
        self.conflicts.append(FieldProblem(place, detail))


def _differing(one: _Held, other: _Held) -> list[str]:
    """The fields of their authors in which two documents of a kind differ, in order."""
    first, second = own_fields(one.node), own_fields(other.node)
    return sorted(n for n in first.keys() | second.keys() if first.get(n) != second.get(n))


def _set(fields: dict[str, Any], name: str, goal: Mapping[str, Any]) -> None:
    if name in goal:
        fields[name] = goal[name]
    else:
        fields.pop(name, None)


def _by(node: AnyNode) -> str:
    return f"last by {node.updated_by} at {node.updated_at}"
