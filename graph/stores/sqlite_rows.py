"""A map as rows of an SQLite file: how a whole one comes out, and how changes go in.

Each node has a number in its map, for good. Its row has that number and its kind in 32 bits beside its document; an
argument's goes on with its stance and confidence, its target's number and its premises' numbers, so that a load reads
no JSON for the structure of the arguments.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from operator import floordiv
from struct import pack

import apsw
import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from graph.errors import MapDamaged, RevisionTaken
from graph.maps.port import MapRows
from graph.search.words import index_terms, width
from graph.snapshot.adjacency import NONE, Ints
from graph.snapshot.columns import ARGUMENT, KIND_CODE, collector_paused
from graph.snapshot.steps import SIGN, StepColumns, read_shape
from graph.stores import sqlite_statements as sql
from graph.stores.integrity import check_nodes, checksum, nodes_named
from graph.stores.sqlite_search import scope
from graph.stores.times import instant
from schemas.change import Change, Edit, encode_change
from schemas.map import MapHeader
from schemas.node import read_node
from schemas.vocabulary import KINDS, Kind, rank_of

Longs = npt.NDArray[np.int64]
_KIND_BITS = 3
_KIND = (1 << _KIND_BITS) - 1
_OPPOSING = 4
"""Beside the confidence's rank, which takes the two bits below."""


# --- out ---------------------------------------------------------------------------------------------


def rows_of(connection: apsw.Connection, map_id: str) -> MapRows | None:
    """All nodes of a map in columns; None where there is no such map."""
    found = sql.rows(connection, sql.HEADER, (map_id,))
    if not found:
        return None
    [(_, header, change, count, total)] = found
    key = found[0][0]
    ids, held, documents = [], [], []
    with collector_paused():
        # The cursor is read to its end without a list of rows between, which would hold everything twice.
        for node_id, links, document in connection.execute(sql.NODES, (key,)):
            ids.append(node_id)
            held.append(links)
            documents.append(document)
        check_nodes(map_id, ids, documents, count, total)
        kinds, steps = _unpacked(map_id, ids, held)
        return MapRows(header_in(map_id, header, change), ids, kinds, documents, steps)


def header_in(map_id: str, header: bytes, change: str) -> MapHeader:
    """The header of a map from its row; raises `MapDamaged`."""
    try:
        found = MapHeader.read(header)
    except ValidationError as error:
        raise MapDamaged(map_id, "its header cannot be read") from error
    return found.model_copy(update={"change": change})


def _unpacked(map_id: str, ids: Sequence[str], held: Sequence[bytes]) -> tuple[bytes, StepColumns | None]:
    """Kinds and structure of a map from all its rows in the order of ids; None where an argument's is not known."""
    if short := [i for i, links in zip(ids, held, strict=True) if len(links) % 4 or not links]:
        raise MapDamaged(map_id, f"{nodes_named(short)} cut short")
    widths = np.fromiter(map(floordiv, map(len, held), repeat(4)), dtype=np.int64, count=len(held))
    flat = np.frombuffer(b"".join(held), dtype="<i4")
    starts = np.cumsum(widths) - widths
    kinds = (flat[starts] & _KIND).astype(np.uint8)
    if int(kinds.max(initial=0)) >= len(KINDS):
        raise MapDamaged(
            map_id, f"{nodes_named([ids[n] for n in np.flatnonzero(kinds >= len(KINDS)).tolist()])} of no kind"
        )
    arguments = kinds == ARGUMENT
    return kinds.tobytes(), _steps(widths, flat, starts, arguments)


def _steps(widths: Longs, flat: Ints, starts: Longs, arguments: npt.NDArray[np.bool_]) -> StepColumns | None:
    if bool((widths[arguments] < 3).any()):
        return None
    at = starts[arguments]
    is_premise = np.repeat(arguments, widths)
    for head in range(3):
        is_premise[at + head] = False
    ends = np.concatenate((flat[at + 2], flat[is_premise]))
    numbers = flat[starts] >> _KIND_BITS
    place = np.full(int(max(numbers.max(initial=0), ends.max(initial=0))) + 1, NONE, dtype=np.int32)
    place[numbers] = np.arange(len(numbers), dtype=np.int32)
    places, how = place[ends], flat[at + 1]
    if int(places.min(initial=0)) < 0:
        return None
    return StepColumns(
        targets=places[: len(at)],
        signs=np.where(how & _OPPOSING, -1, 1).astype(np.int8),
        confidences=(how % _OPPOSING).astype(np.int8),
        widths=(widths[arguments] - 3).astype(np.int32),
        premises=places[len(at) :],
    )


# --- in ----------------------------------------------------------------------------------------------


def is_key_taken(connection: apsw.Connection, changes: Sequence[Change]) -> bool:
    """Whether an earlier change, or another of these, has the same idempotency key."""
    keys = [change.idempotency.key for change in changes if change.idempotency is not None]
    held = any(sql.rows(connection, sql.RECEIPT_IS_TAKEN, (key,)) for key in keys)
    return held or len(set(keys)) < len(keys)


