"""Editing: from commands and a snapshot to a plan, a change with its inverse; pure.

An argument may be created in the short form: what an analyst types, turned into the commands that make its nodes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from pydantic import ValidationError

from graph.budgets import check_wanted
from graph.editing.editor import Editor, Provenance, Result, composed_fields, merge_patch, notes_of
from graph.errors import GraphError, Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import new_id
from schemas.change import Command, Edit, EditNote, JsonObject, Reversal
from schemas.map import MapFields
from schemas.node import Argument, Assertion, Source, Statement, encoded
from schemas.problem import FAULTS_AT_MOST, FieldProblem, explain, pointer
from schemas.vocabulary import KINDS, Kind

_OF_ASSERTION = ("actor", "source", "locator")
NewId = Callable[[Kind], str]


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

    A created argument may come in the short form (`graph.editing.planning`). Raises `Refused` (a value or a rule),
    `Conflict` (an id taken, a delete that leaves a reference dangling), `Stale` (`if_version`), `NotFound`; the
    error's `command` says which command it concerns. Of several commands every fault is told, up to
    `FAULTS_AT_MOST`, as one error: of the faults' own sort where they are of one, else `Refused`.
    """
    editor = Editor(graph, provenance)
    drawn = _Drawn(editor)
    results = []
    for index, command in enumerate(commands):
        check_wanted()
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
    forms: "dict[str, tuple[ShortForm, int]]" = field(default_factory=dict)
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


# --- the short form -------------------------------------------------------------------------------


@dataclass
class ShortForm:
    """The commands of one short form, and where in it the parts of each stand."""

    commands: list[Command] = field(default_factory=list)
    statements: list[JsonObject] = field(default_factory=list)
    """The new statements."""
    places: list[list[tuple[str, str]]] = field(default_factory=list)
    """For each command, pointers into its value and the pointers into the form that they came from."""
    publishers: dict[Any, Any] = field(default_factory=dict)
    """By new source who publishes it."""

    def add(self, kind: Kind, value: JsonObject, places: Sequence[tuple[str, str]]) -> None:
        """One more node to make."""
        self.commands.append(Command(op="create", kind=kind, value=value))
        self.places.append(list(places))

    def place(self, problem: FieldProblem, command: int) -> FieldProblem:
        """A fault of a command as a fault of the form."""
        for inner, outer in self.places[command]:
            if problem.pointer == inner or problem.pointer.startswith(inner + "/"):
                return FieldProblem(outer + problem.pointer[len(inner) :], problem.detail)
        return problem


def is_short_form(value: Mapping[str, Any]) -> bool:
    """Whether an argument's fields stand for more nodes than the argument."""
    fields = ("text", "mutual", "statement_id", *_OF_ASSERTION)
    premises = value.get("premises")
    return (
        any(name in value for name in fields)
        or not isinstance(premises, list)
        or any(isinstance(p, Mapping) for p in premises)
    )


def read_form(graph: ArgumentGraph, form: Mapping[str, Any], new_id: NewId) -> ShortForm:
    """The commands for an argument in short or long form; raises `Refused` where the form contradicts itself.

    The long form's `premises` may mix ids and statements; the short one's `text` is its only premise. Each
    new statement gets an assertion where `source` is given. With `mutual` the converse of a contradiction is made too;
    the last command is always the argument that was asked for.
    """
    _check(graph, form)
    made = ShortForm()
    form = _with_inline(made, form, new_id)
    premises = [
        _premise(made, item, place, new_id)
        for item, place in (
            [(_new_statement(form), "/text")]
            if "text" in form
            else [(item, pointer("premises", i)) for i, item in enumerate(form["premises"])]
        )
    ]
    if form.get("source") is not None:
        for statement in list(made.statements):
            _assert(made, graph, form, str(statement["id"]))
    own = ("text", "mutual", "statement_id", *_OF_ASSERTION)
    value: JsonObject = {name: v for name, v in form.items() if name not in own}
    value["premises"] = premises
    if form.get("mutual"):
        made.add("argument", _converse(value), [("", "/mutual")])
    made.add("argument", value, _argument_places(form))
    return made


def _new_statement(form: Mapping[str, Any]) -> JsonObject:
    named = form.get("statement_id")
    return {"text": form["text"], **({"id": named} if named is not None else {})}


def _with_inline(made: ShortForm, form: Mapping[str, Any], new_id: NewId) -> Mapping[str, Any]:
    """The form with ids where it described an actor, a source or the source's publisher, which are made first."""
    found = dict(form)
    if isinstance(form.get("actor"), Mapping):
        found["actor"] = _inline(made, "actor", {"actor_kind": "person", **form["actor"]}, "/actor", new_id)
    source = form.get("source")
    if isinstance(source, Mapping):
        described = {"source_kind": "article", **source}
        if isinstance(source.get("publisher"), Mapping):
            outlet = {"actor_kind": "outlet", **source["publisher"]}
            described["publisher"] = _inline(made, "actor", outlet, "/source/publisher", new_id)
        found["source"] = _inline(made, "source", described, "/source", new_id)
        made.publishers[found["source"]] = described.get("publisher")
    return found


