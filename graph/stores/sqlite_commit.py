"""How changes go into an SQLite file, within one transaction that has the write lock."""

from collections.abc import Iterable, Iterator, Sequence

import apsw

from graph.errors import RevisionTaken
from graph.search.words import index_terms, width
from graph.stores import sqlite_statements as sql
from graph.stores.sqlite_search import scope
from graph.stores.sqlite_steps import packed
from graph.stores.times import instant
from schemas.change import Change, Edit, encode_change
from schemas.map import MapHeader
from schemas.node import read_node
from schemas.vocabulary import KINDS, Kind


def is_key_taken(connection: apsw.Connection, changes: Sequence[Change]) -> bool:
    """Whether an earlier change, or another of these, has the same idempotency key."""
    keys = [change.idempotency.key for change in changes if change.idempotency is not None]
    held = any(sql.rows(connection, sql.RECEIPT_IS_TAKEN, (key,)) for key in keys)
    return held or len(set(keys)) < len(keys)


def make_map(connection: apsw.Connection, header: MapHeader, changes: Sequence[Change]) -> int:
    """Make the map and give its key; raises `RevisionTaken` where there is one of its id."""
    del changes
    values = (header.id, header.revision, header.created_at, header.dense())
    made = sql.rows(connection, sql.MAKE_MAP, values)
    if not made:
        raise RevisionTaken(f"there is a map {header.id!r} already")
    return int(made[0][0])


def move_map(connection: apsw.Connection, header: MapHeader, changes: Sequence[Change]) -> int:
    """Move the map to its new revision and give its key; raises `RevisionTaken` where it stands elsewhere."""
    expected = changes[0].revision - 1
    values = (header.revision, header.dense(), header.id, header.created_at, expected)
    moved = sql.rows(connection, sql.MOVE_MAP, values)
    if not moved:
        raise RevisionTaken(f"map {header.id!r} is not at revision {expected}")
    return int(moved[0][0])


def append(connection: apsw.Connection, key: int, changes: Sequence[Change]) -> None:
    """Append the changes to the log and bring nodes and words up to date."""
    connection.executemany(sql.LOG, (_log_row(key, change) for change in changes))
    connection.executemany(
        sql.TOUCH, ((key, edit.id, change.revision) for change in changes for edit in _of_nodes(change))
    )
    last = {edit.id: edit for change in changes for edit in _of_nodes(change)}
    nodes = _Nodes(connection, key, [i for i, edit in last.items() if edit.after is not None])
    for edit in last.values():
        nodes.apply(edit)
    nodes.finish()


class _Nodes:
    """The nodes of a map while changes go in: those that have a number keep it, those that come get the next ones."""

    def __init__(self, connection: apsw.Connection, key: int, coming: Iterable[str]) -> None:
        self._connection = connection
        self._key = key
        self._numbers: dict[str, int | None] = {}
        self._new: set[int] = set()
        [(self._last, self._count)] = sql.rows(connection, sql.NUMBERED, (key,))
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
        if edit.kind == "map" or edit.after is None:
            self._connection.execute(sql.DELETE_NODE, (self._key, edit.id))
            self._count -= 1
        else:
            self._put(edit.id, number, edit.kind, bytes(edit.after))

    def finish(self) -> None:
        """Keep account of the numbers given and of how many nodes there are."""
        values = (self._last, self._count + len(self._new), self._key)
        self._connection.execute(sql.KEEP_NUMBERED, values)

    def _put(self, node_id: str, number: int, kind: Kind, document: bytes) -> None:
        code = KINDS.index(kind)
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


def _log_row(key: int, change: Change) -> tuple[int, int, str, str | None, bytes]:
    idempotency = None if change.idempotency is None else change.idempotency.key
    return key, change.revision, instant(change.at), idempotency, encode_change(change)


def _of_nodes(change: Change) -> Iterator[Edit]:
    return (edit for edit in change.edits if edit.kind != "map")
