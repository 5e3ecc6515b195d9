"""Numbers for ids: a map's ids in order, each known by its place."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from graph.snapshot.adjacency import NONE

_SMALL = 4096
_ASKED_FOR_A_TABLE = 8
_DIGESTED_TOGETHER = 1 << 15
"""Ids, in one call that no other thread can interrupt: about two milliseconds."""


class Numbering:
    """Finds the place of an id among ids in order.

    A table of a million ids takes longer to make than the map takes to read, so the first questions are answered
    by halving; the table is made once the questions are so many that it pays.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids
        self._table = _table(ids) if len(ids) <= _SMALL else None
        self._left = len(ids) // _ASKED_FOR_A_TABLE

    def get(self, node_id: str) -> int | None:
        """The place of an id, or None where it has none."""
        if self._table is not None:
            return self._table.get(node_id)
        self._left -= 1
        if self._left < 0:
            self._table = _table(self._ids)
        place = bisect_left(self._ids, node_id)
        return place if place < len(self._ids) and self._ids[place] == node_id else None

    def __getitem__(self, node_id: str) -> int:
        place = self.get(node_id)
        if place is None:
            raise KeyError(node_id)
        return place


def places(
    ids: Sequence[str], wanted: Sequence[str], digest: Callable[[str], int] = hash, *, missing: int | None = None
) -> npt.NDArray[np.int32]:
    """The places of many ids at once, each as often as it is wanted; O((ids + wanted) log ids).

    For one that is not there `missing` stands where it is given; else that raises `KeyError`. Both lists are sorted
    by digest and then compared from one end to the other: looking up a million ids one by one in a table waits for
    memory each time, and takes three times as long.
    """
    have, order = _sorted(ids, digest)
    if len(have) > 1 and bool((have[1:] == have[:-1]).any()):  # two ids of one digest: rare, but not impossible
        table = _table(ids)
        look_up = table.__getitem__ if missing is None else lambda node_id: table.get(node_id, missing)
        return np.fromiter(map(look_up, wanted), dtype=np.int32, count=len(wanted))
    asked, back = _sorted(wanted, digest)
    at = np.searchsorted(have, asked)
    lost = at == len(have)
    at[lost] = 0
    if len(have):
        lost |= have[at] != asked
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


def _table(ids: Sequence[str]) -> dict[str, int]:
    return dict(zip(ids, range(len(ids)), strict=True))
