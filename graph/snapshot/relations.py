"""All relations of a map in one index: for each the nodes that a holder names, and the holders that name a node.

Built once from partly decoded documents, whatever kinds and relations there are; nothing else in the code knows who
refers to whom. What an edit changes stands in the snapshot's patch.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from graph.snapshot.adjacency import NONE, Adjacency, Column, Ints, Rows, SparseAdjacency, in_order
from graph.snapshot.links import REFERENCES, REFERENCES_OF, RELATION_CODE, SHAPES, Reference
from graph.snapshot.numbering import places
from graph.snapshot.steps import StepColumns
from schemas.vocabulary import KINDS, RELATIONS, Basis, Kind, Relation

KIND_CODE: dict[Kind, int] = {kind: code for code, kind in enumerate(KINDS)}
BASIS_CODE: dict[Basis | None, int] = {None: 0, "inferred": 1, "explicit": 2}
RELATIONS_TO: dict[Kind, tuple[Relation, ...]] = {
    kind: tuple(r for r in RELATIONS if any(kind in one.names for one in REFERENCES if one.relation == r))
    for kind in KINDS
}
"""The relations by which a node of a kind can be named."""
_TOGETHER = 1_000
"""Documents decoded in one call, which no other thread can interrupt: about a millisecond."""
_READERS = {kind: msgspec.json.Decoder(list[shape]) for kind, shape in SHAPES.items()}  # type: ignore[valid-type]
_KEYS = {kind: tuple(f'"{one.field}"'.encode() for one in REFERENCES_OF[kind]) for kind in KINDS}
_ALWAYS: frozenset[Kind] = frozenset({"argument", "assertion", "motive"})
"""Kinds none of whose nodes is without a reference."""
Entries = tuple[Ints, Ints]
"""Holders, and beside each the node that it names."""


class BothWays(NamedTuple):
    """One relation."""

    forward: Rows
    """What each holder names, in the order of its field."""
    backward: Rows
    """The holders that name each node, each once, in the order of their numbers."""


class Facts(NamedTuple):
    """What the same documents say beside whom they name, by number."""

    sign: npt.NDArray[np.int8]
    """1 for a supporting argument, -1 for an opposing one, 0 for any other node."""
    confidence: npt.NDArray[np.int8]
    """Of arguments: 0 low, 1 medium, 2 high."""
    basis: npt.NDArray[np.int8]
    """Of assertions, by `BASIS_CODE`."""
    constructed: npt.NDArray[np.bool_]
    """Statements that stand on their arguments alone."""

    @classmethod
    def blank(cls, size: int) -> "Facts":
        """Those of nodes of which nothing is known yet."""
        sign, confidence, basis = (np.zeros(size, dtype=np.int8) for _ in range(3))
        return cls(sign, confidence, basis, np.zeros(size, dtype=np.bool_))

    def at(self, numbers: npt.NDArray[Any]) -> "Facts":
        """Those of some of the nodes, in the order given."""
        return Facts(*(column[numbers] for column in self))


class Relations:
    """The relations of a map's columns, with a few facts out of the same documents.

    Numbers are places in the order of ids. Building is O(nodes + links) and decodes no whole node; memory is eight
    bytes a link each way, and for the steps of arguments some more a node.
    """

    def __init__(
        self,
        size: int,
        entries: Mapping[Relation, Entries],
        facts: Facts,
        dangling: Mapping[str, Sequence[tuple[Relation, int]]] | None = None,
    ) -> None:
        nothing = np.zeros(0, dtype=np.int32)
        ordered = {relation: in_order(*entries.get(relation, (nothing, nothing))) for relation in RELATIONS}
        # Those of the steps are asked for at every turn of a search, so each node has its place in them.
        self.premises = Adjacency(size, *ordered["premise_of"])
        self.outgoing = Adjacency(size, *_each_once(*ordered["premise_of"]))
        self.targets = Column(size, *ordered["targets"])
        self.incoming = Adjacency(size, *_each_once(*ordered["targets"]))
        self.of: dict[Relation, BothWays] = {
            relation: BothWays(SparseAdjacency(*some), SparseAdjacency(*_each_once(*some)))
            for relation, some in ordered.items()
            if relation not in ("premise_of", "targets")
        }
        self.of["premise_of"] = BothWays(self.premises, self.outgoing)
        self.of["targets"] = BothWays(self.targets, self.incoming)
        self.facts = facts
        self.dangling = dangling or {}
        """Ids that are no node's, which only a part of a map can name, and the holders that name them."""

    @classmethod
    def read(
        cls, ids: Sequence[str], kinds: bytes, documents: Sequence[bytes], steps: StepColumns | None = None
    ) -> "Relations":
        """The index of nodes in the order of their ids; raises `KeyError` where an argument's end is missing.

        Where the structure of the arguments is known already, reading it out of their documents is spared.
        """
        size = len(ids)
        codes = np.frombuffer(kinds, dtype=np.uint8)
        arguments = np.flatnonzero(codes == KIND_CODE["argument"]).astype(np.int32)
        if steps is None:
            steps = StepColumns.read(ids, [documents[n] for n in arguments.tolist()])
        reading = _Reading(Facts.blank(size))
        for kind in KINDS:
            if kind != "argument":
                reading.take(kind, np.flatnonzero(codes == KIND_CODE[kind]).tolist(), documents)
        entries, dangling = reading.resolved(ids)
        entries["premise_of"] = np.repeat(arguments, steps.widths), steps.premises
        entries["targets"] = arguments, steps.targets
        facts = reading.facts
        facts.sign[arguments], facts.confidence[arguments] = steps.signs, steps.confidences
        return cls(size, entries, facts, dangling)


