"""A snapshot as arrays, its patch laid over its columns; and a part of it as a snapshot of its own.

Relations, facts and kinds come by the snapshot's own numbers. For whole-graph questions the steps come as CSR in int32,
with the nodes that take part numbered in the order of their ids.
"""

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, NewType

import msgspec
import numpy as np
import numpy.typing as npt

from graph.snapshot.argument_graph import ArgumentGraph, given_credence
from graph.snapshot.columns import ARGUMENT, MOTIVE, STATEMENT, Columns
from graph.snapshot.relations import BASIS_CODE, KIND_CODE, NONE, Entries, Facts, Ints, Number, Relations
from schemas.node import Assertion, Statement
from schemas.vocabulary import KINDS, RELATIONS, Origin, Relation

_COUNTS = "link counts"
Floats = npt.NDArray[np.float64]
KEY = "arrays"
Compact = NewType("Compact", int)
"""The number of a statement, motive or argument among these alone, as kernels have it."""
ORIGIN_CODE: dict[Origin | None, int] = {None: 0, "attributed": 1, "author": 2, "constructed": 3}
"""None where it was left out: the author's."""
_TOGETHER = 1_000
"""Documents decoded in one call, which no other thread can interrupt: about a millisecond."""


# --- by the snapshot's numbers --------------------------------------------------------------------


def entries_of(graph: ArgumentGraph, relation: Relation) -> Entries:
    """All of a relation at once: holders, and beside each the node that it names; O(these + patch) in arrays."""
    holders, named = graph.columns.relations.of[relation].forward.pairs()
    rows = graph.patch.rows
    if not rows:
        return holders, named
    stay = ~flags(graph, rows)[holders]
    changed = [(n, other) for n, row in rows.items() for other in row.get(relation, ())]
    added = np.asarray(changed, dtype=np.int32).reshape(-1, 2)
    return np.concatenate((holders[stay], added[:, 0])), np.concatenate((named[stay], added[:, 1]))


def facts_of(graph: ArgumentGraph) -> Facts:
    """The facts of every number; O(size) in arrays."""
    base = graph.columns.relations.facts
    if not graph.patch.nodes:
        return base
    found = Facts.blank(graph.size)
    for column, known in zip(found, base, strict=True):
        column[: len(known)] = known
    for number, node in graph.patch.nodes.items():
        found.sign[number] = graph.sign(number)
        found.confidence[number] = graph.confidence(number) if found.sign[number] else 0
        found.basis[number] = BASIS_CODE[node.basis] if isinstance(node, Assertion) else 0
        found.constructed[number] = isinstance(node, Statement) and node.origin == "constructed"
    return found


def kinds_of(graph: ArgumentGraph) -> npt.NDArray[np.int8]:
    """The code of the kind at every number, NONE where no node stands; O(size) in arrays."""
    base = np.frombuffer(graph.columns.kinds, dtype=np.int8)
    if not graph.patch.nodes:
        return base
    found = np.full(graph.size, NONE, dtype=np.int8)
    found[: len(base)] = base
    for number, node in graph.patch.nodes.items():
        found[number] = NONE if node is None else KIND_CODE[node.kind]
    return found


def link_counts(graph: ArgumentGraph) -> npt.NDArray[np.int64]:
    """How many links lead from holders of each kind to nodes of each kind that they name, by the codes of the kinds.

    O(links) in arrays once for the columns, then O(patch) and the links of what it deletes or makes another kind.
    """
    columns = graph.columns
    counts = columns.memo.get(_COUNTS)
    if not isinstance(counts, np.ndarray):
        counts = columns.memo[_COUNTS] = _counted(columns)
    if not graph.patch.rows:
        return counts
    counts = counts.copy()
    base = columns.kinds
    for number, row in graph.patch.rows.items():
        before = (both.forward[number] for both in columns.relations.of.values() if number < len(columns))
        for named in chain.from_iterable(before):
            counts[base[number], base[named]] -= 1
        for named in filter(graph.alive, chain.from_iterable(row.values())):
            counts[graph.kind(number), graph.kind(named)] += 1
    for number, node in graph.patch.nodes.items():
        if number < len(columns) and (node is None or KIND_CODE[node.kind] != base[number]):
            _recount(graph, number, counts)
    return counts


def _counted(columns: Columns) -> npt.NDArray[np.int64]:
    codes = np.frombuffer(columns.kinds, dtype=np.uint8).astype(np.int64)
    size = len(KINDS)
    counts = np.zeros(size * size, dtype=np.int64)
    for both in columns.relations.of.values():
        holders, named = both.forward.pairs()
        counts += np.bincount(codes[holders] * size + codes[named], minlength=size * size)
    return counts.reshape(size, size)


