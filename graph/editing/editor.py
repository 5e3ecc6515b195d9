"""The editor: applies commands to a draft snapshot and keeps account of what they touched.

Below it stand the fields that a client writes, merged, checked and made a node, and the rules of a well-formed map,
which are asked of the nodes that a write touches and of what refers to them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import compress
from typing import Any

from pydantic import ValidationError

from graph.editing.cascade import falling_with
from graph.errors import Conflict, GraphError, NotFound, Refused, Stale
from graph.snapshot.argument_graph import ArgumentGraph, attack_of, basis_of
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.relations import REFERENCES_OF, Number, Reference
from schemas.base import new_id
from schemas.change import Command, EditNote, JsonObject
from schemas.node import MODELS, SERVICE_FIELDS, AnyNode, Argument, Assertion, Statement, decoded, encoded, no_numbers
from schemas.problem import FieldProblem, explain, kept, pointer
from schemas.vocabulary import KINDS, Kind, Op

_NAMED_IN_CONFLICT = 50
_RECOMPOSED = "kept in Unicode's composed form (NFC), which looks the same"
_DERIVED: Mapping[str, Callable[[ArgumentGraph, Argument], object]] = {
    "attack": attack_of,
    "basis": lambda graph, argument: basis_of(graph, argument.id),
}
"""Fields that an argument is read with and that are never stored."""


@dataclass(frozen=True)
class Provenance:
    """Who writes and when."""

    by: str
    at: str
    change: str = ""
    """Uid of the change that this becomes; empty of what is never stored."""


@dataclass(frozen=True)
class Result:
    """What one command did."""

    op: Op
    kind: Kind
    id: str


@dataclass
class Editor:
    """Commands applied one after another to a draft of the map; `finish` checks the whole.

    What they set is gathered and made a snapshot once, when one is needed: at the end, or by what has to look around.
    """

    before: ArgumentGraph
    provenance: Provenance
    touched: dict[str, int] = field(default_factory=dict)
    """Ids written, with the command that wrote them last."""
    notes: list[EditNote] = field(default_factory=list)
    """What the writer should know of what became of the values."""
    _pending: dict[str, AnyNode | None] = field(default_factory=dict)
    """Nodes set, or taken out where None, since the last snapshot was made."""

    def __post_init__(self) -> None:
        self._graph = self.before
        stamped = {
            "updated_at": self.provenance.at, "updated_by": self.provenance.by, "change": self.provenance.change,
        }  # fmt: skip
        self._header = self.before.header.model_copy(update={"revision": self.before.revision + 1, **stamped})

    @property
    def graph(self) -> ArgumentGraph:
        """The draft as a snapshot."""
        if self._pending:
            self._graph = self._graph.derive(self._header, self._pending.items())
            self._pending = {}
        return self._graph

    def __contains__(self, node_id: object) -> bool:
        return isinstance(node_id, str) and self._found(node_id) is not None

    def apply(self, command: Command, index: int) -> Result:
        """Apply one command; raises what `graph.editing.planning.plan` says."""
        match command.op:
            case "create":
                node_id = self._create(command, index)
            case "update":
                node_id = self._update(command, index)
            case "upsert":
                there = command.id in self
                node_id = self._update(command, index) if there else self._create(command, index)
            case _:
                node_id = self._delete(command, index)
        return Result(command.op, command.kind, node_id)

    def restore(self, node_id: str, node: AnyNode | None) -> None:
        """Set a node exactly as it is given, with its version and times, or take it out where None."""
        if node is not None:
            self._put(node, 0)
        elif self._found(node_id) is not None:
            self._take_out([node_id], 0)

    def finish(self) -> ArgumentGraph:
        """Say of the statements with new assertions who puts them forward; then this is the map after the commands.

        Whether it is well formed is for `broken_rules` to say.
        """
        for node_id, index in list(self.touched.items()):
            self._attribute(node_id, index)
        return self.graph

    def broken_rules(self) -> Iterator[tuple[str, GraphError]]:
        """Each rule that a touched node breaks, or what refers to it, with the node; the error tells the command."""
        graph = self.graph
        for node_id, index in self.touched.items():
            number = graph.find(node_id)
            before = self.before.find(node_id)
            if number is None:
                yield from self._still_referred_to(node_id, index)
                continue
            yield from _broken(node_id, list(faults(graph, graph.at(number))), index)
            if before is not None and self.before.kind(before) != graph.kind(number):
                for holder in graph.holders(node_id):
                    yield from _broken(holder, list(faults(graph, graph.node(holder))), index)

    def _found(self, node_id: str) -> AnyNode | None:
        """The node of an id as the draft has it."""
        return self._pending[node_id] if node_id in self._pending else _node_in(self._graph, node_id)

    def _create(self, command: Command, index: int) -> str:
        recomposed: list[str] = []
        value = composed_fields(command.value or {}, recomposed)
        named = agreed_id(command, value)
        node_id = new_id(command.kind) if named is None else named
        self._note(node_id, recomposed)
        taken = self._found(node_id)
        if taken is not None:
            raise Conflict(
                f"the id {node_id!r} is taken by {taken.kind} {node_id!r}; choose another",
                [FieldProblem("/id", "taken")],
                code="id_taken",
            )
        service = {
            "version": 1,
            "created_at": self.provenance.at,
            "created_by": self.provenance.by,
            "updated_at": self.provenance.at,
            "updated_by": self.provenance.by,
        }
        self._put(validated(command.kind, {**value, "id": node_id}, service), index)
        return node_id

    def _update(self, command: Command, index: int) -> str:
        node = self._existing(command)
        recomposed: list[str] = []
        sent = composed_fields(command.value or {}, recomposed)
        value = without_what_is_so(sent, self._as_read(node, sent))
        agreed_id(command, value)
        self._note(node.id, recomposed)
        if _is_read_back(node, sent):
            value.pop("origin", None)
        own = own_fields(node)
        fields = merge_patch(own, value)
        first = self.before.find(node.id)
        version = (
            self.before.at(first).version + 1 if first is not None and node.id not in self.touched else node.version
        )
        service = {
            "version": version,
            "created_at": node.created_at,
            "created_by": node.created_by,
            "updated_at": self.provenance.at,
            "updated_by": self.provenance.by,
        }
        after = validated(command.kind, fields, service)
        if own_fields(after) != own:
            self._put(after, index)
        return node.id

    def _as_read(self, node: AnyNode, sent: JsonObject) -> JsonObject:
        """What only the service sets of a node, as a read before this change answers it; what is derived if sent."""
        is_new = node.id not in self.before
        was = node if is_new else self.before.node(node.id)
        read: JsonObject = {name: getattr(was, name) for name in SERVICE_FIELDS if name != "kind"}
        derived = [name for name in _DERIVED if name in sent]
        if derived and isinstance(was, Argument):
            graph = self.graph if is_new else self.before
            read |= {name: _DERIVED[name](graph, was) for name in derived}
        return read

    def _delete(self, command: Command, index: int) -> str:
        node = self._existing(command)
        if command.cascade:
            self._cascade(node.id, index)
        else:
            self._take_out([node.id], index)
        return node.id

    def _cascade(self, node_id: str, index: int) -> None:
        graph, falling = self.graph, falling_with(self.graph, node_id)
        self._take_out([graph.id(n) for n in falling.nodes], index)
        for holder, references in falling.loosened.items():
            self._detach(holder, references, index)

    def _detach(self, holder: Number, references: Collection[Reference], index: int) -> None:
        """Take what went out of the fields of a node that stays."""
        node = self.graph.at(holder)
        fields = own_fields(node)
        patch: JsonObject = {}
        for reference in references:
            stay = [self.graph.find(named) is not None for named in reference.ids(node)]
            held = fields[reference.field]
            patch[reference.field] = list(compress(held, stay)) if reference.many else None
        self._update(Command(op="update", kind=node.kind, id=node.id, value=patch), index)

    def _attribute(self, node_id: str, index: int) -> None:
        """Make a statement attributed that left its origin open and is now given an assertion."""
        node, before = self._found(node_id), _node_in(self.before, node_id)
        if not isinstance(node, Assertion) or (isinstance(before, Assertion) and before.of == node.of):
            return
        subject = self._found(node.of)
        if isinstance(subject, Statement) and subject.is_open_about_its_origin:
            self._update(Command(op="update", kind="statement", id=node.of, value={"origin": "attributed"}), index)

    def _note(self, node_id: str, recomposed: list[str]) -> None:
        self.notes += notes_of(node_id, recomposed)

    def _existing(self, command: Command) -> AnyNode:
        node = self._found(command.id or "")
        if node is None and command.id is not None:
            self.before.refuse_merged(command.id)
        if node is None or node.kind != command.kind:
            hint = f"; {command.id!r} is of kind {node.kind}" if node is not None else ""
            raise NotFound(f"map {self.before.map!r} has no {command.kind} {command.id!r}{hint}", code="node_not_found")
        if command.if_version is not None and command.if_version != node.version:
            raise Stale(
                f"{node.id!r} is at version {node.version}, not {command.if_version}; read it again",
                code="stale",
            )
        return node

    def _put(self, node: AnyNode, index: int) -> None:
        self._pending[node.id] = node
        self.touched[node.id] = index

    def _take_out(self, ids: Sequence[str], index: int) -> None:
        self._pending.update(dict.fromkeys(ids))
        self.touched.update(dict.fromkeys(ids, index))

    def _still_referred_to(self, node_id: str, index: int) -> Iterator[tuple[str, GraphError]]:
        held_by = self.graph.holders(node_id)
        if held_by:
            shown = ", ".join(held_by[:_NAMED_IN_CONFLICT])
            more = f" and {len(held_by) - _NAMED_IN_CONFLICT} more" if len(held_by) > _NAMED_IN_CONFLICT else ""
            error = Conflict(
                f"{node_id!r} is referred to by {shown}{more}; delete or change these first, or use cascade",
                [FieldProblem("", f"{h} refers to {node_id}") for h in held_by[:_NAMED_IN_CONFLICT]],
                code="still_referred_to",
            )
            error.command = index
            yield node_id, error


def _node_in(graph: ArgumentGraph, node_id: str) -> AnyNode | None:
    number = graph.find(node_id)
    return None if number is None else graph.at(number)


def _broken(node_id: str, problems: list[FieldProblem], index: int) -> Iterator[tuple[str, GraphError]]:
    if problems:
        error = Refused(f"{problems[0].detail} ({problems[0].pointer})", problems, code="rule_broken")
        error.command = index
        yield node_id, error


def _is_read_back(node: AnyNode, sent: Mapping[str, object]) -> bool:
    """Whether a statement comes as it was read, so that the origin in it is not its author's word."""
    is_open = isinstance(node, Statement) and node.is_open_about_its_origin
    return is_open and "version" in sent and sent.get("origin") == "author"


