"""Where paths begin and end: the nodes that are named, and what stands at the map's edges."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from graph.errors import Refused
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import MOTIVE, STATEMENT, Columns
from graph.snapshot.relations import KIND_CODE, Adjacency, Number
from schemas.problem import FieldProblem, did_you_mean, pointer
from schemas.vocabulary import KINDS, PLURALS, RELATIONS, Relation

_PROBLEMS_AT_MOST = 100
_NEAR = 200
"""Ids on either side, in their order, among which the one that was meant is looked for."""


def refuse_unknown(graphs: Iterable[ArgumentGraph], named: Iterable[tuple[str, str]]) -> None:
    """Raise `Refused` for ids, given with their pointers, that none of the snapshots has; with the nearest id.

    Of many the first hundred are named.
    """
    known = tuple(graphs)
    unknown = ((at, node_id) for at, node_id in named if all(node_id not in graph for graph in known))
    problems = [
        FieldProblem(at, f"no node {node_id!r}{_hint(known[-1], node_id)}")
        for at, node_id in islice(unknown, _PROBLEMS_AT_MOST)
    ]
    if problems:
        raise Refused(f"map {known[0].map!r} has no such node", problems, code="unknown_id")


def with_pointers(name: str, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Ids with their pointers in a list of that name."""
    return ((pointer(name, i), node_id) for i, node_id in enumerate(ids))


def _hint(graph: ArgumentGraph, node_id: str) -> str:
    ids = graph.columns.ids
    at = bisect_left(ids, node_id)
    near = [*ids[max(0, at - _NEAR) : at + _NEAR], *ids[:_NEAR]]
    meant = process.extractOne(node_id, [n for n in near if n in graph], scorer=fuzz.ratio, score_cutoff=60)
    return f"; did you mean {meant[0]!r}?" if meant else ""


def codes_of(kinds: tuple[str, ...]) -> frozenset[int]:
    """The codes of kinds named in the singular or the plural; raises `Refused`."""
    problems = [
        FieldProblem(pointer("kinds", i), f"no kind {kind!r}; {did_you_mean(kind, KINDS)}")
        for i, kind in enumerate(kinds)
        if kind not in KIND_CODE and kind not in PLURALS
    ]
    if problems:
        raise Refused("there is no such kind of node", problems, code="unknown_kind")
    return frozenset(code for kind, code in KIND_CODE.items() if kind in kinds or f"{kind}s" in kinds)


def relations_of(names: tuple[str, ...]) -> frozenset[Relation]:
    """The relations of these names; raises `Refused`."""
    problems = [
        FieldProblem(pointer("relations", i), f"no relation {name!r}; {did_you_mean(name, RELATIONS)}")
        for i, name in enumerate(names)
        if name not in RELATIONS
    ]
    if problems:
        raise Refused("there is no such relation", problems, code="invalid_parameter")
    return frozenset(relation for relation in RELATIONS if relation in names)


def is_ground(graph: ArgumentGraph, number: Number) -> bool:
    """Whether a node is a statement that nothing bears on."""
    return graph.kind(number) == STATEMENT and not graph.incoming(number)


def is_unused(graph: ArgumentGraph, number: Number) -> bool:
    """Whether a node is a statement or a motive that no argument uses; an argument bears on its target."""
    return graph.kind(number) in (STATEMENT, MOTIVE) and not graph.outgoing(number)


def first_nodes(graph: ArgumentGraph) -> list[Number]:
    """All grounds; O(nodes) once for the columns, then O(grounds + patch)."""
    base = _at_the_edge(graph.columns, "grounds", graph.columns.incoming, (STATEMENT,))
    return _with_patch(graph, base, graph.patch.incoming, is_ground)


def last_nodes(graph: ArgumentGraph) -> list[Number]:
    """All nodes that no argument uses; O(nodes) once for the columns, then O(these + patch)."""
    base = _at_the_edge(graph.columns, "ends", graph.columns.outgoing, (STATEMENT, MOTIVE))
    return _with_patch(graph, base, graph.patch.outgoing, is_unused)


def _at_the_edge(columns: Columns, key: str, adjacency: Adjacency, kinds: tuple[int, ...]) -> list[Number]:
    """The nodes of some kinds that the adjacency has nothing for."""
    found = columns.memo.get(key)
    if not isinstance(found, list):
        codes = np.frombuffer(columns.kinds, dtype=np.uint8)
        bare = np.asarray(adjacency.starts) == np.asarray(adjacency.ends)
        listed: list[Any] = np.flatnonzero(bare & np.isin(codes, kinds)).tolist()
        found = columns.memo[key] = listed
    return found


def _with_patch(
    graph: ArgumentGraph,
    base: list[Number],
    touched: Iterable[Number],
    belongs: Callable[[ArgumentGraph, Number], bool],
) -> list[Number]:
    if not graph.patch.nodes:
        return base
    changed = {*touched, *graph.patch.nodes}
    kept = [n for n in base if n not in changed]
    return kept + [n for n in changed if graph.alive(n) and belongs(graph, n)]