def _recount(graph: ArgumentGraph, number: Number, counts: npt.NDArray[np.int64]) -> None:
    """Count the links of holders that no edit has touched to a node that went or is of another kind now."""
    base, alive = graph.columns.kinds, graph.alive(number)
    for both in graph.columns.relations.of.values():
        for holder in both.backward[number]:
            if holder not in graph.patch.rows:
                links = list(both.forward[holder]).count(number)
                counts[base[holder], base[number]] -= links
                if alive:
                    counts[base[holder], graph.kind(number)] += links


def flags(graph: ArgumentGraph, numbers: Collection[Number]) -> npt.NDArray[np.bool_]:
    """True at these numbers, false at all others; O(size)."""
    found = np.zeros(graph.size, dtype=np.bool_)
    found[np.fromiter(numbers, dtype=np.int64, count=len(numbers))] = True
    return found


# --- a part ---------------------------------------------------------------------------------------


def part_of(graph: ArgumentGraph, keep: Collection[Number] | Ints) -> ArgumentGraph:
    """A snapshot of the kept nodes alone, with numbers of its own; O(kept) and a few passes over arrays.

    Arguments that are kept must have their ends. What else names a node that goes keeps its document as it is.
    """
    chosen = _in_order(graph, keep)
    numbers = chosen.tolist()
    kinds = kinds_of(graph)[chosen].tobytes()
    ids, documents = map(graph.id, numbers), [graph.stored(n) for n in numbers]
    return ArgumentGraph(graph.header, Columns(ids, kinds, documents, _relations_among(graph, chosen)))


def compact(graph: ArgumentGraph) -> ArgumentGraph:
    """The same snapshot without a patch; numbers change."""
    return part_of(graph, list(graph.numbers())) if graph.patch.nodes else graph


def _in_order(graph: ArgumentGraph, keep: Collection[Number] | Ints) -> Ints:
    """Numbers in the order of their ids."""
    wanted = keep if isinstance(keep, np.ndarray) else np.fromiter(keep, dtype=np.int32, count=len(keep))
    wanted = np.sort(wanted)
    # Numbers of the columns follow the ids; those of the patch go in between.
    base = wanted[: np.searchsorted(wanted, len(graph.columns))]
    new = sorted(wanted[len(base) :].tolist(), key=graph.id)
    places = [bisect_left(base, graph.id(n), key=graph.id) for n in new]
    return np.insert(base, places, new).astype(np.int32) if new else base.astype(np.int32)


def _relations_among(graph: ArgumentGraph, chosen: Ints) -> Relations:
    """The relations among some nodes, by their places there."""
    place = np.full(graph.size, NONE, dtype=np.int32)
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    entries: dict[Relation, Entries] = {}
    dangling = _still_dangling(graph, place)
    for relation in RELATIONS:
        holders, named = entries_of(graph, relation)
        held = place[holders] != NONE
        holders, named = place[holders[held]], named[held]
        lost = place[named] == NONE
        for holder, number in zip(holders[lost].tolist(), named[lost].tolist(), strict=True):
            dangling.setdefault(graph.id(number), []).append((relation, holder))
        entries[relation] = holders[~lost], place[named[~lost]]
    return Relations(len(chosen), entries, facts_of(graph).at(chosen), dangling)


def _still_dangling(graph: ArgumentGraph, place: Ints) -> dict[str, list[tuple[Relation, Number]]]:
    """What is named that is no node already, by kept holders that no edit has touched."""
    found: dict[str, list[tuple[Relation, Number]]] = {}
    for node_id, holders in graph.columns.relations.dangling.items():
        for relation, holder in holders:
            if place[holder] != NONE and holder not in graph.patch.rows:
                found.setdefault(node_id, []).append((relation, Number(int(place[holder]))))
    return found


# --- steps ----------------------------------------------------------------------------------------


