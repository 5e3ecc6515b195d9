"""An SQLite file held against the history of a map, and a map's rows made again from it."""

from collections.abc import Iterator

import apsw
import msgspec

from graph.errors import MapDamaged, RevisionTaken
from graph.maps.expected import Expected, Finding, Part
from graph.search.words import read_texts, width
from graph.stores import sqlite_statements as sql
from graph.stores.integrity import checksum
from graph.stores.sqlite_rows import NumberedNodes, dense_header, header_in, log_values, packed
from graph.stores.times import instant
from schemas.change import Edit, decode_change
from schemas.vocabulary import KINDS


def audit_rows(connection: apsw.Connection, expected: Expected) -> list[Finding]:
    """Where the rows of a map are not what its history says; raises `RevisionTaken` where it went on meanwhile."""
    found = sql.rows(connection, sql.HEADER, (expected.header.id,))
    if not found:
        raise RevisionTaken(f"map {expected.header.id!r} was deleted meanwhile")
    look = _Look(connection, expected, found[0])
    return [Finding(expected.header.id, *one) for one in look.all()]


class _Look:
    """One look at all rows of a map."""

    def __init__(self, connection: apsw.Connection, expected: Expected, head: tuple[int, bytes, str, int, int]) -> None:
        self._connection = connection
        self._expected = expected
        self._key, self._header, self._change, self._nodes, self._checksum = head

    def all(self) -> Iterator[tuple[Part, str | None, str]]:
        yield from self._history()  # first: it tells a map that went on
        yield from self._head()
        yield from self._documents()
        yield from self._touches()

    def _history(self) -> Iterator[tuple[Part, str | None, str]]:
        last = 0
        for revision, at, author, receipt, document in self._connection.execute(sql.LOG_ROWS, (self._key,)):
            last = revision
            try:
                told = log_values(self._key, decode_change(document))
            except msgspec.MsgspecError:
                yield "history", None, f"the entry for revision {revision} cannot be read"
                continue
            if told[1:5] != (revision, at, author, receipt):
                yield "history", None, f"the row of revision {revision} says something else than its entry"
        if last != self._expected.header.revision:
            raise RevisionTaken(f"map {self._expected.header.id!r} went on meanwhile")

    def _head(self) -> Iterator[tuple[Part, str | None, str]]:
        told = self._expected.header
        [(revision, born, _)] = sql.rows(self._connection, sql.HEAD, (told.id,))
        try:
            held = header_in(told.id, self._header, self._change)
        except MapDamaged as damage:
            yield "head", None, damage.what
            return
        for name in type(told).model_fields:
            was, is_now = getattr(told, name), getattr(held, name)
            # The counts of a header that was written without a snapshot say nothing.
            if was != is_now and not (name == "counts" and not is_now):
                yield "head", None, f"{name} is {is_now!r} and should be {was!r}"
        if (revision, born) != (told.revision, told.created_at):
            yield "head", None, f"its row stands at revision {revision} of {born}"
        total = checksum(document for _, document in self._expected.nodes.values())
        if (self._nodes, self._checksum) != (len(self._expected.nodes), total):
            yield "head", None, f"it counts {self._nodes} nodes of another checksum"

    def _documents(self) -> Iterator[tuple[Part, str | None, str]]:
        rows = sql.rows(self._connection, sql.NODE_ROWS, (self._key,))
        numbers = {node_id: number for node_id, _, number, *_ in rows}
        for node_id, code, number, wide, links, document in rows:
            told = self._expected.nodes.get(node_id)
            if told is None:
                yield "document", node_id, "is in no entry of the history, or was deleted"
                continue
            kind, expected = told
            if document != expected or code >= len(KINDS) or KINDS[code] != kind:
                yield "document", node_id, "is not the one that the history gives"
                continue
            if links != packed(number, kind, document, numbers.get):
                yield "relationships", node_id, "the numbers of what it names are others than its document says"
            if wide != width(read_texts(document)):
                yield "properties", node_id, "the length of its texts is not that of its document"
            if not sql.rows(self._connection, sql.HAS_WORDS, (self._key, number)):
                yield "index", node_id, "is not in the full-text index"
        for node_id in sorted(self._expected.nodes.keys() - numbers.keys()):
            yield "document", node_id, "is not there"

    def _touches(self) -> Iterator[tuple[Part, str | None, str]]:
        held = set(sql.rows(self._connection, sql.TOUCHES, (self._key,)))
        told = {(node_id, revision) for node_id, some in self._expected.touched.items() for revision in some}
        for node_id in sorted({node_id for node_id, _ in held ^ told}):
            yield "index", node_id, "the list of the changes that touched it is not that of the history"


def mend_rows(connection: apsw.Connection, expected: Expected) -> None:
    """Make the rows of a map again, in the transaction that is under way; raises `RevisionTaken` as the audit does."""
    header = expected.header
    found = sql.rows(connection, sql.HEADER, (header.id,))
    if not found or sql.rows(connection, sql.LAST_OF_THE_LOG, (found[0][0],)) != [(header.revision,)]:
        raise RevisionTaken(f"map {header.id!r} went on meanwhile")
    key = found[0][0]
    for revision, *_, document in sql.rows(connection, sql.LOG_ROWS, (key,)):
        change = decode_change(document)
        idempotency = None if change.idempotency is None else change.idempotency.key
        connection.execute(sql.KEEP_LOG, (instant(change.at), change.by, idempotency, key, revision))
    for statement in (sql.DROP_WORDS, sql.DROP_NODES, sql.DROP_TOUCHES):
        connection.execute(statement, (key,))
    values = (header.revision, header.change, header.created_at, dense_header(header), key)
    connection.execute(sql.RESTORE_MAP, values)
    touches = ((key, node_id, revision) for node_id, some in expected.touched.items() for revision in some)
    connection.executemany(sql.TOUCH, touches)
    nodes = NumberedNodes(connection, key, expected.nodes)
    for node_id, (kind, document) in expected.nodes.items():
        nodes.apply(Edit(kind, node_id, None, msgspec.Raw(document)))
    nodes.finish()
