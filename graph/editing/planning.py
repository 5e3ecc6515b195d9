"""Editing: from commands and a snapshot to a plan, a change with its inverse; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from pydantic import ValidationError

from graph.editing.editor import Editor, Provenance, Result
from graph.editing.fields import composed_fields, merge_patch, notes_of
from graph.editing.identity import new_id
from graph.editing.short_form import ShortForm, is_short_form, read_form
from graph.errors import GraphError, Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.assertion import Assertion
from schemas.change import Command, Edit, EditNote, Reversal
from schemas.map import MapFields
from schemas.problem import FAULTS_AT_MOST, FieldProblem, explain
from schemas.quantity import encoded
from schemas.statement import Statement
from schemas.vocabulary import KINDS


@dataclass(frozen=True)
class Plan:
    """What a list of commands would do."""

    graph: ArgumentGraph
    """The snapshot after it; its revision is one further where anything changes."""
    edits: tuple[Edit, ...]
    results: tuple[Result, ...]
    orphaned: tuple[str, ...] = ()
    """Statements that had an assertion and are left without one, in order."""
    notes: tuple[EditNote, ...] = ()
    """What the writer should know of what became of the values."""
    reversal: Reversal | None = None
    """That it takes back what was done before."""

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

    A created argument may come in the short form (`graph.editing.short_form`). Raises `Refused` (a value or a rule),
    `Conflict` (an id taken, a delete that leaves a reference dangling), `Stale` (`if_version`), `NotFound`; the
    error's `command` says which command it concerns. Of several commands every fault is told, up to
    `FAULTS_AT_MOST`, as one error: of the faults' own sort where they are of one, else `Refused`.
    """
    editor = Editor(graph, provenance)
    drawn = _Drawn(editor)
    results = []
    for index, command in enumerate(commands):
        try:
            results.append(drawn.apply(command, index))
        except GraphError as error:
            error.command = index
            drawn.fail(command, error)
            if len(drawn.errors) >= FAULTS_AT_MOST:
                break
    after = editor.finish()
    drawn.check()
    edits = tuple(edits_between(graph, after, editor.touched))
    orphaned = tuple(orphaned_by(graph, after, edits))
    return Plan(after if edits else graph, edits, tuple(results), orphaned, tuple(editor.notes))


@dataclass
class _Drawn:
    """The commands as they are applied: which nodes came of a short form, and what went wrong."""

    editor: Editor
    errors: list[GraphError] = field(default_factory=list)
    forms: dict[str, tuple[ShortForm, int]] = field(default_factory=dict)
    """By node the form that it came of, and its place among the nodes of it."""
    missing: set[str] = field(default_factory=set)
    """Ids of nodes that faulty commands would have made."""

    def apply(self, command: Command, index: int) -> Result:
        """Apply a command, or those that a short form stands for."""
        value = command.value or {}
        creates = command.op == "create" or (command.op == "upsert" and command.id not in self.editor)
        if command.kind != "argument" or not creates or not is_short_form(value):
            return self.editor.apply(command, index)
        named = {**value, "id": command.id} if command.id is not None and "id" not in value else value
        form = read_form(self.editor.graph, named, new_id)
        for place, part in enumerate(form.commands):
            try:
                result = self.editor.apply(part, index)
            except GraphError as error:
                error.problems = tuple(form.place(p, place) for p in error.problems)
                raise
            self.forms[result.id] = (form, place)
        return Result(command.op, command.kind, result.id)

    def fail(self, command: Command, error: GraphError) -> None:
        """Keep what is wrong with a command, and that its node is missing for that reason."""
        self.errors.append(error)
        named = command.id or (command.value or {}).get("id")
        if command.op in ("create", "upsert") and isinstance(named, str):
            self.missing.add(named)

    def check(self) -> None:
        """Raise what went wrong, with the rules that are broken beside it."""
        for node_id, error in self.editor.broken_rules():
            if len(self.errors) >= FAULTS_AT_MOST:
                break
            error.problems = tuple(p for p in error.problems if not self._follows(p))
            if not error.problems:
                continue
            if node_id in self.forms:
                form, place = self.forms[node_id]
                error.problems = tuple(form.place(p, place) for p in error.problems)
            self.errors.append(error)
        if self.errors:
            raise _together(sorted(self.errors, key=lambda one: one.command or 0))

    def _follows(self, problem: FieldProblem) -> bool:
        """Whether a fault is only that the node of a faulty command is not there."""
        return any(problem.detail.startswith(f"there is no node {one!r}") for one in self.missing)


