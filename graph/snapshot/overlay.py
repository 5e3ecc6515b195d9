"""A snapshot as arrays, its patch laid over its columns; and a part of it as a snapshot of its own."""

from bisect import bisect_left
from collections.abc import Collection
from itertools import chain

import numpy as np
import numpy.typing as npt

from graph.snapshot.adjacency import NONE, Ints
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns
from graph.snapshot.relations import BASIS_CODE, KIND_CODE, Entries, Facts, Relations
from schemas.assertion import Assertion
from schemas.statement import Statement
from schemas.vocabulary import KINDS, RELATIONS, Relation

_COUNTS = "link counts"


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


def _recount(graph: ArgumentGraph, number: int, counts: npt.NDArray[np.int64]) -> None:
    """Count the links of holders that no edit has touched to a node that went or is of another kind now."""
    base, alive = graph.columns.kinds, graph.alive(number)
    for both in graph.columns.relations.of.values():
        for holder in both.backward[number]:
            if holder not in graph.patch.rows:
                links = list(both.forward[holder]).count(number)
                counts[base[holder], base[number]] -= links
                if alive:
                    counts[base[holder], graph.kind(number)] += links


def flags(graph: ArgumentGraph, numbers: Collection[int]) -> npt.NDArray[np.bool_]:
    """True at these numbers, false at all others; O(size)."""
    found = np.zeros(graph.size, dtype=np.bool_)
    found[np.fromiter(numbers, dtype=np.int64, count=len(numbers))] = True
    return found


def part_of(graph: ArgumentGraph, keep: Collection[int] | Ints) -> ArgumentGraph:
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


def _in_order(graph: ArgumentGraph, keep: Collection[int] | Ints) -> Ints:
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


def _still_dangling(graph: ArgumentGraph, place: Ints) -> dict[str, list[tuple[Relation, int]]]:
    """What is named that is no node already, by kept holders that no edit has touched."""
    found: dict[str, list[tuple[Relation, int]]] = {}
    for node_id, holders in graph.columns.relations.dangling.items():
        for relation, holder in holders:
            if place[holder] != NONE and holder not in graph.patch.rows:
                found.setdefault(node_id, []).append((relation, int(place[holder])))
    return found
