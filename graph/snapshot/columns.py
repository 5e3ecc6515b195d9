"""A whole map in columns: what a snapshot stands on, built once and shared by all that derive from it."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

import msgspec
import numpy as np
from pydantic import ValidationError

from graph.errors import MapDamaged
from graph.snapshot.adjacency import NONE, Adjacency
from graph.snapshot.links import shape_of
from graph.snapshot.numbering import Numbering
from graph.snapshot.relations import KIND_CODE, Relations
from graph.snapshot.steps import StepColumns
from schemas.node import AnyNode, read_node
from schemas.vocabulary import KINDS, Kind

__all__ = ["ARGUMENT", "KIND_CODE", "MOTIVE", "NONE", "STATEMENT", "Adjacency", "Columns", "collector_paused"]

STATEMENT, ARGUMENT, MOTIVE = KIND_CODE["statement"], KIND_CODE["argument"], KIND_CODE["motive"]
_DECODED_AT_MOST = 100_000
_UNREADABLE = (ValidationError, msgspec.MsgspecError, UnicodeDecodeError)
"""What reading a document raises that is not of the form it should have."""
_MERGED = b'"merged":['


class _Merged(msgspec.Struct):
    merged: tuple[str, ...] = ()


class Columns:
    """Every node of a map by number; numbers follow the order of ids.

    Documents stay as stored bytes and are decoded when a node is asked for. Memory is in proportion to
    the documents' bytes; building is O(nodes + links).
    """

    def __init__(self, ids: Iterable[str], kinds: bytes, documents: Sequence[bytes], relations: Relations) -> None:
        """Take nodes in the order of their ids, with the index of what they name."""
        # Tuples of texts, unlike lists, are let alone by the garbage collector once it has seen them.
        self.ids = tuple(ids)
        self.kinds = kinds
        self.documents = tuple(documents)
        self.index = Numbering(self.ids)
        self.relations = relations
        self.premises = relations.premises
        self.outgoing = relations.outgoing
        self.incoming = relations.incoming
        self.target = relations.targets.values
        self.sign = relations.facts.sign.data
        self.confidence = relations.facts.confidence.data
        self.memo: dict[str, object] = {}
        """What algorithms have worked out about these columns, by their own keys."""
        self._decoded: dict[int, AnyNode] = {}
        self._of_kind: dict[int, list[int]] = {}

    @classmethod
    def read(
        cls, ids: Sequence[str], kinds: bytes, documents: Sequence[bytes], steps: StepColumns | None = None
    ) -> "Columns":
        """Columns with the index read out of the documents; raises `MapDamaged` with the name of a node whose document
        cannot be read, or that is an argument one of whose ends is missing.

        Where the structure of the arguments is known already, reading it out of their documents is spared.
        """
        try:
            with collector_paused():
                return cls(ids, kinds, documents, Relations.read(ids, kinds, documents, steps))
        except KeyError as error:
            missing = str(error.args[0])
            raise MapDamaged(None, f"an argument names node {missing!r}, which is not there") from error
        except _UNREADABLE as error:
            raise _damaged(_first_unreadable(ids, kinds, documents)) from error

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def weight(self) -> int:
        """Bytes of all documents."""
        return sum(map(len, self.documents))

    @cached_property
    def merged(self) -> dict[str, int]:
        """By the id of each node that was merged into another that one's number; a pass over all documents, once."""
        found: dict[str, int] = {}
        for number, document in enumerate(self.documents):
            if _MERGED in document:
                for node_id in msgspec.json.decode(document, type=_Merged).merged:
                    found.setdefault(node_id, number)
        return found

    def node(self, number: int) -> AnyNode:
        """The node, decoded on demand and remembered up to a bound."""
        found = self._decoded.get(number)
        if found is None:
            if len(self._decoded) >= _DECODED_AT_MOST:
                self._decoded.clear()
            try:
                found = read_node(KINDS[self.kinds[number]], self.documents[number])
            except _UNREADABLE as error:
                raise _damaged(self.ids[number]) from error
            self._decoded[number] = found
        return found

    def shape(self, number: int) -> tuple[Kind, msgspec.Struct]:
        """The kind of a node, and the part of it that names others; a tenth of the time of decoding it whole."""
        kind = KINDS[self.kinds[number]]
        try:
            return kind, shape_of(kind, self.documents[number])
        except _UNREADABLE as error:
            raise _damaged(self.ids[number]) from error

    @property
    def counts(self) -> dict[str, int]:
        """How many nodes there are of each kind; O(nodes)."""
        codes = np.frombuffer(self.kinds, dtype=np.uint8)
        return dict(zip(KINDS, np.bincount(codes, minlength=len(KINDS)).tolist(), strict=True))

    def of_kind(self, code: int) -> list[int]:
        """Numbers of the nodes of one kind, in the order of their ids."""
        found = self._of_kind.get(code)
        if found is None:
            codes = np.frombuffer(self.kinds, dtype=np.uint8)
            found = self._of_kind[code] = np.flatnonzero(codes == code).tolist()
        return found


def _first_unreadable(ids: Sequence[str], kinds: bytes, documents: Sequence[bytes]) -> str:
    for node_id, kind, document in zip(ids, kinds, documents, strict=True):
        try:
            shape_of(KINDS[kind], document)
        except _UNREADABLE:
            return node_id
    return ids[0]


def _damaged(node_id: str) -> MapDamaged:
    return MapDamaged(None, f"the stored document of node {node_id!r} cannot be read")


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