def _inline(made: ShortForm, kind: Kind, fields: Mapping[str, Any], place: str, new_id: NewId) -> Any:
    node_id = fields.get("id") or new_id(kind)
    made.add(kind, {**fields, "id": node_id}, [("", place)])
    return node_id


def _converse(value: JsonObject) -> JsonObject:
    """The same contradiction seen from its other end, as sure as the first."""
    premises: Any = value["premises"]
    return {**{n: v for n, v in value.items() if n != "id"}, "premises": [value.get("target")], "target": premises[0]}


def _check(graph: ArgumentGraph, form: Mapping[str, Any]) -> None:
    faults = [
        FieldProblem(f"/{name}", f"{name} says where and by whom it is said; name the source too")
        for name in ("actor", "locator")
        if form.get(name) is not None and form.get("source") is None
    ]
    faults += _mutual_faults(graph, form)
    if form.get("statement_id") is not None and "text" not in form:
        faults.append(FieldProblem("/statement_id", "names the statement of `text`; give text, or leave it out"))
    if "text" in form and "premises" in form:
        faults.append(FieldProblem("/text", 'give text or premises; a new premise among others is {"text": "…"}'))
    new = "text" in form or any(isinstance(p, Mapping) for p in _items(form.get("premises")))
    if not new and form.get("source") is not None:
        faults.append(
            FieldProblem("/source", "no statement is new here; add an assertion for one that is there already")
        )
    if "text" not in form and not isinstance(form.get("premises"), list):
        faults.append(FieldProblem("/premises", 'give text, or premises as a list of ids and {"text": "…"}'))
    if faults:
        raise Refused(faults[0].detail, faults)


def _mutual_faults(graph: ArgumentGraph, form: Mapping[str, Any]) -> list[FieldProblem]:
    """What keeps a contradiction from going both ways."""
    mutual = form.get("mutual", False)
    if not isinstance(mutual, bool):
        return [FieldProblem("/mutual", "must be true or false")]
    if not mutual:
        return []
    if form.get("stance") != "opposing":
        return [FieldProblem("/mutual", "only a contradiction goes both ways: set stance to opposing or leave it out")]
    if "text" not in form and len(_items(form.get("premises"))) != 1:
        return [FieldProblem("/mutual", "goes with one premise alone: the target contradicts it, not several together")]
    target = form.get("target")
    number = graph.find(target) if isinstance(target, str) else None
    if number is not None and isinstance(graph.at(number), Argument):
        return [FieldProblem("/mutual", f"{target!r} is an argument, which can be no premise; leave mutual out")]
    return []


def _items(premises: Any) -> list[Any]:
    return premises if isinstance(premises, list) else []


def _premise(made: ShortForm, item: Any, place: str, new_id: NewId) -> Any:
    """The id of a premise; a statement in place of one is made."""
    if not isinstance(item, Mapping):
        return item
    node_id = item.get("id") or new_id("statement")
    statement: JsonObject = {**item, "id": node_id}
    inner = "/text" if place == "/text" else ""
    made.statements.append(statement)
    made.add("statement", statement, [(inner, place)])
    return node_id


def _assert(made: ShortForm, graph: ArgumentGraph, form: Mapping[str, Any], statement: str) -> None:
    chain = _chain(made, graph, form)
    value: JsonObject = {"of": statement, "source": form["source"], "chain": chain}
    if form.get("locator") is not None:
        value["locator"] = form["locator"]
    last = pointer("chain", len(chain) - 1)
    spoken = [(last, "/actor")] if form.get("actor") is not None else []
    made.add("assertion", value, [*spoken, ("/chain", "/source")])


def _chain(made: ShortForm, graph: ArgumentGraph, form: Mapping[str, Any]) -> list[Any]:
    """Who says it: the source's publisher, and behind it the actor where that is another."""
    name, actor = form["source"], form.get("actor")
    if name in made.publishers:
        return [one for one in dict.fromkeys((made.publishers[name], actor)) if one is not None]
    number = graph.find(name) if isinstance(name, str) else None
    source = graph.at(number) if number is not None else None
    publisher = source.publisher if isinstance(source, Source) else None
    return [one for one in dict.fromkeys((publisher, actor)) if one is not None]


def _argument_places(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [("/premises/0", "/text"), ("/premises", "/text")] if "text" in form else []
