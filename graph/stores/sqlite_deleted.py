"""Maps of an SQLite file that were deleted and are kept for a while: what they hold stays under their keys."""

import apsw

from graph.errors import RevisionTaken
from graph.maps.port import DeletedMap, Deletion
from graph.stores import sqlite_statements as sql
from graph.stores.sqlite_rows import header_in


def put_aside(connection: apsw.Connection, map_id: str, deletion: Deletion) -> bool:
    """Take a map from the list and keep it; whether there was one."""
    keys = sql.rows(connection, sql.MAP_KEY, (map_id,))
    for (key,) in keys:
        connection.execute(sql.PUT_ASIDE, (deletion.at, deletion.by, deletion.until, map_id))
        connection.execute(sql.FREE_RECEIPTS, (key,))
        connection.execute(sql.UNLIST, (map_id,))
    return bool(keys)


def drop_for_good(connection: apsw.Connection, key: int) -> None:
    """Delete all that is held under the key of a map that is listed no more."""
    for statement in (sql.DROP_WORDS, *sql.DROP_REST):
        connection.execute(statement, (key,))


def aside(connection: apsw.Connection) -> list[DeletedMap]:
    """The maps that are kept, the last one first."""
    found = sql.rows(connection, sql.ASIDE)
    return [DeletedMap(header_in(i, header, change), Deletion(*deletion)) for i, header, change, *deletion in found]


def bring_back(connection: apsw.Connection, map_id: str, at: str) -> bool:
    """List a map again; whether it was kept. Raises `RevisionTaken` where there is one of its id."""
    keys = sql.rows(connection, sql.ASIDE_OF, (map_id, at))
    for (key,) in keys:
        if not sql.rows(connection, sql.BRING_BACK, (key,)):
            raise RevisionTaken(f"there is a map {map_id!r} already")
        connection.execute(sql.TAKE_RECEIPTS, (key,))
        connection.execute(sql.FORGET_ASIDE, (key,))
    return bool(keys)


def purge(connection: apsw.Connection, time: str, map_id: str | None) -> int:
    """Delete for good what was to be kept until a time or less long; how many maps."""
    keys = sql.rows(connection, sql.EXPIRED, (time, map_id))
    for (key,) in keys:
        drop_for_good(connection, key)
        connection.execute(sql.FORGET_ASIDE, (key,))
    return len(keys)
