"""A map as rows of an SQLite file: how a whole one comes out, how changes go in, how its nodes are found by their
words, and what there is to do where the rows are not what its history says.

Each node has a number in its map, for good. Its row has that number and its kind in 32 bits beside its document; an
argument's goes on with its stance and confidence, its target's number and its premises' numbers, so that a load reads
no JSON for the structure of the arguments.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import repeat
from operator import floordiv
from struct import pack
from typing import Any

import apsw
import msgspec
import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from graph.errors import MapDamaged, RevisionTaken
from graph.maps.expected import Expected, Finding, Part
from graph.maps.port import MapRows
from graph.maps.redaction import Redaction
from graph.search.question import AT_MOST, Asked, Candidate, Candidates, Gathering, Place, SearchWords
from graph.search.words import Identified, index_terms, read_texts, width
from graph.snapshot.columns import ARGUMENT, KIND_CODE, collector_paused
from graph.snapshot.relations import NONE, SIGN, Ints, StepColumns, read_shape
from graph.stores import sqlite_statements as sql
from graph.stores.integrity import check_nodes, checksum, document_sum, nodes_named
from schemas.change import Change, Edit, decode_change, encode_change, instant
from schemas.map import MapHeader
from schemas.node import read_node
from schemas.vocabulary import KINDS, RANK_OF, Kind

Longs = npt.NDArray[np.int64]
_KIND_BITS = 3
_KIND = (1 << _KIND_BITS) - 1
_OPPOSING = 4
"""Beside the confidence's rank, which takes the two bits below."""


def rows(connection: apsw.Connection, statement: str, bindings: tuple[Any, ...] | dict[str, Any] = ()) -> list[Any]:
    """All rows at once, so that no statement stays open and holds a lock."""
    return connection.execute(statement, bindings).fetchall()


# --- out ---------------------------------------------------------------------------------------------


def rows_of(connection: apsw.Connection, map_id: str) -> MapRows | None:
    """All nodes of a map in columns; None where there is no such map."""
    found = rows(connection, sql.HEADER, (map_id,))
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
    held = any(rows(connection, sql.RECEIPT_IS_TAKEN, (key,)) for key in keys)
    return held or len(set(keys)) < len(keys)


def kept_in(connection: apsw.Connection, map_id: str) -> int:
    """How many bytes a map keeps beside its nodes; 0 where there is no such map."""
    return sum(count for (count,) in rows(connection, sql.KEPT, (map_id,)))


def make_map(connection: apsw.Connection, header: MapHeader, changes: Sequence[Change]) -> int:
    """Make the map and give its key; raises `RevisionTaken` where there is one of its id."""
    values = (header.id, header.revision, header.created_at, changes[-1].uid, dense_header(header))
    made = rows(connection, sql.MAKE_MAP, values)
    if not made:
        raise RevisionTaken(f"there is a map {header.id!r} already")
    return int(made[0][0])


def move_map(connection: apsw.Connection, header: MapHeader, changes: Sequence[Change]) -> int:
    """Move the map to its new revision and give its key; raises `RevisionTaken` where it stands elsewhere."""
    expected = changes[0].revision - 1
    moved_to = (header.revision, changes[-1].uid, dense_header(header))
    values = (*moved_to, header.id, header.created_at, expected, changes[0].follows)
    moved = rows(connection, sql.MOVE_MAP, values)
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


def compact_rows(connection: apsw.Connection, map_id: str, base: Change) -> bool:
    """Put an entry in the place of the one of its revision and of all before it; whether there was that one."""
    found = rows(connection, sql.IS_LOGGED, (map_id, base.revision, base.uid))
    for (key,) in found:
        connection.execute(sql.FORGET_LOG, (key, base.revision))
        connection.execute(sql.FORGET_TOUCHES, (key, base.revision))
        connection.execute(sql.LOG, log_values(key, base))
        connection.executemany(sql.TOUCH, ((key, edit.id, base.revision) for edit in _of_nodes(base)))
    return bool(found)