# --- fields ---------------------------------------------------------------------------------------


def merge_patch(target: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Apply a JSON merge patch (RFC 7396) to an object."""
    merged = dict(target)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            inner = merged.get(name)
            merged[name] = merge_patch(inner if isinstance(inner, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged


def own_fields(node: AnyNode) -> dict[str, Any]:
    """What a client has written of a node, without the fields that are at their default."""
    fields: dict[str, Any] = decoded(node.dense())
    return {name: value for name, value in fields.items() if name not in SERVICE_FIELDS}


def without_what_is_so(value: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch without the fields that only the service sets, which may come back as they were read.

    `read` has these fields as a read answers them. Raises `Refused` where one of them is said differently.
    """
    differ = [name for name, said in value.items() if name in read and not _is_same(read[name], said)]
    if differ:
        detail = "set by the service; leave it out, or send it as it was read"
        raise Refused("what the service sets cannot be changed", [FieldProblem(pointer(n), detail) for n in differ])
    return {name: said for name, said in value.items() if name not in read}


def _is_same(read: object, said: object) -> bool:
    if type(read) is type(said) and read == said:
        return True
    return isinstance(read, str) and isinstance(said, str) and _is_same_time(read, said)


def _is_same_time(read: str, said: str) -> bool:
    """Whether both are one instant, as precisely as it is said: some clients keep milliseconds, or write +00:00."""
    try:
        known, given = datetime.fromisoformat(read), datetime.fromisoformat(said)
    except ValueError:
        return False
    if known.tzinfo is None or given.tzinfo is None:
        return False
    fraction = re.search(r"\.(\d+)", said)
    step = timedelta(microseconds=10 ** max(0, 6 - len(fraction[1])) if fraction else 10**6)
    return timedelta(0) <= known - given < step


def composed_fields(value: Mapping[str, Any], recomposed: list[str]) -> dict[str, Any]:
    """What a client wrote with every text in Unicode NFC; `recomposed` gains a pointer to each that was not.

    Raises `Refused` for texts that hold what no text may.
    """
    faults: list[FieldProblem] = []
    whole: dict[str, Any] = kept(value, faults, recomposed)
    if faults:
        raise Refused(f"{faults[0].detail} ({faults[0].pointer})", faults, code="unusable_text")
    return whole


def notes_of(node_id: str, recomposed: Iterable[str]) -> tuple[EditNote, ...]:
    """What the writer is told of each text that was composed anew."""
    return tuple(EditNote(node_id, place, _RECOMPOSED) for place in recomposed)


def agreed_id(command: Command, value: dict[str, Any]) -> str | None:
    """The id that command and value name; they must agree, and so must the kind."""
    inner = value.pop("id", None)
    kind = value.pop("kind", command.kind)
    if kind != command.kind:
        raise Refused("the kind cannot be changed", [FieldProblem("/kind", f"this is {command.kind}")])
    if inner is not None and command.id is not None and inner != command.id:
        raise Refused("an id cannot be changed", [FieldProblem("/id", f"this is {command.id!r}")])
    if command.op == "update":
        value["id"] = command.id
    return command.id if command.id is not None else inner


def validated(kind: Kind, fields: Mapping[str, Any], service: Mapping[str, Any]) -> AnyNode:
    """The node of these fields; raises `Refused` with every fault and its place."""
    model = MODELS[kind]
    written = [
        FieldProblem(pointer(n), "written by the service; leave it out") for n in sorted(set(fields) & set(service))
    ]
    faults = written or no_numbers(fields)
    if faults:
        raise Refused(f"this {kind} is not well formed", faults)
    try:
        return model.read(encoded({**fields, **service}), is_written=True)
    except ValidationError as error:
        raise Refused(f"this {kind} is not well formed", explain(error, model, dict(fields))) from error


# --- rules ----------------------------------------------------------------------------------------


def faults(graph: ArgumentGraph, node: AnyNode) -> Iterator[FieldProblem]:
    """What is wrong with a node in this snapshot; O(its links)."""
    for reference in REFERENCES_OF[node.kind]:
        for i, named in enumerate(reference.ids(node)):
            yield from _reference(graph, node, reference, i, named)
    for name in ("merged", "different_from"):
        for i, other in enumerate(getattr(node, name)):
            if other == node.id:
                yield FieldProblem(pointer(name, i), f"{node.id!r} is this node; name another")
    match node:
        case Argument():
            yield from _argument(node)
        case Assertion():
            yield from _assertion(graph, node)


def one_of(kinds: Iterable[str]) -> str:
    """Kinds as a phrase: "a statement, a motive or an argument"."""
    named = [f"an {k}" if k[0] in "aeiou" else f"a {k}" for k in kinds]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def _reference(graph: ArgumentGraph, node: AnyNode, reference: Reference, i: int, named: str) -> Iterator[FieldProblem]:
    if named == node.id and reference.relation != "targets":
        yield FieldProblem(reference.pointer(i), f"{node.id!r} refers to itself; name another node")
        return
    number = graph.find(named)
    if number is None:
        into = graph.merged_into(named)
        remedy = "create it first or in the same batch" if into is None else f"it was merged into {into!r}"
        yield FieldProblem(reference.pointer(i), f"there is no node {named!r}; {remedy}")
    elif (found := KINDS[graph.kind(number)]) not in reference.names:
        yield FieldProblem(
            reference.pointer(i), f"{named!r} is {one_of([found])}; this must name {one_of(reference.names)}"
        )


def _argument(node: Argument) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for i, premise in enumerate(node.premises):
        if premise in seen:
            yield FieldProblem(pointer("premises", i), f"{premise!r} is named twice; premises are a set")
        seen.add(premise)
    if node.target == node.id:
        yield FieldProblem("/target", "an argument cannot target itself")
    if node.stance == "supporting" and node.target in seen:
        yield FieldProblem("/target", f"an argument cannot support its own premise {node.target!r}; it may oppose it")


def _assertion(graph: ArgumentGraph, node: Assertion) -> Iterator[FieldProblem]:
    subject = graph.find(node.of)
    if subject is not None and node.basis is not None and graph.kind(subject) != ARGUMENT:
        yield FieldProblem("/basis", f"only an assertion of an argument has a basis, and {node.of!r} is none")
