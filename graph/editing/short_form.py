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


def read_form(graph: ArgumentGraph, form: Mapping[str, Any], new_id: NewId) -> ShortForm:
    """The commands for an argument in short or long form; raises `Refused` where the form contradicts itself.

    The long form's `premises` may mix ids and statements; the short one's `text` is its only premise. Each
    new statement gets an assertion where `source` is given. With `mutual` the converse of a contradiction is made too;
    the last command is always the argument that was asked for.
    """
    _check(graph, form)
    made = ShortForm()
    premises = [
        _premise(made, item, place, new_id)
        for item, place in (
            [({"text": form["text"]}, "/text")]
            if "text" in form
            else [(item, pointer("premises", i)) for i, item in enumerate(form["premises"])]
        )
    ]
    if form.get("source") is not None:
        for statement in list(made.statements):
            _assert(made, graph, form, str(statement["id"]))
    value: JsonObject = {name: v for name, v in form.items() if name not in ("text", "mutual", *_OF_ASSERTION)}
    value["premises"] = premises
    if form.get("mutual"):
        made.add("argument", _converse(value), [("", "/mutual")])
    made.add("argument", value, _argument_places(form))
    return made


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
    chain = _chain(graph, form)
    value: JsonObject = {"of": statement, "source": form["source"], "chain": chain}
    if form.get("locator") is not None:
        value["locator"] = form["locator"]
    last = pointer("chain", len(chain) - 1)
    spoken = [(last, "/actor")] if form.get("actor") is not None else []
    made.add("assertion", value, [*spoken, ("/chain", "/source")])


def _chain(graph: ArgumentGraph, form: Mapping[str, Any]) -> list[Any]:
    """Who says it: the source's publisher, and behind it the actor where that is another."""
    name, actor = form["source"], form.get("actor")
    number = graph.find(name) if isinstance(name, str) else None
    source = graph.at(number) if number is not None else None
    publisher = source.publisher if isinstance(source, Source) else None
    return [one for one in dict.fromkeys((publisher, actor)) if one is not None]


def _argument_places(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [("/premises/0", "/text"), ("/premises", "/text")] if "text" in form else []
