"""Lists of numbers by number, in the forms that a relation is kept in: every node, some nodes, one entry a node."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
NONE = -1
"""Stands for "no node" in columns of numbers."""


class Rows(Protocol):
    """Whatever has a list of numbers for each number."""

    def __getitem__(self, number: int) -> Sequence[int]:
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
        self.values = in_order(keys, values)[1].data

    def __getitem__(self, number: int) -> Sequence[int]:
        first, last = self.starts[number], self.ends[number]
        return self.values[first:last].tolist() if first != last else ()

    def widths(self) -> Ints:
        """How many entries each number has."""
        found: Ints = np.asarray(self.ends) - np.asarray(self.starts)
        return found

    def pairs(self) -> tuple[Ints, Ints]:
        """As `Rows.pairs`."""
        return np.repeat(np.arange(len(self.starts), dtype=np.int32), self.widths()), np.asarray(self.values)


class SparseAdjacency:
    """The same with nothing for the numbers that have no entry (DCSR): found in O(log entries), 8 bytes an entry."""

    __slots__ = ("_keys", "_values", "keys", "values")

    def __init__(self, keys: Ints, values: Ints) -> None:
        self.keys, self.values = in_order(keys, values)
        self._keys, self._values = self.keys.data, self.values.data

    def __getitem__(self, number: int) -> Sequence[int]:
        keys = self._keys
        first = bisect_left(keys, number)
        if first == len(keys) or keys[first] != number:
            return ()
        return self._values[first : bisect_right(keys, number, first)].tolist()

    def pairs(self) -> tuple[Ints, Ints]:
        """As `Rows.pairs`."""
        return self.keys, self.values


class Column:
    """At most one entry for each number: NONE where there is none."""

    __slots__ = ("values",)

    def __init__(self, size: int, keys: Ints, values: Ints) -> None:
        column = np.full(size, NONE, dtype=np.int32)
        column[keys] = values
        self.values = column.data

    def __getitem__(self, number: int) -> Sequence[int]:
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
