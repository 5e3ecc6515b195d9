"""The schema of an SQLite file: whose it is, which version it has, and how it comes to the newest."""

import time
from collections.abc import Iterator

import apsw

from graph.errors import StoreUnusable
from graph.search.words import read_texts, width
from graph.stores import sqlite_statements as sql
from graph.stores.data_migrations import Attributed
from graph.stores.integrity import checksum
from graph.stores.sqlite_rows import put_words, rows
from graph.stores.sqlite_statements import BEGIN, BEGIN_READ, COMMIT, ROLLBACK, THINGS
from schemas.change import Change, decode_change, encode_change
from schemas.vocabulary import KINDS

APPLICATION_ID = 0x4D617067
"""Marks a file as ours, at a place of the file's head that is made for it."""
NEWEST = len(sql.MIGRATIONS)
_ATTRIBUTED = 3
"""The migration that says of statements who puts them forward."""
_INDEXED_ANEW = 4
"""The migration that writes the terms of the full-text index anew."""
_SUMMED = 5
"""The migration that gives each map the checksum of its documents."""
PAGE = 8192
"""A load reads a tenth faster than with pages of half the size, and a commit is as fast."""


def prepare(connection: apsw.Connection, name: str, patience: float, *, migrates: bool = True) -> None:
    """Bring the file to the newest schema; safe while others do the same. Raises `StoreUnusable`, also where it would
    have to be brought there and must not be.
    """
    connection.pragma("page_size", PAGE)  # counts for a file that holds nothing yet
    connection.execute(BEGIN_READ)  # one state of the file, though another process may be making it
    try:
        _check_owner(connection, name)
    finally:
        connection.execute(ROLLBACK)
    _keep_a_write_ahead_log(connection, patience)
    if (version := version_of(connection)) == NEWEST:
        return
    if version and not migrates:
        raise StoreUnusable(f"{name}: the file has schema {version} of {NEWEST}; run `argumap migrate`")
    connection.execute(BEGIN)
    try:
        # Asked again under the lock: another process may have been faster.
        _check_owner(connection, name)
        for number in range(version_of(connection) + 1, NEWEST + 1):
            connection.execute(sql.MIGRATIONS[number - 1])
            if number == _ATTRIBUTED:
                _attribute(connection)
            if number == _INDEXED_ANEW:
                _index_anew(connection)
            if number == _SUMMED:
                _sum_up(connection)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", NEWEST)
        connection.execute(COMMIT)
    except BaseException:
        if connection.in_transaction:
            connection.execute(ROLLBACK)
        raise


def _attribute(connection: apsw.Connection) -> None:
    """Bring all documents to their second form, in the log too, so that `as_of` speaks of the same."""
    for (key,) in rows(connection, sql.MAP_KEYS):
        form = Attributed()
        form.look_at(change for _, change in _log(connection, key))
        for revision, change in _log(connection, key):
            connection.execute(sql.REWRITE_LOG, (encode_change(form.change(change)), key, revision))
        after = ""
        while some := rows(connection, sql.SOME_NODES, (key, after)):
            for node_id, code, document, _ in some:
                whole = form.document(KINDS[code], node_id, document)
                if whole != document:
                    connection.execute(sql.REWRITE_NODE, (whole, key, node_id))
            after = some[-1][0]


def _log(connection: apsw.Connection, key: int) -> Iterator[tuple[int, Change]]:
    """A map's changes with their revisions, read in parts: no statement stays open while rows are rewritten."""
    after = 0
    while some := rows(connection, sql.SOME_OF_THE_LOG, (key, after)):
        for revision, document in some:
            yield revision, decode_change(document)
        after = some[-1][0]


def _index_anew(connection: apsw.Connection) -> None:
    """Write the terms of every node, which are folded otherwise than before."""
    for (key,) in rows(connection, sql.MAP_KEYS):
        after = ""
        while some := rows(connection, sql.SOME_NODES, (key, after)):
            for node_id, code, document, number in some:
                texts = read_texts(document)
                put_words(connection, (key, number), code, texts)
                connection.execute(sql.KEEP_WIDTH, (width(texts), key, node_id))
            after = some[-1][0]


def _sum_up(connection: apsw.Connection) -> None:
    """Work out the checksum of each map's documents."""
    for (key,) in rows(connection, sql.MAP_KEYS):
        total = checksum(document for (document,) in connection.execute(sql.DOCUMENTS, (key,)))
        connection.execute(sql.KEEP_CHECKSUM, (total, key))


def version_of(connection: apsw.Connection) -> int:
    """The version of the schema; 0 of a file that holds nothing yet."""
    return int(connection.pragma("user_version"))


def _check_owner(connection: apsw.Connection, name: str) -> None:
    owner = connection.pragma("application_id")
    things = rows(connection, THINGS)[0][0]
    version = version_of(connection)
    if owner != APPLICATION_ID and (owner or things or version):
        raise StoreUnusable(f"{name}: the file is another program's database; name another file")
    if version > NEWEST:
        raise StoreUnusable(
            f"{name}: the file has schema {version} and this version knows up to {NEWEST}; use a newer argumap"
        )


def _keep_a_write_ahead_log(connection: apsw.Connection, patience: float) -> None:
    """Switch to WAL, which readers and a writer share; the file remembers it."""
    until = time.monotonic() + patience
    while True:
        try:
            connection.pragma("journal_mode", "wal")
            return
        except apsw.BusyError:  # the busy timeout does not count for this
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
