"""All relations of a map in one index: for each the nodes that a holder names, and the holders that name a node.

Built once from partly decoded documents, whatever kinds and relations there are; nothing else in the code knows who
refers to whom. What an edit changes stands in the snapshot's patch. The lists of numbers that the index is made of
come in three forms: for every node, for some nodes, one entry a node.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, NewType, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from schemas.problem import pointer
from schemas.vocabulary import KINDS, RANK_OF, RELATIONS, Basis, Confidence, Kind, Relation, Stance

Number = NewType("Number", int)
"""The number of a node in a snapshot, by which columns and patches know it."""
Ints = npt.NDArray[np.int32]
NONE: Any = -1
"""Stands for "no node" in every numbering."""
_DIGESTED_TOGETHER = 1 << 15
"""Ids, in one call that no other thread can interrupt: about two milliseconds."""
_ASKED_FOR_PLACES = 8
_PREMISE: tuple[Kind, ...] = ("statement", "motive")
_TARGET: tuple[Kind, ...] = ("statement", "motive", "argument")


class Reference(NamedTuple):
    """A field that refers to other nodes: all that is known of it stands here and nowhere else."""

    relation: Relation
    holder: Kind
    """The kind of node that has the field."""
    field: str
    names: tuple[Kind, ...]
    """The kinds of node that it may name."""
    many: bool = False
    distinct: bool = False
    """Whether the rules forbid it to name one node twice."""
    inner: str | None = None
    """Of a list of records: which of their fields names the node."""
    inward: bool = False
    """Whether the relation is read from the named node to the holder."""
    chain: bool = False
    """Whether the order of the named nodes says something."""
    vital: bool = False
    """Whether the holder is void without it; any other reference can be taken off."""

    def ids(self, holder: object) -> Sequence[str]:
        """The ids that a node, or the shape of one, names here, in the order of the field."""
        value = getattr(holder, self.field)
        if not value:
            return ()
        if self.inner is not None:
            return [getattr(item, self.inner) for item in value]
        return value if self.many else (value,)

    def pointer(self, i: int) -> str:
        """Where the reference of a place in the order of `ids` stands in the holder's document."""
        return pointer(self.field, *([i] if self.many else []), *([] if self.inner is None else [self.inner]))


REFERENCES: tuple[Reference, ...] = (
    Reference("premise_of", "argument", "premises", _PREMISE, many=True, distinct=True, inward=True, vital=True),
    Reference("targets", "argument", "target", _TARGET, vital=True),
    Reference("of", "assertion", "of", ("statement", "argument"), vital=True),
    Reference("found_in", "assertion", "source", ("source",), vital=True),
    Reference("cites", "assertion", "cited_source", ("source",)),
    Reference("spoken_by", "assertion", "chain", ("actor",), many=True, chain=True, vital=True),
    Reference("believed_by", "assertion", "belief_holder", ("actor",)),
    Reference("may_be_spoken_by", "assertion", "alternative_chain", ("actor",), many=True, chain=True),
    Reference("may_originate_with", "assertion", "probable_origin", ("actor",), many=True, chain=True),
    Reference("concerns", "statement", "concerns", ("motive",), many=True, inner="motive"),
    Reference("about", "statement", "about", ("actor",), many=True),
    Reference("has_motive", "motive", "actor", ("actor",), inward=True, vital=True),
    Reference("affiliated_with", "actor", "affiliations", ("actor",), many=True),
    Reference("same_as", "actor", "same_as", ("actor",), many=True),
    Reference("published_by", "source", "publisher", ("actor",)),
    Reference("written_by", "source", "author", ("actor",), many=True),
    Reference("cited_in", "source", "cited_in", ("source",), many=True),
    Reference("repeats", "source", "repeats", ("source",), many=True),
    Reference("same_as", "source", "same_as", ("source",), many=True),
)
"""Every field of the domain that refers to a node; of one kind in the order of its fields."""
REFERENCES_OF: dict[Kind, tuple[Reference, ...]] = {
    kind: tuple(reference for reference in REFERENCES if reference.holder == kind) for kind in KINDS
}
HOLDERS_OF: dict[Relation, frozenset[Kind]] = {
    relation: frozenset(one.holder for one in REFERENCES if one.relation == relation) for relation in RELATIONS
}
"""The kinds of node that state a relation."""
VITAL: frozenset[Relation] = frozenset(reference.relation for reference in REFERENCES if reference.vital)
RELATION_CODE: dict[Relation, int] = {relation: code for code, relation in enumerate(RELATIONS)}


class _Record(msgspec.Struct, gc=False):
    """An item of a list that says more than which node it names."""

    motive: str = ""
    role: str | None = None
    basis: str | None = "explicit"


def _shape(kind: Kind) -> type[msgspec.Struct]:
    fields: list[Any] = [("id", str)]
    for reference in REFERENCES_OF[kind]:
        if reference.inner is not None:
            fields.append((reference.field, tuple[_Record, ...], ()))
        elif reference.many:
            fields.append((reference.field, tuple[str, ...], ()))
        else:
            fields.append((reference.field, str | None, None))
    if kind == "assertion":
        fields.append(("basis", str | None, None))
    if kind == "statement":
        fields.append(("origin", str | None, None))
    return msgspec.defstruct(f"{kind.capitalize()}Shape", fields, gc=False)


