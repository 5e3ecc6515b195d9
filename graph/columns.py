"""A whole map in columns: what a snapshot stands on, built once and shared by all that derive from it."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from schemas.node import AnyNode, read_node
from schemas.vocabulary import CONFIDENCE_RANK, KINDS, Confidence, Kind, Stance

KIND_CODE: dict[Kind, int] = {kind: code for code, kind in enumerate(KINDS)}
STATEMENT, ARGUMENT, MOTIVE = KIND_CODE["statement"], KIND_CODE["argument"], KIND_CODE["motive"]
SIGN: dict[Stance, int] = {"supporting": 1, "opposing": -1}
NONE = -1
"""Stands for "no node" in columns of numbers."""
_DECODED_AT_MOST = 100_000


class StepShape(msgspec.Struct):
    """The part of an argument's document that the structure needs."""

    premises: tuple[str, ...]
    target: str
    stance: Stance
    confidence: Confidence = "medium"


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

    def __init__(self, ids: Sequence[str], kinds: bytes, documents: Sequence[bytes]) -> None:
        """Take nodes in the order of their ids; raises `KeyError` where an argument's end is missing."""
        self.ids = ids
        self.kinds = kinds
        self.documents = documents
        with collector_paused():
            self.index = dict(zip(ids, range(len(ids)), strict=True))
            self._build_steps()
        self.kept: dict[str, object] = {}
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

    def _build_steps(self) -> None:
        size = len(self.ids)
        codes = np.frombuffer(self.kinds, dtype=np.uint8)
        arguments = np.flatnonzero(codes == ARGUMENT).astype(np.int32)
        shapes = _shapes([self.documents[n] for n in arguments.tolist()])
        lookup = self.index.__getitem__
        premises = np.fromiter(map(lookup, chain.from_iterable(s.premises for s in shapes)), dtype=np.int32)
        widths = np.fromiter((len(s.premises) for s in shapes), dtype=np.int32, count=len(shapes))
        targets = np.fromiter(map(lookup, (s.target for s in shapes)), dtype=np.int32, count=len(shapes))
        users = np.repeat(arguments, widths)
        self.premises = Adjacency(size, users, premises)
        self.uses = Adjacency(size, premises, users)
        self.bearing = Adjacency(size, targets, arguments)
        self.target = _spread(size, arguments, targets, NONE).data
        self.sign = _spread(size, arguments, [SIGN[s.stance] for s in shapes], 0, np.int8).data
        ranks = [CONFIDENCE_RANK[s.confidence] for s in shapes]
        self.confidence = _spread(size, arguments, ranks, 0, np.int8).data


def _shapes(documents: Sequence[bytes]) -> list[StepShape]:
    return msgspec.json.decode(b"[" + b",".join(documents) + b"]", type=list[StepShape])


def _spread(
    size: int, at: npt.NDArray[np.int32], values: Any, empty: int, dtype: type[np.generic] = np.int32
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
