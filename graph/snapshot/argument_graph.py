"""One map at one revision: an immutable snapshot with constant-time adjacency and every parallel link kept."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from typing import NamedTuple

from graph.errors import NotFound
from graph.snapshot.columns import KIND_CODE, NONE, Columns
from graph.snapshot.links import Link, links_of
from graph.snapshot.patch import Draft, Patch
from schemas.assertion import Assertion
from schemas.map import MapHeader
from schemas.node import AnyNode
from schemas.vocabulary import KINDS, Kind


class References:
    """For each id the links, not of steps, that the columns' nodes refer to it by; built once when first asked for."""

    def __init__(self, columns: Columns) -> None:
        found: defaultdict[str, list[Link]] = defaultdict(list)
        for number, node_id in enumerate(columns.ids):
            if columns.may_refer(number):
                for link in links_of(columns.node(number)):
                    found[link.other(node_id)].append(link)
        self.to = dict(found)


class DerivedFrom(NamedTuple):
    """Which snapshot another was derived from, by what was worked out there and what the edit touched."""

    memo: dict[str, object]
    touched: frozenset[int]
    """Numbers of the nodes set or taken out, and of what their steps bear or bore on."""


_TOUCHED_AT_MOST = 1000
_DERIVATIONS_AT_MOST = 3