SHAPES: dict[Kind, type[msgspec.Struct]] = {kind: _shape(kind) for kind in KINDS}
"""Of each kind the part of its documents that refers to other nodes, or says how: a tenth of the time to decode."""
_DECODERS = {kind: msgspec.json.Decoder(shape) for kind, shape in SHAPES.items()}


def shape_of(kind: Kind, document: bytes) -> msgspec.Struct:
    """The referring part of a stored document."""
    return _DECODERS[kind].decode(document)


def named_by(kind: Kind, holder: object) -> Iterator[tuple[Relation, Sequence[str]]]:
    """The ids that a node, or the shape of one, names by each relation that it has."""
    for reference in REFERENCES_OF[kind]:
        ids = reference.ids(holder)
        if ids:
            yield reference.relation, ids


# --- lists of numbers -----------------------------------------------------------------------------


class Rows(Protocol):
    """Whatever has a list of numbers for each number."""

    def __getitem__(self, number: Number) -> Sequence[Number]:
        """The list of one number; empty where it has none."""

    def pairs(self) -> tuple[Ints, Ints]:
        """Every entry: the number whose list it stands in, and the entry."""


class Adjacency:
    """A list for each number in compressed form (CSR, int32): an entry is found in O(1)."""

    __slots__ = ("ends", "starts", "values")

    def __init__(self, size: int, keys: Ints, values: Ints) -> None:
        counts = np.bincount(keys, minlength=size)
        bounds = np.zeros(size + 1, dtype=np.int32)
        np.cumsum(counts, out=bounds[1:])
        self.starts = bounds[:-1].data
        self.ends = bounds[1:].data
        self.values: Any = in_order(keys, values)[1].data

    def __getitem__(self, number: Number) -> Sequence[Number]:
        first, last = self.starts[number], self.ends[number]
        found: Sequence[Number] = self.values[first:last].tolist() if first != last else ()
        return found

    def widths(self) -> Ints:
        """How many entries each number has."""
        found: Ints = np.asarray(self.ends) - np.asarray(self.starts)
        return found

    def pairs(self) -> tuple[Ints, Ints]:
        """As `Rows.pairs`."""
        return np.repeat(np.arange(len(self.starts), dtype=np.int32), self.widths()), np.asarray(self.values)


class SparseAdjacency:
    """The same with nothing for the numbers that have no entry (DCSR): found in O(log entries), 8 bytes an entry.

    Once so many were asked for that it pays, each number gets its place after all, and is found in O(1).
    """

    __slots__ = ("_dense", "_left", "_size", "_views", "keys", "values")

    def __init__(self, size: int, keys: Ints, values: Ints) -> None:
        self.keys, self.values = in_order(keys, values)
        self._views: tuple[Any, Any] = self.keys.data, self.values.data
        self._size, self._left = size, size // _ASKED_FOR_PLACES
        self._dense: Adjacency | None = None

    def __getitem__(self, number: Number) -> Sequence[Number]:
        if self._dense is not None:
            return self._dense[number]
        self._left -= 1
        if self._left < 0:
            self._dense = Adjacency(self._size, self.keys, self.values)
        keys, values = self._views
        first = bisect_left(keys, number)
        found: Sequence[Number] = values[first : bisect_right(keys, number, first)].tolist()
        return found

    def pairs(self) -> tuple[Ints, Ints]:
        """As `Rows.pairs`."""
        return self.keys, self.values


class Column:
    """At most one entry for each number: NONE where there is none."""

    __slots__ = ("values",)

    def __init__(self, size: int, keys: Ints, values: Ints) -> None:
        column = np.full(size, NONE, dtype=np.int32)
        column[keys] = values
        self.values: Any = column.data

    def __getitem__(self, number: Number) -> Sequence[Number]:
        value = self.values[number]
        return () if value == NONE else (value,)

    def pairs(self) -> tuple[Ints, Ints]:
        """As `Rows.pairs`."""
        column = np.asarray(self.values)
        keys = np.flatnonzero(column != NONE).astype(np.int32)
        return keys, column[keys]


