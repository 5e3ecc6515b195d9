"""One map at one revision: an immutable snapshot with constant-time adjacency and every parallel link kept.

A link is one reference of a node, told as a directed, named relation. At the end stands what nodes have that is derived
from a snapshot and never stored: basis, attack, who is committed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import merge
from typing import Any, NamedTuple

from graph.errors import Merged, NotFound
from graph.snapshot.columns import ARGUMENT, MOTIVE, STATEMENT, Columns, Patch, PatchDraft, key_of
from graph.snapshot.relations import BASIS_CODE, KIND_CODE, NONE, REFERENCES_OF, Number
from schemas.map import MapHeader
from schemas.node import AnyNode, Argument, Assertion, Motive, Statement
from schemas.vocabulary import KINDS, RELATIONS, ArgumentBasis, Attack, Kind, Relation

_ASSERTION, _ACTOR, _SOURCE = KIND_CODE["assertion"], KIND_CODE["actor"], KIND_CODE["source"]
_IN_A_SOURCE: tuple[Relation, ...] = ("found_in", "cites")
_TOUCHED_AT_MOST = 1000
_DERIVATIONS_AT_MOST = 3


class Link(NamedTuple):
    """One reference, read from the doer to the done."""

    relation: Relation
    source: str
    target: str
    pointer: str
    """Where the reference stands in the document of the node that holds it."""
    position: int | None = None
    """Place in a chain."""
    role: str | None = None
    basis: str | None = None

    def other(self, holder: str) -> str:
        """The end that is referred to, seen from the node that holds the reference."""
        return self.target if self.source == holder else self.source


def links_of(node: AnyNode) -> Iterator[Link]:
    """The links that the node's own fields state, in the order of the fields."""
    return links_in(node.kind, node)


def links_in(kind: Kind, holder: Any) -> Iterator[Link]:
    """The links of a node, or of its shape, in the order of its fields."""
    for reference in REFERENCES_OF[kind]:
        for i, other in enumerate(reference.ids(holder)):
            source, target = (other, holder.id) if reference.inward else (holder.id, other)
            item = None if reference.inner is None else getattr(holder, reference.field)[i]
            yield Link(
                reference.relation,
                source,
                target,
                reference.pointer(i),
                i if reference.chain else None,
                None if item is None else item.role,
                None if item is None else item.basis,
            )


class DerivedFrom(NamedTuple):
    """Which snapshot another was derived from, by what was worked out there and what the edit touched."""

    memo: dict[str, object]
    touched: frozenset[Number]
    """Numbers of the nodes set or taken out, and of what their steps bear or bore on."""
    header: MapHeader
    patch: Patch
    """What was laid over the same columns then."""


