"""The editor: applies commands to a draft snapshot and keeps account of what they touched."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from graph.editing.cascade import falling_with
from graph.editing.fields import (
    agreed_id,
    composed_fields,
    merge_patch,
    notes_of,
    own_fields,
    validated,
    without_what_is_so,
)
from graph.editing.identity import new_id
from graph.editing.rules import faults
from graph.errors import Conflict, GraphError, NotFound, Refused, Stale
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.derived import attack_of, basis_of
from graph.snapshot.links import Reference
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.change import Command, EditNote, JsonObject
from schemas.node import SERVICE_FIELDS, AnyNode
from schemas.problem import FieldProblem
from schemas.statement import Statement
from schemas.vocabulary import Kind, Op

_NAMED_IN_CONFLICT = 50
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

    def _detach(self, holder: int, references: Collection[Reference], index: int) -> None:
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