def _each_once(holders: Ints, named: Ints) -> Entries:
    """Named nodes, and beside each its holders: in order, without those of a holder that names one node twice."""
    named, holders = in_order(named, holders)
    again = (named[1:] == named[:-1]) & (holders[1:] == holders[:-1])
    if not bool(again.any()):
        return named, holders
    first = np.concatenate(([True], ~again))
    return named[first], holders[first]


class _Reading:
    """What the documents of all kinds name, gathered kind by kind and then looked up at once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._names: list[tuple[Relation, Ints, list[str]]] = []

    def take(self, kind: Kind, numbers: list[int], documents: Sequence[bytes]) -> None:
        """Read the nodes of one kind."""
        if kind not in _ALWAYS:
            keys = (*_KEYS[kind], b'"origin"') if kind == "statement" else _KEYS[kind]
            # A quote inside a JSON text is escaped, so these bytes are a key, or rarely a value, which decodes as well.
            numbers = sorted({n for key in keys for n in numbers if key in documents[n]})
        read = _READERS[kind].decode
        for start in range(0, len(numbers), _TOGETHER):
            some = numbers[start : start + _TOGETHER]
            shapes: list[Any] = read(b"[" + b",".join([documents[n] for n in some]) + b"]")
            for reference in REFERENCES_OF[kind]:
                self._gather(reference, some, shapes)
            if kind == "assertion":
                self.facts.basis[some] = [BASIS_CODE.get(shape.basis, 0) for shape in shapes]
            elif kind == "statement":
                self.facts.constructed[some] = [shape.origin == "constructed" for shape in shapes]

    def _gather(self, reference: Reference, numbers: list[int], shapes: Sequence[Any]) -> None:
        field, inner = reference.field, reference.inner
        values = [getattr(shape, field) for shape in shapes]
        if not any(values):
            return
        if not reference.many:
            holders, names = numbers, values
            if None in values:
                holders = [n for n, value in zip(numbers, values, strict=True) if value is not None]
                names = [value for value in values if value is not None]
        else:
            holders = np.repeat(numbers, [len(value) for value in values]).tolist()
            flat: Iterable[Any] = chain.from_iterable(values)
            names = list(flat) if inner is None else [getattr(item, inner) for item in flat]
        self._names.append((reference.relation, np.asarray(holders, dtype=np.int32), names))

    def resolved(self, ids: Sequence[str]) -> tuple[dict[Relation, Entries], dict[str, list[tuple[Relation, int]]]]:
        """The entries of each relation, and what is named that is no node."""
        wanted = list(chain.from_iterable(names for _, _, names in self._names))
        found = places(ids, wanted, missing=NONE)
        parts: dict[Relation, list[Entries]] = {}
        dangling: dict[str, list[tuple[Relation, int]]] = {}
        at = 0
        for relation, holders, names in self._names:
            named = found[at : at + len(names)]
            at += len(names)
            lost = named == NONE
            for i in np.flatnonzero(lost).tolist():
                dangling.setdefault(names[i], []).append((relation, int(holders[i])))
            parts.setdefault(relation, []).append((holders[~lost], named[~lost]))
        return {relation: _joined(some) for relation, some in parts.items()}, dangling


def _joined(parts: Sequence[Entries]) -> Entries:
    holders, named = zip(*parts, strict=True)
    return np.concatenate(holders), np.concatenate(named)


def named_by(kind: Kind, holder: object) -> Iterator[tuple[Relation, Sequence[str]]]:
    """The ids that a node, or the shape of one, names by each relation that it has."""
    for reference in REFERENCES_OF[kind]:
        ids = reference.ids(holder)
        if ids:
            yield reference.relation, ids


def key_of(relation: Relation, number: int) -> int:
    """A node beside a relation as one number, by which a patch finds who names it."""
    return number * _RELATIONS + RELATION_CODE[relation]


def parts_of(key: int) -> tuple[int, Relation]:
    """The node and the relation of a key."""
    number, code = divmod(key, _RELATIONS)
    return number, RELATIONS[code]


_RELATIONS = len(RELATIONS)