class ArgumentGraph:
    """A snapshot: columns, and a patch over them. Deriving another costs in proportion to the edit.

    Algorithms that run over many nodes speak in numbers (0 to `size` - 1, some of which may be deleted);
    `number` and `id` translate. A number keeps its node in every snapshot derived from this one.
    """

    def __init__(self, header: MapHeader, columns: Columns, patch: Patch | None = None) -> None:
        self.header = header.model_copy(update={"counts": columns.counts}) if patch is None else header
        self.columns = columns
        self.patch = patch or Patch()
        self._base = len(columns)
        self.size = self._base + len(self.patch.numbers)
        self.memo: dict[str, object] = {}
        """What algorithms have worked out about this snapshot, by their own keys; never part of an answer."""
        self.derived_from: tuple[DerivedFrom, ...] = ()
        """The snapshots behind this one, nearest first, whose results may be carried over."""

    @classmethod
    def of(cls, header: MapHeader, nodes: Iterable[AnyNode]) -> "ArgumentGraph":
        """A snapshot of the given nodes, in any order."""
        ordered = sorted(nodes, key=lambda n: n.id)
        kinds = bytes(KIND_CODE[n.kind] for n in ordered)
        return cls(header, Columns.read([n.id for n in ordered], kinds, [n.dense() for n in ordered]))

    # --- identity -------------------------------------------------------------------------------

    @property
    def map(self) -> str:
        """The map's id."""
        return self.header.id

    @property
    def revision(self) -> int:
        """The map's revision that this snapshot shows."""
        return self.header.revision

    @property
    def created_at(self) -> str:
        """When the map was made: tells it from another of the same id made after it was deleted."""
        return self.header.created_at

    @property
    def change(self) -> str:
        """Uid of the change that made this revision."""
        return self.header.change

    def derive(self, header: MapHeader, nodes: Iterable[tuple[str, AnyNode | None]]) -> "ArgumentGraph":
        """The snapshot with these nodes set, or taken out where None; O(edit), this one stays as it is."""
        draft = PatchDraft(self.columns, self.patch)
        changed = []
        for node_id, node in nodes:
            draft.put(node_id, node)
            changed.append(draft.number(node_id))
        patch = draft.freeze()
        counts = self._counted(patch, set(changed))
        derived = ArgumentGraph(header.model_copy(update={"counts": counts}), self.columns, patch)
        derived.derived_from = self._derivations(derived, changed)
        return derived

    def _counted(self, patch: Patch, changed: Iterable[Number]) -> dict[str, int]:
        counts = dict(self.header.counts)
        for number in changed:
            if self.alive(number):
                counts[KINDS[self.kind(number)]] -= 1
            node = patch.nodes[number]
            if node is not None:
                counts[node.kind] += 1
        return counts

    def _derivations(self, derived: "ArgumentGraph", changed: list[Number]) -> tuple[DerivedFrom, ...]:
        touched = {target for graph in (self, derived) for n in changed if (target := graph.target(n)) != NONE}
        touched.update(changed)
        behind = [o._replace(touched=o.touched | touched) for o in self.derived_from if o.memo]
        near = (DerivedFrom(self.memo, frozenset(touched), self.header, self.patch), *behind)
        return tuple(o for o in near if len(o.touched) <= _TOUCHED_AT_MOST)[:_DERIVATIONS_AT_MOST]

    # --- nodes ----------------------------------------------------------------------------------

    def __contains__(self, node_id: object) -> bool:
        return isinstance(node_id, str) and self.find(node_id) is not None

    def find(self, node_id: str) -> Number | None:
        """The number of a node, or None where the snapshot has none of that id."""
        number = self.numbered(node_id)
        return None if number is None or not self.alive(number) else number

    def number(self, node_id: str) -> Number:
        """The number of a node; raises `NotFound`."""
        number = self.find(node_id)
        if number is None:
            raise NotFound(
                f"map {self.map!r} has no node {node_id!r} at revision {self.revision}", code="node_not_found"
            )
        return number

    def alive(self, number: Number) -> bool:
        """Whether a node stands at this number."""
        if number in self.patch.nodes:
            return self.patch.nodes[number] is not None
        return number < self._base

    def id(self, number: Number) -> str:
        """The id at a number."""
        if number < self._base:
            return self.columns.ids[number]
        return self._new_ids[number]

    def kind(self, number: Number) -> int:
        """The code of the kind at a number; `KINDS` names it."""
        changed = self.patch.nodes.get(number)
        return KIND_CODE[changed.kind] if changed is not None else self.columns.kinds[number]

    def at(self, number: Number) -> AnyNode:
        """The node at a number."""
        changed = self.patch.nodes.get(number)
        return changed if changed is not None else self.columns.node(number)

    def node(self, node_id: str) -> AnyNode:
        """The node of an id; raises `NotFound`."""
        return self.at(self.number(node_id))

    def merged_into(self, node_id: str) -> str | None:
        """The node that one which is not there was merged into, None where there is none."""
        changed = (n.id for n in self.patch.nodes.values() if n is not None and node_id in n.merged)
        into = min(changed, default=None)
        if into is None:
            number = self.columns.merged.get(node_id)
            into = None if number is None or number in self.patch.nodes else self.columns.ids[number]
        return into

    def refuse_merged(self, node_id: str) -> None:
        """Raise `Merged` where there is no such node because it was merged into another."""
        into = None if node_id in self else self.merged_into(node_id)
        if into is not None:
            raise Merged(node_id, into)

    def document(self, node_id: str) -> bytes | None:
        """The stored form of a node, or None where the snapshot has none of that id."""
        number = self.find(node_id)
        return None if number is None else self.stored(number)

    def numbers(self, kind: Kind | None = None, *, after: str | None = None) -> Iterator[Number]:
        """Numbers of the nodes, of one kind if given, in the order of their ids, from behind an id if given."""
        code = None if kind is None else KIND_CODE[kind]
        old: Sequence[Any] = range(self._base) if code is None else self.columns.of_kind(code)
        first = 0 if after is None else bisect_right(old, after, key=self.columns.ids.__getitem__)
        # What stands before is not copied: a page may begin anywhere and takes a few of them.
        base: Iterator[Number] = map(old.__getitem__, range(first, len(old))) if first else iter(old)
        if not self.patch.nodes:
            return base
        changed = self.changed_in_order
        first = 0 if after is None else bisect_right(changed, after, key=self.id)
        behind = map(changed.__getitem__, range(first, len(changed)))
        new = behind if code is None else (n for n in behind if self.kind(n) == code)
        kept = (n for n in base if n not in self.patch.nodes)
        return merge(kept, new, key=self.id)

    def nodes(self, kind: Kind | None = None) -> Iterator[AnyNode]:
        """The nodes, of one kind if given, in the order of their ids."""
        return map(self.at, self.numbers(kind))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many nodes of each kind the snapshot has."""
        return self.header.counts

    # --- steps ----------------------------------------------------------------------------------

    def premises(self, argument: Number) -> Sequence[Number]:
        """The premises of an argument, in the order of its document."""
        step = self.patch.steps.get(argument)
        if step is not None:
            return step.premises
        return self.columns.premises[argument] if argument < self._base else ()

    def target(self, argument: Number) -> Number:
        """What an argument bears on; NONE (-1) where the node is no argument."""
        step = self.patch.steps.get(argument)
        if step is not None:
            return step.target
        return Number(self.columns.target[argument] if argument < self._base else NONE)

    def sign(self, argument: Number) -> int:
        """1 for a supporting argument, -1 for an opposing one, 0 for any other node."""
        step = self.patch.steps.get(argument)
        if step is not None:
            return step.sign
        return self.columns.sign[argument] if argument < self._base else 0

    def confidence(self, argument: Number) -> int:
        """Rank of an argument's confidence: 0 low, 1 medium, 2 high."""
        step = self.patch.steps.get(argument)
        return step.confidence if step is not None else self.columns.confidence[argument]

    def outgoing(self, number: Number) -> Sequence[Number]:
        """The arguments that have this node as a premise."""
        return self.referrers("premise_of", number)

    def incoming(self, number: Number) -> Sequence[Number]:
        """The arguments whose target is this node."""
        return self.referrers("targets", number)

    # --- relations ------------------------------------------------------------------------------

    def references(self, relation: Relation, holder: Number) -> Sequence[Number]:
        """The nodes that a node's own fields name by a relation, in the order of the field; O(these)."""
        row = self.patch.rows.get(holder)
        if row is not None:
            return row.get(relation, ())
        return self.columns.relations.of[relation].forward[holder] if holder < self._base else ()

    def referrers(self, relation: Relation, number: Number) -> Sequence[Number]:
        """The nodes whose fields name a node by a relation, each once; O(these)."""
        base = self.columns.relations.of[relation].backward[number] if number < self._base else ()
        if not self.patch.nodes:
            return base
        key = key_of(relation, number)
        lost, gained = self.patch.lost.get(key), self.patch.gained.get(key)
        if lost is not None:
            base = [holder for holder in base if holder not in lost]
        return base if gained is None else [*base, *gained]

    def holders(self, node_id: str, relations: Iterable[Relation] = RELATIONS) -> list[str]:
        """The ids of the nodes that refer to a node by these relations, in order; O(n log n) in their number.

        Of a node that was just deleted too: others may still refer to it while edits are made.
        """
        number = self.numbered(node_id)
        if number is None:
            return []
        return sorted({self.id(n) for relation in relations for n in self.referrers(relation, number)})

    def is_explicit(self, assertion: Number) -> bool:
        """Whether an assertion of an argument says that the text marks the step."""
        node = self.patch.nodes.get(assertion)
        if node is not None:
            return isinstance(node, Assertion) and node.basis == "explicit"
        return int(self.columns.relations.facts.basis[assertion]) == BASIS_CODE["explicit"]

    # --- links ----------------------------------------------------------------------------------

    def links_from(self, node_id: str) -> list[Link]:
        """The links that the node's own fields state, whose other end is in the snapshot."""
        return [link for link in links_of(self.node(node_id)) if link.other(node_id) in self]

    def links_to(self, node_id: str, relations: Iterable[Relation] = RELATIONS) -> list[Link]:
        """The links by which other nodes refer to this one, in a total order; O(their holders' links)."""
        number = self.numbered(node_id)
        if number is None:
            return []
        found = [
            link
            for relation in relations
            for holder in self.referrers(relation, number)
            for link in self._links_of(holder)
            if link.relation == relation and link.other(self.id(holder)) == node_id
        ]
        return sorted(found, key=lambda link: (link.relation, link.source, link.target, link.pointer))

    def assertions_of(self, node_id: str) -> list[Assertion]:
        """The assertions of a statement or argument, in the order of their ids."""
        found = [self.at(n) for n in self.referrers("of", self.number(node_id))]
        return sorted((node for node in found if isinstance(node, Assertion)), key=lambda node: node.id)

    # --- inside ---------------------------------------------------------------------------------

    @cached_property
    def _new_ids(self) -> dict[Number, str]:
        return {number: node_id for node_id, number in self.patch.numbers.items()}

    @cached_property
    def changed_in_order(self) -> list[Number]:
        """Numbers of the nodes that the patch holds, in the order of their ids."""
        return sorted((n for n, node in self.patch.nodes.items() if node is not None), key=self.id)

    def numbered(self, node_id: str) -> Number | None:
        """The number of an id, of one too whose node was deleted: others may still refer to it while edits are made."""
        number = self.columns.index.get(node_id)
        return self.patch.numbers.get(node_id) if number is None else number

    def _links_of(self, holder: Number) -> Iterator[Link]:
        changed = self.patch.nodes.get(holder)
        return links_of(changed) if changed is not None else links_in(*self.columns.shape(holder))

    def stored(self, number: Number) -> bytes:
        """The stored form of the node at a number."""
        changed = self.patch.nodes.get(number)
        return changed.dense() if changed is not None else self.columns.documents[number]