class ArgumentGraph:
    """A snapshot: columns, and a patch over them. Deriving another costs in proportion to the edit.

    Algorithms that run over many nodes speak in numbers (0 to `size` - 1, some of which may be deleted);
    `number` and `id` translate. A number keeps its node in every snapshot derived from this one.
    """

    def __init__(self, header: MapHeader, columns: Columns, patch: Patch | None = None) -> None:
        self.header = header.model_copy(update={"counts": columns.counts}) if patch is None else header
        self.columns = columns
        self.patch = patch or Patch()
        self.size = len(columns) + len(self.patch.numbers)
        self._references: list[References] = []
        self.memo: dict[str, object] = {}
        """What algorithms have worked out about this snapshot, by their own keys; never part of an answer."""
        self.derived_from: tuple[DerivedFrom, ...] = ()
        """The snapshots behind this one, nearest first, whose results may be carried over."""

    @classmethod
    def of(cls, header: MapHeader, nodes: Iterable[AnyNode]) -> "ArgumentGraph":
        """A snapshot of the given nodes, in any order."""
        ordered = sorted(nodes, key=lambda n: n.id)
        kinds = bytes(KIND_CODE[n.kind] for n in ordered)
        return cls(header, Columns([n.id for n in ordered], kinds, [n.dense() for n in ordered]))

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

    def derive(self, header: MapHeader, nodes: Iterable[tuple[str, AnyNode | None]]) -> "ArgumentGraph":
        """The snapshot with these nodes set, or taken out where None; O(edit), this one stays as it is."""
        draft = Draft(self.columns, self.patch)
        changed = []
        for node_id, node in nodes:
            draft.put(node_id, node)
            changed.append(draft.number(node_id))
        patch = draft.freeze()
        counts = self._counted(patch, set(changed))
        derived = ArgumentGraph(header.model_copy(update={"counts": counts}), self.columns, patch)
        derived._references = self._references
        derived.derived_from = self._derivations(derived, changed)
        return derived

    def _counted(self, patch: Patch, changed: Iterable[int]) -> tuple[int, ...]:
        counts = list(self.header.counts)
        for number in changed:
            if self.alive(number):
                counts[self.kind(number)] -= 1
            node = patch.nodes[number]
            if node is not None:
                counts[KIND_CODE[node.kind]] += 1
        return tuple(counts)

    def _derivations(self, derived: "ArgumentGraph", changed: list[int]) -> tuple[DerivedFrom, ...]:
        touched = {target for graph in (self, derived) for n in changed if (target := graph.target(n)) != NONE}
        touched.update(changed)
        behind = [DerivedFrom(o.memo, o.touched | touched) for o in self.derived_from if o.memo]
        near = (DerivedFrom(self.memo, frozenset(touched)), *behind)
        return tuple(o for o in near if len(o.touched) <= _TOUCHED_AT_MOST)[:_DERIVATIONS_AT_MOST]

    def only(self, keep: Iterable[int]) -> "ArgumentGraph":
        """A snapshot of the kept nodes alone, with numbers of its own; O(kept). Steps kept must have their ends."""
        chosen = sorted(keep, key=self.id)
        documents = [self._document(n) for n in chosen]
        kinds = bytes(self.kind(n) for n in chosen)
        return ArgumentGraph(self.header, Columns([self.id(n) for n in chosen], kinds, documents))

    def compact(self) -> "ArgumentGraph":
        """The same snapshot without a patch; numbers change."""
        return self.only(self.numbers()) if self.patch.nodes else self

    # --- nodes ----------------------------------------------------------------------------------

    def __contains__(self, node_id: object) -> bool:
        return isinstance(node_id, str) and self.find(node_id) is not None

    def find(self, node_id: str) -> int | None:
        """The number of a node, or None where the snapshot has none of that id."""
        number = self.columns.index.get(node_id)
        if number is None:
            number = self.patch.numbers.get(node_id)
        if number is None or not self.alive(number):
            return None
        return number

    def number(self, node_id: str) -> int:
        """The number of a node; raises `NotFound`."""
        number = self.find(node_id)
        if number is None:
            raise NotFound(
                f"map {self.map!r} has no node {node_id!r} at revision {self.revision}", code="node_not_found"
            )
        return number

    def alive(self, number: int) -> bool:
        """Whether a node stands at this number."""
        if number in self.patch.nodes:
            return self.patch.nodes[number] is not None
        return number < len(self.columns)

    def id(self, number: int) -> str:
        """The id at a number."""
        if number < len(self.columns):
            return self.columns.ids[number]
        return self._new_ids[number]

    def kind(self, number: int) -> int:
        """The code of the kind at a number; `KINDS` names it."""
        changed = self.patch.nodes.get(number)
        return KIND_CODE[changed.kind] if changed is not None else self.columns.kinds[number]

    def at(self, number: int) -> AnyNode:
        """The node at a number."""
        changed = self.patch.nodes.get(number)
        return changed if changed is not None else self.columns.node(number)

    def node(self, node_id: str) -> AnyNode:
        """The node of an id; raises `NotFound`."""
        return self.at(self.number(node_id))

    def document(self, node_id: str) -> bytes | None:
        """The stored form of a node, or None where the snapshot has none of that id."""
        number = self.find(node_id)
        return None if number is None else self._document(number)

    def numbers(self, kind: Kind | None = None, *, after: str | None = None) -> Iterator[int]:
        """Numbers of the nodes, of one kind if given, in the order of their ids, from behind an id if given."""
        code = None if kind is None else KIND_CODE[kind]
        changed = self.changed_in_order
        old = range(len(self.columns)) if code is None else self.columns.of_kind(code)
        first = 0 if after is None else bisect_right(old, after, key=self.columns.ids.__getitem__)
        base: Iterable[int] = old[first:] if first else old
        if not self.patch.nodes:
            return iter(base)
        new = [n for n in changed if (after is None or self.id(n) > after) and (code is None or self.kind(n) == code)]
        kept = (n for n in base if n not in self.patch.nodes)
        return merge(kept, new, key=self.id)

    def nodes(self, kind: Kind | None = None) -> Iterator[AnyNode]:
        """The nodes, of one kind if given, in the order of their ids."""
        return map(self.at, self.numbers(kind))

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many nodes of each kind the snapshot has."""
        return dict(zip(KINDS, self.header.counts, strict=True))

    # --- steps ----------------------------------------------------------------------------------

    def premises(self, argument: int) -> Sequence[int]:
        """The premises of an argument, in the order of its document."""
        step = self.patch.steps.get(argument)
        if step is not None:
            return step.premises
        return self.columns.premises[argument] if argument < len(self.columns) else ()

    def target(self, argument: int) -> int:
        """What an argument bears on; NONE (-1) where the node is no argument."""
        step = self.patch.steps.get(argument)
        if step is not None:
            return step.target
        return self.columns.target[argument] if argument < len(self.columns) else NONE

    def sign(self, argument: int) -> int:
        """1 for a supporting argument, -1 for an opposing one, 0 for any other node."""
        step = self.patch.steps.get(argument)
        if step is not None:
            return step.sign
        return self.columns.sign[argument] if argument < len(self.columns) else 0

    def confidence(self, argument: int) -> int:
        """Rank of an argument's confidence: 0 low, 1 medium, 2 high."""
        step = self.patch.steps.get(argument)
        return step.confidence if step is not None else self.columns.confidence[argument]

    def outgoing(self, number: int) -> Sequence[int]:
        """The arguments that have this node as a premise."""
        changed = self.patch.outgoing.get(number)
        if changed is not None:
            return changed
        return self.columns.outgoing[number] if number < len(self.columns) else ()

    def incoming(self, number: int) -> Sequence[int]:
        """The arguments whose target is this node."""
        changed = self.patch.incoming.get(number)
        if changed is not None:
            return changed
        return self.columns.incoming[number] if number < len(self.columns) else ()

    # --- links ----------------------------------------------------------------------------------

    def links_from(self, node_id: str) -> list[Link]:
        """The links that the node's own fields state, whose other end is in the snapshot."""
        return [link for link in links_of(self.node(node_id)) if link.other(node_id) in self]

    def links_to(self, node_id: str) -> list[Link]:
        """The links by which other nodes refer to this one, in a total order."""
        if not self._references:
            self._references.append(References(self.columns))
        lost = self.patch.lost.get(node_id, frozenset())
        held = [link for link in self._references[0].to.get(node_id, ()) if link not in lost]
        held.extend(self.patch.gained.get(node_id, ()))
        held.extend(self._steps_at(node_id))
        return sorted(held, key=lambda link: (link.relation, link.source, link.target, link.pointer))

    def assertions_of(self, node_id: str) -> list[Assertion]:
        """The assertions of a statement or argument, in the order of their ids."""
        held = [self.node(link.source) for link in self.links_to(node_id) if link.relation == "of"]
        return [node for node in held if isinstance(node, Assertion)]

    # --- inside ---------------------------------------------------------------------------------

    @cached_property
    def _new_ids(self) -> dict[int, str]:
        return {number: node_id for node_id, number in self.patch.numbers.items()}

    @cached_property
    def changed_in_order(self) -> list[int]:
        """Numbers of the nodes that the patch holds, in the order of their ids."""
        return sorted((n for n, node in self.patch.nodes.items() if node is not None), key=self.id)

    def _steps_at(self, node_id: str) -> Iterator[Link]:
        # Not `find`: steps that refer to a node that is gone are just what a delete must not leave behind.
        number = self.columns.index.get(node_id)
        if number is None:
            number = self.patch.numbers.get(node_id)
        if number is not None:
            for argument in {*self.outgoing(number), *self.incoming(number)}:
                yield from (link for link in links_of(self.at(argument)) if link.other(self.id(argument)) == node_id)

    def _document(self, number: int) -> bytes:
        changed = self.patch.nodes.get(number)
        return changed.dense() if changed is not None else self.columns.documents[number]
