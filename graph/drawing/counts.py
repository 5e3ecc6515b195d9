"""How many nodes and links of some kinds a snapshot has, without going through them."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from graph.snapshot.adjacency import Adjacency
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.overlay import link_counts
from schemas.vocabulary import KINDS


def count_nodes(graph: ArgumentGraph, kinds: Collection[int]) -> int:
    """How many nodes of these kinds there are."""
    return sum(graph.counts[KINDS[code]] for code in kinds)


def count_edges(graph: ArgumentGraph, kinds: Collection[int]) -> int:
    """How many links there are among the nodes of these kinds; O(links) in arrays once, then O(patch)."""
    codes = sorted(kinds)
    return int(link_counts(graph)[np.ix_(codes, codes)].sum())


def widths(adjacency: Adjacency) -> npt.NDArray[np.int32]:
    """How many entries each number has."""
    return adjacency.widths()