# --- derived --------------------------------------------------------------------------------------


def committed(assertion: Assertion) -> str | None:
    """The actor committed to an assertion: the last of its chain, or None where nobody is named."""
    return assertion.chain[-1] if assertion.chain else None


def speaker_of(graph: ArgumentGraph, assertion: Number) -> Number:
    """The number of the actor committed to an assertion, NONE where nobody is named."""
    chain = graph.references("spoken_by", assertion)
    return chain[-1] if chain else NONE


def basis_of(graph: ArgumentGraph, argument: str) -> ArgumentBasis:
    """What the assertions that carry the argument in this snapshot say of it.

    `explicit` if one of them is, else `inferred`; `own`, the analyst's own step, if there is none.
    """
    carrying = graph.referrers("of", graph.number(argument))
    if not carrying:
        return "own"
    return "explicit" if any(map(graph.is_explicit, carrying)) else "inferred"


def attack_of(graph: ArgumentGraph, argument: Argument) -> Attack | None:
    """How an opposing argument attacks; None for a supporting one."""
    if argument.stance == "supporting":
        return None
    target = graph.number(argument.target)
    if graph.kind(target) == KIND_CODE["argument"]:
        return "undercut"
    supported = any(graph.sign(a) > 0 for a in graph.incoming(target))
    return "rebut" if supported or graph.kind(target) == KIND_CODE["motive"] else "undermine"


