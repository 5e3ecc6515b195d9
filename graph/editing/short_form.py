"""The short form of an argument: what an analyst types, turned into the commands that make its nodes; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.errors import Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.argument import Argument
from schemas.change import Command, JsonObject
from schemas.problem import FieldProblem, pointer
from schemas.source import Source
from schemas.vocabulary import Kind

_OF_ASSERTION = ("actor", "source", "locator")
NewId = Callable[[Kind], str]


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
