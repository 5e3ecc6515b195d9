"""A whole map in columns: what a snapshot stands on, built once and shared by all that derive from it."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.snapshot.numbering import Numbering
from graph.snapshot.steps import Steps
from schemas.node import AnyNode, read_node
from schemas.vocabulary import KINDS, Kind

KIND_CODE: dict[Kind, int] = {kind: code for code, kind in enumerate(KINDS)}
STATEMENT, ARGUMENT, MOTIVE = KIND_CODE["statement"], KIND_CODE["argument"], KIND_CODE["motive"]
NONE = -1
"""Stands for "no node" in columns of numbers."""
_DECODED_AT_MOST = 100_000


class Adjacency:
    """Lists of numbers by number in compressed form (CSR, int32)."""

    __slots__ = ("ends", "starts", "values")

    def __init__(self, size: int, keys: npt.NDArray[np.int32], values: npt.NDArray[np.int32]) -> None:
        order = np.argsort(keys, kind="stable")
        counts = np.bincount(keys, minlength=size)
        bounds = np.zeros(size + 1, dtype=np.int32)
        np.cumsum(counts, out=bounds[1:])
        self.starts = bounds[:-1].data
        self.ends = bounds[1:].data
        self.values = np.ascontiguousarray(values[order]).data

    def __getitem__(self, number: int) -> Sequence[int]:
        first, last = self.starts[number], self.ends[number]
        return self.values[first:last].tolist() if first != last else ()


class Columns:
    """Every node of a map by number; numbers follow the order of ids.

    Documents stay as stored bytes and are decoded when a node is asked for. Memory is in proportion to
    the documents' bytes; building is O(nodes + links).
    """

    def __init__(
        self, ids: Sequence[str], kinds: bytes, documents: Sequence[bytes], steps: Steps | None = None
    ) -> None:
        """Take nodes in the order of their ids; raises `KeyError` where an argument's end is missing.

        Where the structure of the steps is known already, reading it out of the documents is spared.
        """
        # Tuples of texts, unlike lists, are let alone by the garbage collector once it has seen them.
        self.ids = tuple(ids)
        self.kinds = kinds
        self.documents = tuple(documents)
        with collector_paused():
            self.index = Numbering(self.ids)
            self._build(steps)
        self.memo: dict[str, object] = {}
        """What algorithms have worked out about these columns, by their own keys."""
        self._decoded: dict[int, AnyNode] = {}
        self._of_kind: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def weight(self) -> int:
        """Bytes of all documents."""
        return sum(map(len, self.documents))

    def node(self, number: int) -> AnyNode:
        """The node, decoded on demand and remembered up to a bound."""
        found = self._decoded.get(number)
        if found is None:
            if len(self._decoded) >= _DECODED_AT_MOST:
                self._decoded.clear()
            found = self._decoded[number] = read_node(KINDS[self.kinds[number]], self.documents[number])
        return found

    @property
    def counts(self) -> tuple[int, ...]:
        """How many nodes there are of each of `KINDS`; O(nodes)."""
        return tuple(np.bincount(np.frombuffer(self.kinds, dtype=np.uint8), minlength=len(KINDS)).tolist())

    def of_kind(self, code: int) -> list[int]:
        """Numbers of the nodes of one kind, in the order of their ids."""
        found = self._of_kind.get(code)
        if found is None:
            codes = np.frombuffer(self.kinds, dtype=np.uint8)
            found = self._of_kind[code] = np.flatnonzero(codes == code).tolist()
        return found

    def may_refer(self, number: int) -> bool:
        """Whether the node may refer to others otherwise than as a step; saves decoding those that cannot."""
        code = self.kinds[number]
        return code != ARGUMENT and (code != STATEMENT or b'"concerns"' in self.documents[number])

    def _build(self, steps: Steps | None) -> None:
        size = len(self.ids)
        codes = np.frombuffer(self.kinds, dtype=np.uint8)
        arguments = np.flatnonzero(codes == ARGUMENT).astype(np.int32)
        if steps is None:
            steps = Steps.read(self.ids, [self.documents[n] for n in arguments.tolist()])
        users = np.repeat(arguments, steps.widths)
        self.premises = Adjacency(size, users, steps.premises)
        self.outgoing = Adjacency(size, steps.premises, users)
        self.incoming = Adjacency(size, steps.targets, arguments)
        self.target = _spread(size, arguments, steps.targets, NONE, np.int32).data
        self.sign = _spread(size, arguments, steps.signs, 0, np.int8).data
        self.confidence = _spread(size, arguments, steps.confidences, 0, np.int8).data


def _spread(
    size: int, at: npt.NDArray[np.int32], values: npt.NDArray[Any], empty: int, dtype: type[np.generic]
) -> npt.NDArray[Any]:
    column = np.full(size, empty, dtype=dtype)
    column[at] = values
    return column


@contextmanager
def collector_paused() -> Iterator[None]:
    """Hold the cyclic garbage collector off while millions of objects are made that it cannot free."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