def in_order(keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Entries in the order of their keys; those of one key stay in the order given."""
    if len(keys) and bool((keys[1:] < keys[:-1]).any()):
        order = np.argsort(keys, kind="stable")
        keys, values = keys[order], values[order]
    return np.ascontiguousarray(keys, dtype=np.int32), np.ascontiguousarray(values, dtype=np.int32)


def places(
    ids: Sequence[str], wanted: Sequence[str], digest: Callable[[str], int] = hash, *, missing: int | None = None
) -> npt.NDArray[np.int32]:
    """The places of many ids at once, each as often as it is wanted; O((ids + wanted) log ids).

    For one that is not there `missing` stands, or `KeyError` is raised where that is not given. Both lists are sorted
    by digest and compared: a million ids one by one in a table wait for memory each, three times as long.
    """
    have, order = _sorted(ids, digest)
    if len(have) > 1 and bool((have[1:] == have[:-1]).any()):  # two ids of one digest: rare, but not impossible
        table = dict(zip(ids, range(len(ids)), strict=True))
        look_up = table.__getitem__ if missing is None else lambda node_id: table.get(node_id, missing)
        return np.fromiter(map(look_up, wanted), dtype=np.int32, count=len(wanted))
    asked, back = _sorted(wanted, digest)
    at = np.searchsorted(have, asked)
    lost = at == len(have)
    at[lost] = 0
    lost |= have[at] != asked if len(have) else True
    found = np.empty(len(wanted), dtype=np.int32)
    found[back] = order[at] if len(have) else NONE
    if bool(lost.any()):
        if missing is None:
            raise KeyError(wanted[int(back[np.flatnonzero(lost)[0]])])
        found[back[lost]] = missing
    return found


def _sorted(ids: Sequence[str], digest: Callable[[str], int]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    digests = np.empty(len(ids), dtype=np.int64)
    for start in range(0, len(ids), _DIGESTED_TOGETHER):
        some = ids[start : start + _DIGESTED_TOGETHER]
        digests[start : start + len(some)] = np.fromiter(map(digest, some), dtype=np.int64, count=len(some))
    order = np.argsort(digests)
    return digests[order], order


# --- the index ------------------------------------------------------------------------------------


SIGN: dict[Stance, int] = {"supporting": 1, "opposing": -1}
Bytes = npt.NDArray[np.int8]


class StepShape(msgspec.Struct, gc=False):
    """The part of an argument's document that the structure needs."""

    premises: tuple[str, ...]
    target: str
    stance: Stance
    confidence: Confidence | None = None


read_shape = msgspec.json.Decoder(StepShape).decode


@dataclass(frozen=True, slots=True, eq=False)
class StepColumns:
    """An entry for each argument of a map, in the order of ids; nodes are named by their place in that order."""

    targets: Ints
    signs: Bytes
    """1 for a supporting argument, -1 for an opposing one."""
    confidences: Bytes
    """0 low, 1 medium, 2 high."""
    widths: Ints
    """How many premises each has."""
    premises: Ints
    """The premises of all, one argument's behind another's."""

    @classmethod
    def read(cls, ids: Sequence[str], documents: Sequence[bytes]) -> "StepColumns":
        """The structure as the arguments' documents say it; raises `KeyError` where an end is no id of the map."""
        shapes = list(map(read_shape, documents))
        size = len(shapes)
        ends = places(ids, [*(s.target for s in shapes), *chain.from_iterable(s.premises for s in shapes)])
        return cls(
            targets=ends[:size],
            signs=np.fromiter((SIGN[s.stance] for s in shapes), dtype=np.int8, count=size),
            confidences=np.fromiter((RANK_OF[s.confidence] for s in shapes), dtype=np.int8, count=size),
            widths=np.fromiter((len(s.premises) for s in shapes), dtype=np.int32, count=size),
            premises=ends[size:],
        )


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
        dangling: Mapping[str, Sequence[tuple[Relation, Number]]] | None = None,
    ) -> None:
        nothing = np.zeros(0, dtype=np.int32)
        ordered = {relation: in_order(*entries.get(relation, (nothing, nothing))) for relation in RELATIONS}
        # Those of the steps are asked for at every turn of a search, so each node has its place in them.
        self.premises = Adjacency(size, *ordered["premise_of"])
        self.outgoing = Adjacency(size, *_each_once(*ordered["premise_of"]))
        self.targets = Column(size, *ordered["targets"])
        self.incoming = Adjacency(size, *_each_once(*ordered["targets"]))
        self.of: dict[Relation, BothWays] = {
            relation: BothWays(SparseAdjacency(size, *some), SparseAdjacency(size, *_each_once(*some)))
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

    def resolved(self, ids: Sequence[str]) -> tuple[dict[Relation, Entries], dict[str, list[tuple[Relation, Number]]]]:
        """The entries of each relation, and what is named that is no node."""
        wanted = list(chain.from_iterable(names for _, _, names in self._names))
        found = places(ids, wanted, missing=NONE)
        parts: dict[Relation, list[Entries]] = {}
        dangling: dict[str, list[tuple[Relation, Number]]] = {}
        ends = np.cumsum([len(names) for _, _, names in self._names], dtype=np.intp)
        for (relation, holders, names), named in zip(self._names, np.split(found, ends)):
            lost = named == NONE
            for i in np.flatnonzero(lost).tolist():
                dangling.setdefault(names[i], []).append((relation, Number(int(holders[i]))))
            parts.setdefault(relation, []).append((holders[~lost], named[~lost]))
        return {relation: _joined(some) for relation, some in parts.items()}, dangling


def _joined(parts: Sequence[Entries]) -> Entries:
    holders, named = zip(*parts, strict=True)
    return np.concatenate(holders), np.concatenate(named)