def _together(errors: Sequence[GraphError]) -> GraphError:
    first = errors[0]
    if len(errors) == 1:
        return first
    kinds, codes = {type(one) for one in errors}, {one.name for one in errors}
    kind = kinds.pop() if len(kinds) == 1 else Refused
    problems = [(one.command or 0, p) for one in errors for p in one.problems or (FieldProblem("/id", one.detail),)]
    code = codes.pop() if len(codes) == 1 else "invalid"
    whole = kind(first.detail, [p for _, p in problems[:FAULTS_AT_MOST]], code=code)
    whole.commands = tuple(index for index, _ in problems[:FAULTS_AT_MOST])
    return whole


def rename(graph: ArgumentGraph, patch: Mapping[str, Any], provenance: Provenance) -> Plan:
    """Change what a map says of itself by a merge patch of its title, question, description and weights.

    Raises `Refused`.
    """
    header = graph.header
    before = MapFields.model_construct(**{name: getattr(header, name) for name in MapFields.model_fields})
    recomposed: list[str] = []
    try:
        wanted = merge_patch(msgspec.json.decode(before.dense()), composed_fields(patch, recomposed))
        after = MapFields.read(encoded(wanted))
    except ValidationError as error:
        raise Refused("this map is not well formed", explain(error, MapFields)) from error
    notes = notes_of(graph.map, recomposed)
    if after == before:
        return Plan(graph, (), (), notes=notes)
    fields = {name: getattr(after, name) for name in MapFields.model_fields}
    stamped = {
        "revision": header.revision + 1, "updated_at": provenance.at, "updated_by": provenance.by,
        "change": provenance.change,
    }  # fmt: skip
    edit = Edit("map", graph.map, _raw(before.dense()), _raw(after.dense()))
    return Plan(graph.derive(header.model_copy(update={**fields, **stamped}), ()), (edit,), (), notes=notes)


def orphaned_by(before: ArgumentGraph, after: ArgumentGraph, edits: Iterable[Edit]) -> list[str]:
    """Statements that edits take an assertion from and that have none left, in order."""
    lost = {
        node.of
        for edit in edits
        if edit.kind == "assertion" and edit.before is not None
        if isinstance(node := before.node(edit.id), Assertion) and node.of in after
    }
    statements = (s for s in sorted(lost) if isinstance(after.node(s), Statement))
    return [s for s in statements if not after.assertions_of(s)]


def edits_between(before: ArgumentGraph, after: ArgumentGraph, touched: Iterable[str]) -> Iterator[Edit]:
    """What became of the nodes of these ids from one snapshot to the next; one whose kind changed goes and comes."""
    for node_id in touched:
        first, last = before.find(node_id), after.find(node_id)
        old = None if first is None else before.stored(first)
        new = None if last is None else after.stored(last)
        if old == new:
            continue
        was = None if first is None else KINDS[before.kind(first)]
        now = None if last is None else KINDS[after.kind(last)]
        if was is not None and now is not None and was != now:
            yield Edit(was, node_id, _raw(old), None)
            yield Edit(now, node_id, None, _raw(new))
        elif (kind := now or was) is not None:
            yield Edit(kind, node_id, _raw(old), _raw(new))


def _raw(document: bytes | None) -> msgspec.Raw | None:
    return None if document is None else msgspec.Raw(document)
