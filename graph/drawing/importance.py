"""Which nodes to show first of a map that is too large to show: where its reasoning ends, most argued first."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice

import numpy as np

from graph.drawing.counts import widths
from graph.paths.endpoints import is_unused
from graph.paths.neighbours import Neighbours
from graph.snapshot.argument_graph import ArgumentGraph

_CENTRES = 20
"""One in so many nodes of a budget is a centre; the rest lies around them."""


def most_important(neighbours: Neighbours, budget: int) -> set[int]:
    """As many nodes as the budget allows: the most important ones and what lies around them, then the next.

    O(nodes log nodes) in arrays, and the links at the nodes given.
    """
    ranked = filter(neighbours.has, by_importance(neighbours.graph))
    shown: set[int] = set()
    while len(shown) < budget:
        centres = set(islice(ranked, max(1, budget // _CENTRES)))
        if not centres:
            break
        found, _ = neighbours.around(centres - shown, None, budget - len(shown))
        shown |= found
    return shown


def by_importance(graph: ArgumentGraph) -> Iterator[int]:
    """All nodes: those that are argued about and bear on nothing first, then by the arguments on them, then by id."""
    patch, columns = graph.patch, graph.columns
    changed = {*patch.nodes, *patch.outgoing, *patch.incoming}
    outgoing, incoming = widths(columns.outgoing), widths(columns.incoming)
    inner = (outgoing > 0) | (incoming == 0) | (np.asarray(columns.target) >= 0)
    order = np.lexsort((-incoming, inner)).tolist()  # a stable sort, and numbers follow ids

    def rank(number: int) -> tuple[bool, int, str]:
        borne_on = len(graph.incoming(number))
        is_end = borne_on > 0 and is_unused(graph, number)
        return not is_end, -borne_on, graph.id(number)

    if not changed:
        return iter(order)
    kept = (number for number in order if number not in changed)
    return merge(kept, sorted(filter(graph.alive, changed), key=rank), key=rank)