class NumberedNodes:
    """The nodes of a map while changes go in: those that have a number keep it, those that come get the next ones."""

    def __init__(self, connection: apsw.Connection, key: int, coming: Iterable[str]) -> None:
        self._connection = connection
        self._key = key
        self._numbers: dict[str, int | None] = {}
        self._new: set[int] = set()
        [(self._last, self._count, self._checksum)] = rows(connection, sql.NUMBERED, (key,))
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
            self._checksum -= sum(
                document_sum(row[0]) for row in rows(self._connection, sql.DOCUMENT, (self._key, edit.id))
            )
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
        self._checksum += document_sum(document)
        code = KIND_CODE[kind]
        node = read_node(kind, document)
        links = packed(number, kind, document, self._number)
        self._connection.execute(sql.PUT_NODE, (self._key, node_id, code, number, width(node), links, document))
        put_words(self._connection, (self._key, number), code, node)

    def _number(self, node_id: str) -> int | None:
        """The number of a node; None where the map has none of that id."""
        if node_id not in self._numbers:
            found = rows(self._connection, sql.NUMBER, (self._key, node_id))
            self._numbers[node_id] = found[0][0] if found else None
        return self._numbers[node_id]


def put_words(connection: apsw.Connection, number: tuple[int, int], code: int, node: Identified) -> None:
    """Write the words by which a node is found, under the key of its map and its own number."""
    connection.execute(sql.PUT_WORDS, (*number, index_terms(node), code))


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
        how = RANK_OF[shape.confidence] | (_OPPOSING if SIGN[shape.stance] < 0 else 0)
        held = (own, how, number_of(shape.target), *map(number_of, shape.premises))
        if None not in held:
            return pack(f"<{len(held)}i", *held)
        # An end that is not there makes the step unknown; whoever loads the map reads the document then.
    return pack("<i", own)


# --- found by its words --------------------------------------------------------------------------------


def search_words(connection: apsw.Connection, words: str, maps: Collection[str], kinds: Collection[Kind]) -> Candidates:
    """Current nodes that may be what is asked for."""
    keys = [key for map_id in set(maps) for (key,) in rows(connection, sql.MAP_KEY, (map_id,))]
    if maps and not keys:
        return Candidates([], whole=True)
    scopes = [f"_m{key}" for key in keys], [f"_k{KINDS.index(kind)}" for kind in set(kinds)]  # as PUT_WORDS writes them
    narrowed = "".join(f" AND ({' OR '.join(some)})" for some in scopes if some)
    gathering = Gathering(SearchWords.of(words))
    keys_of: dict[str, int] = {}
    for asked in gathering.asks():
        found = rows(connection, sql.SEARCH, (f"({_said(asked)}){narrowed}", AT_MOST + 1))
        keys_of.update((map_id, key) for map_id, _, _, key in found)
        gathering.take([Place(map_id, node_id, width) for map_id, node_id, width, _ in found])
    nodes = []
    for place in gathering.places:
        [(kind, document)] = rows(connection, sql.NODE, (keys_of[place.map], place.id))
        nodes.append(Candidate(place.map, place.id, KINDS[kind], document))
    return Candidates(nodes, gathering.whole)


def _said(asked: Asked) -> str:
    every = (" AND ".join(f'"{term.text}"{" *" if term.begins else ""}' for term in terms) for terms in asked)
    return " OR ".join(f"({terms})" for terms in every)


# --- held against its history, and made again from it -------------------------------------------------


def audit_rows(connection: apsw.Connection, expected: Expected) -> list[Finding]:
    """Where the rows of a map are not what its history says; raises `RevisionTaken` where it went on meanwhile."""
    found = rows(connection, sql.HEADER, (expected.header.id,))
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
        [(revision, born, _)] = rows(self._connection, sql.HEAD, (told.id,))
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
        [(kept,)] = rows(self._connection, sql.KEPT_ANEW, (self._key,))
        if kept_in(self._connection, told.id) != kept:
            yield "head", None, f"what it keeps is counted otherwise than the {kept} bytes that it is"

    def _documents(self) -> Iterator[tuple[Part, str | None, str]]:
        held = rows(self._connection, sql.NODE_ROWS, (self._key,))
        numbers = {node_id: number for node_id, _, number, *_ in held}
        for node_id, code, number, wide, links, document in held:
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
            if not rows(self._connection, sql.HAS_WORDS, (self._key, number)):
                yield "index", node_id, "is not in the full-text index"
        for node_id in sorted(self._expected.nodes.keys() - numbers.keys()):
            yield "document", node_id, "is not there"

    def _touches(self) -> Iterator[tuple[Part, str | None, str]]:
        held = set(rows(self._connection, sql.TOUCHES, (self._key,)))
        told = {(node_id, revision) for node_id, some in self._expected.touched.items() for revision in some}
        for node_id in sorted({node_id for node_id, _ in held ^ told}):
            yield "index", node_id, "the list of the changes that touched it is not that of the history"