def make_map(connection: apsw.Connection, header: MapHeader, changes: Sequence[Change]) -> int:
    """Make the map and give its key; raises `RevisionTaken` where there is one of its id."""
    values = (header.id, header.revision, header.created_at, changes[-1].uid, dense_header(header))
    made = sql.rows(connection, sql.MAKE_MAP, values)
    if not made:
        raise RevisionTaken(f"there is a map {header.id!r} already")
    return int(made[0][0])


def move_map(connection: apsw.Connection, header: MapHeader, changes: Sequence[Change]) -> int:
    """Move the map to its new revision and give its key; raises `RevisionTaken` where it stands elsewhere."""
    expected = changes[0].revision - 1
    moved_to = (header.revision, changes[-1].uid, dense_header(header))
    values = (*moved_to, header.id, header.created_at, expected, changes[0].follows)
    moved = sql.rows(connection, sql.MOVE_MAP, values)
    if not moved:
        raise RevisionTaken(f"map {header.id!r} is not at revision {expected}")
    return int(moved[0][0])


def append(connection: apsw.Connection, key: int, changes: Sequence[Change]) -> None:
    """Append the changes to the log and bring nodes and words up to date."""
    connection.executemany(sql.LOG, (log_values(key, change) for change in changes))
    connection.executemany(
        sql.TOUCH, ((key, edit.id, change.revision) for change in changes for edit in _of_nodes(change))
    )
    last = {edit.id: edit for change in changes for edit in _of_nodes(change)}
    nodes = NumberedNodes(connection, key, [i for i, edit in last.items() if edit.after is not None])
    for edit in last.values():
        nodes.apply(edit)
    nodes.finish()


class NumberedNodes:
    """The nodes of a map while changes go in: those that have a number keep it, those that come get the next ones."""

    def __init__(self, connection: apsw.Connection, key: int, coming: Iterable[str]) -> None:
        self._connection = connection
        self._key = key
        self._numbers: dict[str, int | None] = {}
        self._new: set[int] = set()
        [(self._last, self._count, self._checksum)] = sql.rows(connection, sql.NUMBERED, (key,))
        for node_id in coming:
            if self._number(node_id) is None:
                self._last += 1
                self._new.add(self._last)
                self._numbers[node_id] = self._last

    def apply(self, edit: Edit) -> None:
        """Bring one node up to date, with its words."""
        number = self._number(edit.id)
        if number is None:
            return
        if number not in self._new:
            self._connection.execute(sql.DELETE_WORDS, (self._key, number))
            self._checksum -= checksum(row[0] for row in sql.rows(self._connection, sql.DOCUMENT, (self._key, edit.id)))
        if edit.kind == "map" or edit.after is None:
            self._connection.execute(sql.DELETE_NODE, (self._key, edit.id))
            self._count -= 1
        else:
            self._put(edit.id, number, edit.kind, bytes(edit.after))

    def finish(self) -> None:
        """Keep account of the numbers given and of how many nodes there are."""
        values = (self._last, self._count + len(self._new), self._checksum, self._key)
        self._connection.execute(sql.KEEP_NUMBERED, values)

    def _put(self, node_id: str, number: int, kind: Kind, document: bytes) -> None:
        self._checksum += checksum((document,))
        code = KIND_CODE[kind]
        node = read_node(kind, document)
        links = packed(number, kind, document, self._number)
        self._connection.execute(sql.PUT_NODE, (self._key, node_id, code, number, width(node), links, document))
        self._connection.execute(sql.PUT_WORDS, (self._key, number, f"{index_terms(node)} {scope(self._key, code)}"))

    def _number(self, node_id: str) -> int | None:
        """The number of a node; None where the map has none of that id."""
        if node_id not in self._numbers:
            found = sql.rows(self._connection, sql.NUMBER, (self._key, node_id))
            self._numbers[node_id] = found[0][0] if found else None
        return self._numbers[node_id]


def dense_header(header: MapHeader) -> bytes:
    """A header as its row has it; the last change has a column of its own."""
    return header.model_copy(update={"change": ""}).dense()


def log_values(key: int, change: Change) -> tuple[int, int, str, str, str | None, bytes]:
    """The row of an entry of the log: map, revision, time, author, idempotency key and the entry itself."""
    idempotency = None if change.idempotency is None else change.idempotency.key
    return key, change.revision, instant(change.at), change.by, idempotency, encode_change(change)


def _of_nodes(change: Change) -> Iterator[Edit]:
    return (edit for edit in change.edits if edit.kind != "map")


def packed(number: int, kind: Kind, document: bytes, number_of: Callable[[str], int | None]) -> bytes:
    """What a node's row has beside its document."""
    own = number << _KIND_BITS | KIND_CODE[kind]
    if kind == "argument":
        shape = read_shape(document)
        how = rank_of(shape.confidence) | (_OPPOSING if SIGN[shape.stance] < 0 else 0)
        held = (own, how, number_of(shape.target), *map(number_of, shape.premises))
        if None not in held:
            return pack(f"<{len(held)}i", *held)
        # An end that is not there makes the step unknown; whoever loads the map reads the document then.
    return pack("<i", own)
