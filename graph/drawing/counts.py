"""How many nodes and links of some kinds a snapshot has, without going through them."""

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt

from graph.paths.references import count_links
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT, Adjacency
from schemas.vocabulary import KINDS


def count_nodes(graph: ArgumentGraph, kinds: Collection[int]) -> int:
    """How many nodes of these kinds there are."""
    return sum(graph.counts[KINDS[code]] for code in kinds)


def count_edges(graph: ArgumentGraph, kinds: Collection[int]) -> int:
    """How many links there are among the nodes of these kinds; O(nodes) in arrays, and O(patch)."""
    steps = 0
    if ARGUMENT in kinds:
        steps += _ends(graph, kinds, graph.columns.outgoing, graph.patch.outgoing)
        steps += _ends(graph, kinds, graph.columns.incoming, graph.patch.incoming)
    return steps + count_links(graph, kinds)


def widths(adjacency: Adjacency) -> npt.NDArray[np.int32]:
    """How many entries each number has."""
    found: npt.NDArray[np.int32] = np.asarray(adjacency.ends) - np.asarray(adjacency.starts)
    return found


def _ends(graph: ArgumentGraph, kinds: Collection[int], base: Adjacency, changed: Mapping[int, tuple[int, ...]]) -> int:
    """The entries at nodes of these kinds."""
    codes = np.frombuffer(graph.columns.kinds, dtype=np.uint8)
    sizes = widths(base)
    count = int(sizes[np.isin(codes, list(kinds))].sum())
    for number, entries in changed.items():
        if number < len(sizes) and codes[number] in kinds:
            count -= int(sizes[number])
        if graph.alive(number) and graph.kind(number) in kinds:
            count += len(entries)
    return count