def mend_rows(connection: apsw.Connection, expected: Expected) -> None:
    """Make the rows of a map again, in the transaction that is under way; raises `RevisionTaken` as the audit does."""
    header = expected.header
    found = rows(connection, sql.HEADER, (header.id,))
    if not found or rows(connection, sql.LAST_OF_THE_LOG, (found[0][0],)) != [(header.revision,)]:
        raise RevisionTaken(f"map {header.id!r} went on meanwhile")
    key = found[0][0]
    for revision, *_, document in rows(connection, sql.LOG_ROWS, (key,)):
        change = decode_change(document)
        idempotency = None if change.idempotency is None else change.idempotency.key
        connection.execute(sql.KEEP_LOG, (instant(change.at), change.by, idempotency, key, revision))
    for statement in (sql.DROP_WORDS, sql.DROP_NODES, sql.DROP_TOUCHES):
        connection.execute(statement, (key,))
    values = (header.revision, header.change, header.created_at, dense_header(header), key)
    connection.execute(sql.RESTORE_MAP, values)
    connection.execute(sql.COUNT_KEPT, (key,))
    touches = ((key, node_id, revision) for node_id, some in expected.touched.items() for revision in some)
    connection.executemany(sql.TOUCH, touches)
    nodes = NumberedNodes(connection, key, expected.nodes)
    for node_id, (kind, document) in expected.nodes.items():
        nodes.apply(Edit(kind, node_id, None, msgspec.Raw(document)))
    nodes.finish()


_log = logging.getLogger("argumap")


def redact_rows(connection: apsw.Connection, header: MapHeader, change: Change, redaction: Redaction) -> None:
    """Take out of a map what is to go and append the change that says so; raises `RevisionTaken`."""
    redaction.begin()
    key = move_map(connection, redaction.header(header), [change])
    after = 0
    while some := rows(connection, sql.SOME_OF_THE_LOG, (key, after)):
        redaction.look_at(decode_change(document) for _, document in some)
        after = some[-1][0]
    after = 0
    while some := rows(connection, sql.SOME_OF_THE_LOG, (key, after)):
        for revision, document in some:
            new = encode_change(redaction.change(decode_change(document)))
            if new != document:
                connection.execute(sql.REWRITE_LOG, (new, key, revision))
        after = some[-1][0]
    _rewrite_nodes(connection, key, redaction)
    for source, digest, text in rows(connection, sql.TEXTS_OF, (key,)):
        left = redaction.source_text(source, text)
        if left is None:
            connection.execute(sql.DELETE_TEXT, (source, header.id))
        elif left != text:
            connection.execute(sql.PUT_TEXT, (source, digest, left, header.id))
    for sort, record_id, subject, document in rows(connection, sql.BESIDE_OF, (key,)):
        left_of_it = redaction.beside(subject, document)
        if left_of_it is not document:
            connection.execute(sql.REWRITE_BESIDE, (left_of_it, key, sort, record_id))
    append(connection, key, [change])
    redaction.end()
    connection.execute(sql.FORGET_WORDS)  # in the same transaction: whatever ends the process then, no word is left


def _rewrite_nodes(connection: apsw.Connection, key: int, redaction: Redaction) -> None:
    [(_, _, total)] = rows(connection, sql.NUMBERED, (key,))
    after = ""
    while some := rows(connection, sql.SOME_NODES, (key, after)):
        for node_id, code, document, number in some:
            new = redaction.document(KINDS[code], node_id, document)
            if new is not document:
                texts = read_texts(new)
                connection.execute(sql.REWRITE_NODE, (new, key, node_id))
                connection.execute(sql.KEEP_WIDTH, (width(texts), key, node_id))
                connection.execute(sql.DELETE_WORDS, (key, number))
                put_words(connection, (key, number), code, texts)
                total += document_sum(new) - document_sum(document)
        after = some[-1][0]
    connection.execute(sql.KEEP_CHECKSUM, (total, key))


def forget_log(connection: apsw.Connection) -> None:
    """Let go of what the write-ahead log still holds of rows that were written anew."""
    try:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    except apsw.BusyError:
        _log.warning("the write-ahead log of the store is being read; what was redacted leaves it when that has ended")