def stands_for(graph: ArgumentGraph, node_id: str) -> list[str]:
    """What a node stands for as an end of a path, in a total order.

    An assertion stands for what it asserts, an actor for the statements that it is committed to, a source
    for the statements that are found in it or cite it; any other node for itself. Raises `NotFound`.
    """
    number = graph.number(node_id)
    kind = graph.kind(number)
    if kind == _ASSERTION:
        held = [number]
    elif kind == _ACTOR:
        held = [a for a in graph.referrers("spoken_by", number) if speaker_of(graph, a) == number]
    elif kind == _SOURCE:
        held = [a for relation in _IN_A_SOURCE for a in graph.referrers(relation, number)]
    else:
        return [node_id]
    subjects = {n for a in held for n in graph.references("of", a) if graph.alive(n)}
    return sorted(graph.id(n) for n in subjects if kind == _ASSERTION or graph.kind(n) == STATEMENT)


def given_credence(node: object) -> float | None:
    """The credence that a node says itself."""
    return node.credence if isinstance(node, Statement | Motive | Argument) else None


def credence_of(node: object) -> float:
    """The credence of a statement, motive or argument; where none is set, the default of its kind."""
    given = given_credence(node)
    if given is not None:
        return given
    return 0.5 if isinstance(node, Statement | Motive) else 1.0


def numbers_of(graph: ArgumentGraph, ids: Iterable[str], unknown: list[str] | None = None) -> list[Number]:
    """What these nodes stand for, each once; ids that are not in the snapshot are added to the unknown ones."""
    found: dict[Number, None] = {}
    for node_id in dict.fromkeys(ids):  # one of them may stand for thousands
        number = graph.find(node_id)
        if number is None:
            if unknown is not None:
                unknown.append(node_id)
        elif graph.kind(number) in (STATEMENT, MOTIVE, ARGUMENT):
            found[number] = None
        else:
            found.update((graph.number(other), None) for other in stands_for(graph, node_id))
    return list(found)