class Csr(NamedTuple):
    """Lists of numbers by number: row i is `values[starts[i]:starts[i + 1]]`."""

    starts: Ints
    values: Ints

    def of(self, row: int) -> Ints:
        """One row."""
        return self.values[self.starts[row] : self.starts[row + 1]]

    def keys(self) -> Ints:
        """The row of each value."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """Motives, statements and arguments by a compact number, which follows the order of their ids.

    The order makes every sum and every sweep canonical: equal snapshots give equal bits, whatever they
    were derived from.
    """

    numbers: Ints
    """The snapshot's number of each node."""
    kinds: npt.NDArray[np.uint8]
    target: Ints
    """What an argument bears on; NONE for other nodes."""
    sign: npt.NDArray[np.int8]
    """1 supporting, -1 opposing, 0 no argument."""
    confidence: npt.NDArray[np.int8]
    """Of arguments: 0 low, 1 medium, 2 high."""
    credence: Floats
    """NaN where none is set."""
    origin: npt.NDArray[np.int8]
    """Of statements whose it is, by `ORIGIN_CODE`; of other nodes 0."""
    premises: Csr
    outgoing: Csr
    incoming: Csr

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def constructed(self) -> npt.NDArray[np.bool_]:
        """Motives, and the statements that nobody puts forward."""
        found: npt.NDArray[np.bool_] = (self.kinds == MOTIVE) | (self.origin == ORIGIN_CODE["constructed"])
        return found

    def number(self, compact: int) -> Number:
        """The number in the snapshot of one of these."""
        return Number(int(self.numbers[compact]))

    def place(self, number: Number) -> Compact:
        """The compact number of one that is there, by one look through all; of many ask `compact`."""
        return Compact(int(np.flatnonzero(self.numbers == number)[0]))

    def compact(self, size: int) -> Ints:
        """The compact number of each of the snapshot's `size` numbers, NONE where it has none; O(size)."""
        found = np.full(size, NONE, dtype=np.int32)
        found[self.numbers] = np.arange(len(self.numbers), dtype=np.int32)
        return found


def arrays_of(graph: ArgumentGraph) -> Arrays:
    """The snapshot's arrays, kept with it.

    Those of its columns are built once, O(nodes + links), one batch of partial decoding; a derived snapshot
    patches them, O(nodes) in a few vectorised passes without decoding what the edit left alone.
    """
    found = graph.memo.get(KEY)
    if not isinstance(found, Arrays):
        base = graph.columns.memo.get(KEY)
        if not isinstance(base, Arrays):
            base = graph.columns.memo[KEY] = _of_columns(graph.columns)
        found = graph.memo[KEY] = _patched(base, graph) if graph.patch.nodes else base
    return found


def steps_of(target: Ints, users: Ints, premises: Ints) -> tuple[Csr, Csr, Csr]:
    """Premises, outgoing and incoming, from what each node bears on and each premise beside the argument it is of."""
    size = len(target)
    arguments = np.flatnonzero(target != NONE).astype(np.int32)
    return _rows(size, users, premises), _rows(size, premises, users), _rows(size, target[arguments], arguments)


def _rows(size: int, keys: Ints, values: Ints) -> Csr:
    starts = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(keys, minlength=size), out=starts[1:])
    if len(keys) and np.any(keys[1:] < keys[:-1]):
        values = values[np.argsort(keys, kind="stable")]
    return Csr(starts, np.ascontiguousarray(values, dtype=np.int32))


class _Graded(msgspec.Struct, gc=False):
    """The part of a document that arrays need of it."""

    credence: float | None = None
    origin: Origin | None = None


def _of_columns(columns: Columns) -> Arrays:
    codes = np.frombuffer(columns.kinds, dtype=np.uint8)
    numbers = np.flatnonzero((codes == STATEMENT) | (codes == ARGUMENT) | (codes == MOTIVE)).astype(np.int32)
    compact = np.full(len(columns) + 1, NONE, dtype=np.int32)  # the last entry makes NONE stay NONE
    compact[numbers] = np.arange(len(numbers), dtype=np.int32)
    kinds = codes[numbers]
    target = compact[np.asarray(columns.target, dtype=np.int32)[numbers]]
    sign = np.asarray(columns.sign, dtype=np.int8)[numbers]
    confidence = np.asarray(columns.confidence, dtype=np.int8)[numbers]
    credence, origin = _grades(columns, numbers)
    users, premises = columns.premises.pairs()
    steps = steps_of(target, compact[users], compact[premises])
    return Arrays(numbers, kinds, target, sign, confidence, credence, origin, *steps)


def _grades(columns: Columns, numbers: Ints) -> tuple[Floats, npt.NDArray[np.int8]]:
    credence = np.full(len(numbers), np.nan)
    origin = np.zeros(len(numbers), dtype=np.int8)
    documents = columns.documents
    # A quote inside a JSON text is escaped, so these bytes are a key, or rarely a value, which decodes as well.
    said = [i for i, n in enumerate(numbers.tolist()) if b'"credence"' in documents[n] or b'"origin"' in documents[n]]
    for start in range(0, len(said), _TOGETHER):
        some = said[start : start + _TOGETHER]
        read = _read_graded(b"[" + b",".join([documents[numbers[i]] for i in some]) + b"]")
        credence[some] = [np.nan if grades.credence is None else grades.credence for grades in read]
        origin[some] = [ORIGIN_CODE[grades.origin] for grades in read]
    return credence, origin


