"""Numbers for ids: a map's ids in order, each known by its place."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

_SMALL = 4096
_ASKED_FOR_A_TABLE = 8


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


def places(ids: Sequence[str], wanted: Sequence[str], digest: Callable[[str], int] = hash) -> npt.NDArray[np.int32]:
    """The places of many ids at once, each as often as it is wanted; raises `KeyError` for one that is not there.

    Both lists are sorted by digest and then compared from one end to the other: looking up a million ids one by one
    in a table waits for memory each time, and takes three times as long.
    """
    have, order = _sorted(ids, digest)
    if len(have) > 1 and bool((have[1:] == have[:-1]).any()):  # two ids of one digest: rare, but not impossible
        table = _table(ids)
        return np.fromiter((table[i] for i in wanted), dtype=np.int32, count=len(wanted))
    asked, back = _sorted(wanted, digest)
    at = np.searchsorted(have, asked)
    lost = at == len(have)
    at[lost] = 0
    if len(have):
        lost |= have[at] != asked
    if bool(lost.any()):
        raise KeyError(wanted[int(back[np.flatnonzero(lost)[0]])])
    found = np.empty(len(wanted), dtype=np.int32)
    found[back] = order[at]
    return found


def _sorted(ids: Sequence[str], digest: Callable[[str], int]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    digests = np.fromiter(map(digest, ids), dtype=np.int64, count=len(ids))
    order = np.argsort(digests)
    return digests[order], order


def _table(ids: Sequence[str]) -> dict[str, int]:
    return dict(zip(ids, range(len(ids)), strict=True))
