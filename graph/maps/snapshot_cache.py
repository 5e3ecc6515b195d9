"""Snapshots that are kept up to a bound of bytes."""

from collections import OrderedDict
from collections.abc import Hashable

from graph.snapshot.argument_graph import ArgumentGraph

_BYTES_PER_NODE = 300
"""Measured beside the documents: id, columns, objects and the table of ids, of one node of a map of millions."""


def bytes_held(graph: ArgumentGraph) -> int:
    """Roughly the bytes that a snapshot holds; what it shares with others counts too."""
    columns = graph.columns
    return columns.weight + (len(columns) + len(graph.patch.nodes)) * _BYTES_PER_NODE


class SnapshotCache:
    """Keeps snapshots by key up to a bound of bytes, the least recently used go first; the newest stays even where
    it alone is past it.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._held: OrderedDict[Hashable, tuple[ArgumentGraph, int]] = OrderedDict()
        self._weight = 0

    def get(self, key: Hashable) -> ArgumentGraph | None:
        """The snapshot of a key, which becomes the most recently used."""
        found = self._held.get(key)
        if found is None:
            return None
        self._held.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, graph: ArgumentGraph, size: int | None = None) -> None:
        """Keep a snapshot and let go of the least recently used ones beyond the bound.

        `size` is what it holds where that is not all of its weight, since others hold the rest.
        """
        self.drop(key)
        size = bytes_held(graph) if size is None else size
        self._held[key] = (graph, size)
        self._weight += size
        while self._weight > self._bound and len(self._held) > 1:
            _, (_, gone) = self._held.popitem(last=False)
            self._weight -= gone

    def drop(self, key: Hashable) -> None:
        """Let go of one key."""
        found = self._held.pop(key, None)
        if found is not None:
            self._weight -= found[1]
