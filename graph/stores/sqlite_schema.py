"""The schema of an SQLite file: whose it is, which version it has, and how it comes to the newest."""

import time

import apsw

from graph.errors import StoreUnusable
from graph.stores.sqlite_statements import BEGIN, BEGIN_READ, COMMIT, MIGRATIONS, ROLLBACK, THINGS, rows

APPLICATION_ID = 0x4D617067
"""Marks a file as ours, at a place of the file's head that is made for it."""
NEWEST = len(MIGRATIONS)
PAGE = 8192
"""A load reads a tenth faster than with pages of half the size, and a commit is as fast."""


def prepare(connection: apsw.Connection, name: str, patience: float) -> None:
    """Bring the file to the newest schema; safe while others do the same. Raises `StoreUnusable`."""
    connection.pragma("page_size", PAGE)  # counts for a file that holds nothing yet
    connection.execute(BEGIN_READ)  # one state of the file, though another process may be making it
    try:
        _check_owner(connection, name)
    finally:
        connection.execute(ROLLBACK)
    _keep_a_write_ahead_log(connection, patience)
    if version_of(connection) == NEWEST:
        return
    connection.execute(BEGIN)
    try:
        # Asked again under the lock: another process may have been faster.
        _check_owner(connection, name)
        for migration in MIGRATIONS[version_of(connection) :]:
            connection.execute(migration)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", NEWEST)
        connection.execute(COMMIT)
    except BaseException:
        if connection.in_transaction:
            connection.execute(ROLLBACK)
        raise


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