_read_graded = msgspec.json.Decoder(list[_Graded]).decode


def _patched(base: Arrays, graph: ArgumentGraph) -> Arrays:
    changed = graph.patch.nodes
    held = np.fromiter(changed, dtype=np.int64, count=len(changed))
    kept = ~np.isin(base.numbers, held)
    fresh = [n for n in graph.changed_in_order if graph.kind(n) in (STATEMENT, ARGUMENT, MOTIVE)]
    places = _places(base.numbers[kept].tolist(), fresh, graph) if fresh else np.zeros(0, dtype=np.int64)

    def put(column: npt.NDArray[Any], values: Any) -> npt.NDArray[Any]:
        return np.insert(column[kept], places, values) if fresh else column[kept]

    numbers = put(base.numbers, fresh)
    compact = np.full(graph.size + 1, NONE, dtype=np.int32)
    compact[numbers] = np.arange(len(numbers), dtype=np.int32)
    moved = compact[base.numbers]  # base's compact numbers to ours
    old = moved[base.target[kept]]
    old[base.target[kept] == NONE] = NONE
    at = [graph.at(n) for n in fresh]
    target = np.insert(old, places, compact[[graph.target(n) for n in fresh]]) if fresh else old
    users, premises = _edges(base, kept, moved, graph, fresh, compact)
    return Arrays(
        numbers, put(base.kinds, [graph.kind(n) for n in fresh]), target,
        put(base.sign, [graph.sign(n) for n in fresh]),
        put(base.confidence, [graph.confidence(n) if graph.sign(n) else 0 for n in fresh]),
        put(base.credence, [np.nan if (credence := given_credence(n)) is None else credence for n in at]),
        put(base.origin, [origin_code(n) for n in at]), *steps_of(target, users, premises),
    )  # fmt: skip


def origin_code(node: object) -> int:
    """Whose a statement is, by `ORIGIN_CODE`; 0 of any other node."""
    if not isinstance(node, Statement):
        return 0
    return ORIGIN_CODE[None if node.is_open_about_its_origin else node.origin]


def _places(kept: list[Number], fresh: list[Number], graph: ArgumentGraph) -> npt.NDArray[np.int64]:
    """Where fresh nodes go among the kept ones, by id; O(fresh log kept)."""
    return np.asarray([bisect_left(kept, graph.id(n), key=graph.id) for n in fresh], dtype=np.int64)


def _edges(
    base: Arrays,
    kept: npt.NDArray[np.bool_],
    moved: Ints,
    graph: ArgumentGraph,
    fresh: list[Number],
    compact: Ints,
) -> tuple[Ints, Ints]:
    users = base.premises.keys()
    stay = kept[users]
    old_users, old_premises = moved[users[stay]], moved[base.premises.values[stay]]
    new = [graph.premises(n) for n in fresh]
    widths = [len(p) for p in new]
    new_users = np.repeat(compact[fresh].astype(np.int32), widths) if fresh else np.zeros(0, np.int32)
    new_premises = compact[np.fromiter(chain.from_iterable(new), dtype=np.int64, count=sum(widths))]
    both = np.concatenate([old_users, new_users])
    order = np.argsort(both, kind="stable") if fresh else slice(None)
    return both[order], np.concatenate([old_premises, new_premises])[order]


def of_steps(kinds: npt.NDArray[np.uint8], credence: Floats, premise: Ints, target: Ints, sign: Any) -> Arrays:
    """Arrays without a snapshot, for measuring kernels: the last nodes are arguments of one premise each."""
    first, size = len(kinds) - len(premise), len(kinds)
    targets = np.concatenate([np.full(first, NONE, dtype=np.int32), target])
    signs = np.concatenate([np.zeros(first, dtype=np.int8), sign])
    users = np.arange(first, size, dtype=np.int32)
    numbers, grades = np.arange(size, dtype=np.int32), np.zeros(size, dtype=np.int8)
    return Arrays(
        numbers, kinds, targets, signs, np.where(signs == 0, 0, 1).astype(np.int8), credence, grades,
        *steps_of(targets, users, premise),
    )  # fmt: skip
