"""A file in the form that it had before: brought up to date as it is opened, with its history."""

from __future__ import annotations

from pathlib import Path

import apsw

from graph.stores.sqlite import SqliteStore
from graph.stores.sqlite_schema import NEWEST
from schemas.change import decode_change, encode_change
from tests.support.chronicle import loaded
from tests.support.old_form import first_change, first_form, told


def _made_old(path: Path) -> None:
    connection = apsw.Connection(str(path))
    for map_, node_id, document in connection.execute("SELECT map, id, document FROM nodes").fetchall():
        values = (first_form(document), map_, node_id)
        connection.execute("UPDATE nodes SET document = ? WHERE map = ? AND id = ?", values)
    for map_, revision, document in connection.execute("SELECT map, revision, document FROM log").fetchall():
        values = (encode_change(first_change(decode_change(document))), map_, revision)
        connection.execute("UPDATE log SET document = ? WHERE map = ? AND revision = ?", values)
    connection.execute("ALTER TABLE maps DROP COLUMN change; ALTER TABLE maps DROP COLUMN checksum")
    connection.execute("DROP INDEX log_author; ALTER TABLE log DROP COLUMN author; DROP TABLE deleted")
    connection.pragma("user_version", 1)
    connection.close()


async def test_a_file_of_the_first_form_holds_the_same_map_in_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    one, other = told(), told()
    store = SqliteStore(str(path))
    await store.open()
    for map_ in (one, other):
        for n in range(len(map_.changes)):
            await store.commit(map_.header.model_copy(update={"revision": n + 1}), [map_.changes[n]])
    await store.close()
    _made_old(path)
    assert (await store.open()).schema == NEWEST
    for map_ in (one, other):
        rows = await loaded(store, map_.id)
        assert rows is not None
        assert rows.documents == map_.rows.documents
        assert await store.changes(map_.id, 0, 9) == map_.changes
    await store.close()
    assert (await store.open()).schema == NEWEST
    await store.close()
